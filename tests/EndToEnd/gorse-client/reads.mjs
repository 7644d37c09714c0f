// Calls every read method of gorsejs 0.4.8 and checks what it gets. Usage: node reads.mjs ENDPOINT [KEY]
import assert from "node:assert/strict";
import { Gorse } from "gorsejs";

const [endpoint, secret = ""] = process.argv.slice(2);
const client = new Gorse({ endpoint, secret });

const { Users: users } = await client.getUsers({ n: 3 });
assert.equal(users.length, 3);
const userId = users[0].UserId;
assert.equal((await client.getUser(userId)).UserId, userId);
await assert.rejects(client.getUser("nobody-knows-them"));

const first = await client.getItems({ n: 2 });
const second = await client.getItems({ n: 2, Cursor: first.Cursor });
assert.equal(first.Items.length, 2);
assert.notDeepEqual(first.Items, second.Items);
const item = await client.getItem(first.Items[0].ItemId);
assert.deepEqual(item, first.Items[0]);
assert.ok(Array.isArray(item.Categories) && typeof item.IsHidden === "boolean" && !Number.isNaN(Date.parse(item.Timestamp)));
await assert.rejects(client.getItem("nobody-knows-it"));

const isScored = (list, n) => {
  assert.ok(Array.isArray(list) && list.length > 0 && list.length <= n, JSON.stringify(list));
  for (const { Id, Score } of list) assert.ok(typeof Id === "string" && typeof Score === "number");
};
isScored(await client.getPopular({}), 10);
isScored(await client.getPopular({ cursorOptions: { n: 3, offset: 1 } }), 3);
isScored(await client.getLatest({ cursorOptions: { n: 3 } }), 3);
isScored(await client.getItemNeighbors({ itemId: item.ItemId, cursorOptions: { n: 4 } }), 4);

const recommended = await client.getRecommend({ userId, cursorOptions: { n: 5 } });
assert.ok(recommended.length === 5 && recommended.every((id) => typeof id === "string"));
const category = (await client.getItem(recommended[0])).Categories[0];
if (category) {
  for (const id of await client.getRecommend({ userId, category, cursorOptions: { n: 5 } })) {
    assert.ok((await client.getItem(id)).Categories.includes(category));
  }
  isScored(await client.getPopular({ category, cursorOptions: { n: 3 } }), 3);
}

const history = await client.getUserFeedback(userId);
assert.ok(history.length > 0);
const one = history[0];
assert.deepEqual((await client.getUserFeedbackByType(userId, one.FeedbackType))[0], one);
assert.deepEqual(await client.getFeedback({ type: one.FeedbackType, userId, itemId: one.ItemId }), one);

isScored(await client.getSessionRecommend([{ ...one, UserId: "" }], { cursorOptions: { n: 5 } }), 5);
await client.getSessionRecommend();
console.log("gorsejs reads: ok");
