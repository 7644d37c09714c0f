import { call, item, Problem, useKey } from "./api.js";
import { element, row, scoreText, show, timingText } from "./view.js";

const byId = (id) => document.getElementById(id);
const historyShown = 15;
const acts = [["click", "Click"], ["like", "Like"], ["buy", "Buy"], ["hide", "Hide"]];
const actPatience = 5000;
const state = { user: null, users: [], list: "recommend", category: "", turn: 0 };

function notice(text) {
  byId("notice").textContent = text ?? "";
  byId("notice").hidden = !text;
}

async function guarded(work) {
  try {
    await work();
    byId("key").hidden = true;
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      notice("The server does not answer.");
      return;
    }
    byId("key").hidden = problem.status !== 401;
    notice(problem.status === 401 ? null : problem.message);
    if (problem.status === 503) setTimeout(start, 1000);
  }
}

async function loadUsers() {
  const { body } = await call("users?n=500");
  state.users = body.Users.map((user) => user.UserId);
  byId("users").replaceChildren(...body.Users.map((user) => element("option", { value: user.UserId, textContent: user.Comment })));
  if (!state.user) choose(location.hash ? decodeURIComponent(location.hash.slice(1)) : state.users[0] ?? "");
}

function choose(user) {
  if (!user) {
    notice("There are no users yet. Popular and latest items are shown.");
    state.list = "popular";
  }
  state.user = user;
  byId("user").value = user;
  if (user) history.replaceState(null, "", `#${encodeURIComponent(user)}`);
}

async function loadHistory() {
  if (!state.user) return;
  const { body } = await call(`user/${encodeURIComponent(state.user)}/feedback`);
  const byItem = Map.groupBy(body, (entry) => entry.ItemId);
  const newest = [...byItem].slice(0, historyShown);
  const rows = await Promise.all(newest.map(async ([id, entries]) => row(await item(id), {
    extra: entries.map((entry) => element("span", { textContent: entry.Value === 1 ? entry.FeedbackType : `${entry.FeedbackType} ${entry.Value}` })),
    onTitle: () => guarded(() => similar(id)),
  })));
  byId("history-count").textContent = byItem.size ? `newest ${newest.length} of ${byItem.size} items` : "";
  show(byId("history-items"), rows, "Nothing yet: this user gets popular and fresh items.");
}

function ask() {
  const category = state.category ? `&category=${encodeURIComponent(state.category)}` : "";
  const path = state.list === "recommend" ? `recommend/${encodeURIComponent(state.user)}` : state.list;
  const reader = state.list === "recommend" || !state.user ? "" : `&user-id=${encodeURIComponent(state.user)}`;
  return call(`${path}?n=20${category}${reader}`, { headers: { "X-API-Version": "2" } });
}

async function loadRecommendations() {
  const turn = ++state.turn;
  const answer = await ask();
  if (turn === state.turn) await draw(answer, turn);
}

async function draw({ body, response, milliseconds }, turn) {
  const shown = await rankedRows(body, true);
  if (turn !== state.turn) return;
  state.recommendation = response.headers.get("X-Recommendation-Id");
  show(byId("recommended-items"), shown, "Nothing to recommend here.");
  byId("release").textContent = response.headers.get("X-Release") ?? "–";
  byId("timings").textContent = `${timingText(response.headers.get("Server-Timing"))} ms in the server · ${milliseconds.toFixed(1)} ms to this page`;
  await offerCategories(body);
}

// Sends what the user did, and asks again until the answer takes it into account: what was done with an item takes it off the list.
async function act(type, label, id) {
  const turn = ++state.turn;
  const begun = performance.now();
  await call("feedback", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{
      FeedbackType: type, UserId: state.user, ItemId: id, Timestamp: new Date().toISOString(),
      EventId: eventId(), RecommendationId: state.recommendation ?? undefined,
    }]),
  });
  let answer;
  do {
    if (performance.now() - begun > actPatience) {
      notice("The feedback is kept, but it is not counted yet.");
      return;
    }
    answer = await ask();
    if (turn !== state.turn) return;
  } while (answer.body.some(({ Id }) => Id === id));
  const milliseconds = performance.now() - begun;
  await draw(answer, turn);
  byId("lag").textContent = `“${label}” changed the list in ${milliseconds.toFixed(0)} ms`;
  await loadHistory();
}

function eventId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function rankedRows(scores, withActs) {
  const latest = state.list === "latest";
  return Promise.all(scores.map(async ({ Id, Score }) => row(await item(Id), {
    score: latest ? undefined : scoreText(Score),
    acts: withActs && state.user ? acts.map(([type, label]) => element("button", {
      type: "button", textContent: label, onclick: () => guarded(() => act(type, label, Id)), ariaLabel: `${label}: this item`,
    })) : [],
    onTitle: () => guarded(() => similar(Id)),
  })));
}

async function offerCategories(scores) {
  const known = new Set([...byId("category").options].map((option) => option.value));
  for (const { Id } of scores) {
    for (const category of (await item(Id)).Categories) {
      if (!known.has(category)) {
        known.add(category);
        byId("category").append(element("option", { value: category, textContent: category }));
      }
    }
  }
}

async function similar(id) {
  const [{ body }, about] = await Promise.all([call(`item/${encodeURIComponent(id)}/neighbors/?n=10`), item(id)]);
  byId("similar-title").textContent = `Similar to “${about.Comment || about.ItemId}”`;
  show(byId("similar-items"), await rankedRows(body), "Nothing is similar.");
  if (!byId("similar").open) byId("similar").showModal();
}

function refresh() {
  for (const button of document.querySelectorAll("[data-list]")) {
    button.setAttribute("aria-pressed", String(button.dataset.list === state.list));
  }
  return guarded(async () => {
    notice(null);
    await Promise.all([loadHistory(), loadRecommendations()]);
  });
}

function start() {
  return guarded(async () => {
    await loadUsers();
    await refresh();
  });
}

byId("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  choose(byId("user").value);
  refresh();
});
byId("another").addEventListener("click", () => {
  if (!state.users.length) return;
  choose(state.users[Math.floor(Math.random() * state.users.length)]);
  refresh();
});
byId("key").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(byId("key-text").value);
  start();
});
byId("category").addEventListener("change", (event) => {
  state.category = event.target.value;
  refresh();
});
for (const button of document.querySelectorAll("[data-list]")) {
  button.addEventListener("click", () => {
    state.list = button.dataset.list;
    refresh();
  });
}
start();
