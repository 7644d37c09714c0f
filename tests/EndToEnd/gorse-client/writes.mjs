// Calls every write method of gorsejs 0.4.8 and reads back what it wrote. Usage: node writes.mjs ENDPOINT [KEY]
import assert from "node:assert/strict";
import { Gorse } from "gorsejs";

const [endpoint, secret = ""] = process.argv.slice(2);
const client = new Gorse({ endpoint, secret });
const eventually = async (check) => {
  for (let tries = 0; ; tries++) {
    try {
      return await check();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

const user = { UserId: "gorsejs-1", Labels: ["a", "b"], Comment: "first" };
assert.equal(await client.insertUser(user), 1);
assert.deepEqual(await client.getUser(user.UserId), user);
assert.equal(await client.insertUsers([{ UserId: "gorsejs-2" }, { UserId: "gorsejs-3" }]), 2);
assert.equal(await client.updateUser(user.UserId, { UserId: user.UserId, Comment: "second" }), 1);
assert.deepEqual(await client.getUser(user.UserId), { ...user, Comment: "second" });

const item = { ItemId: "gorsejs-item", IsHidden: false, Timestamp: "2026-11-24T10:00:00Z", Categories: ["gorsejs"], Labels: ["x"], Comment: "An item" };
assert.equal(await client.upsertItem(item), 1);
assert.deepEqual(await client.getItem(item.ItemId), item);
assert.equal(await client.upsertItems([{ ...item, ItemId: "gorsejs-item-2", Timestamp: new Date() }]), 1);
assert.equal(await client.insertItemCategory(item.ItemId, "more"), 1);
assert.deepEqual((await client.getItem(item.ItemId)).Categories, ["gorsejs", "more"]);
assert.equal(await client.deleteItemCategory(item.ItemId, "more"), 1);
assert.equal(await client.updateItem(item.ItemId, { ...item, Comment: "Changed" }), 1);
assert.equal((await client.getItem(item.ItemId)).Comment, "Changed");

const [known] = await client.getLatest({ cursorOptions: { n: 1 } });
const feedback = (type) => ({ FeedbackType: type, UserId: user.UserId, ItemId: known.Id, Timestamp: new Date("2026-11-24T10:00:00Z") });
assert.equal(await client.insertFeedbacks([feedback("click"), feedback("like")]), 2);
assert.equal(await client.upsertFeedbacks([feedback("click")]), 1);
await eventually(async () => {
  const history = await client.getUserFeedback(user.UserId);
  assert.deepEqual(history.map(({ FeedbackType }) => FeedbackType).sort(), ["click", "like"]);
  assert.ok(history.every(({ Value, ItemId }) => Value === 1 && ItemId === known.Id));
});
assert.equal((await client.getFeedback({ type: "like", userId: user.UserId, itemId: known.Id })).FeedbackType, "like");
assert.equal((await client.deleteFeedback({ type: "like", userId: user.UserId, itemId: known.Id })).RowAffected, 1);
assert.deepEqual((await client.getUserFeedback(user.UserId)).map(({ FeedbackType }) => FeedbackType), ["click"]);
const recommended = await client.getRecommend({ userId: user.UserId, cursorOptions: { n: 5 } });
assert.ok(recommended.length === 5 && !recommended.includes(known.Id));

const written = await client.getRecommend({ userId: "gorsejs-2", writeBackType: "read", writeBackDelay: "10m", cursorOptions: { n: 3 } });
await eventually(async () => {
  assert.deepEqual((await client.getUserFeedbackByType("gorsejs-2", "read")).map(({ ItemId }) => ItemId).sort(), [...written].sort());
});

for (const id of [item.ItemId, "gorsejs-item-2"]) assert.equal(await client.deleteItem(id), 1);
await assert.rejects(client.getItem(item.ItemId));
for (const id of ["gorsejs-1", "gorsejs-2", "gorsejs-3"]) assert.equal(await client.deleteUser(id), 1);
await assert.rejects(client.getUser(user.UserId));
console.log("gorsejs writes: ok");
