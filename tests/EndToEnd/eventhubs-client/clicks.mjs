// Sends what a user clicks with @azure/event-hubs 6.0.4 and looks at that user's recommendations. Usage: node clicks.mjs ENDPOINT CONNECTION_STRING HUB
import assert from "node:assert/strict";
import { EventHubProducerClient } from "@azure/event-hubs";

const [endpoint, connectionString, hub] = process.argv.slice(2);
const get = async (path) => {
  const answer = await fetch(`${endpoint}/api/${path}`);
  assert.equal(answer.status, 200, path);
  return answer.json();
};
const eventually = async (check) => {
  for (let tries = 0; ; tries++) {
    try {
      return await check();
    } catch (error) {
      if (tries === 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

const user = "eventhubs-js-1";
const before = await get(`recommend/${user}?n=20`);
assert.equal(before.length, 20);
const [clicked, liked] = before;

const producer = new EventHubProducerClient(connectionString, hub);
const event = (FeedbackType, ItemId) => ({ body: { FeedbackType, UserId: user, ItemId, Timestamp: new Date().toISOString(), EventId: `js-${FeedbackType}` } });
const batch = await producer.createBatch({ partitionKey: user });
assert.ok(batch.tryAdd(event("click", clicked)));
assert.ok(batch.tryAdd(event("like", liked)));
await producer.sendBatch(batch);
await producer.sendBatch([event("click", clicked)], { partitionKey: user });
await producer.close();

await eventually(async () => {
  const history = await get(`user/${user}/feedback`);
  assert.deepEqual(history.map(({ FeedbackType, ItemId, Value }) => [FeedbackType, ItemId, Value]).sort(), [["click", clicked, 1], ["like", liked, 1]]);
});
const after = await get(`recommend/${user}?n=20`);
assert.ok(!after.includes(clicked) && !after.includes(liked), "what was clicked is not recommended again");
assert.notDeepEqual(after.slice(0, 10), before.filter((id) => id !== clicked && id !== liked).slice(0, 10), "the taste that the clicks tell moves the rest");
console.log("event-hubs clicks: ok");
