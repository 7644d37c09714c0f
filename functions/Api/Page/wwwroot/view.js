// Draws; knows nothing of the API's paths.
const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** An element with properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The item's title, categories and date. */
function about(item, extra) {
  const parts = item.Categories.map((category) => element("span", { className: "chip", textContent: category }));
  const year = item.Timestamp ? new Date(item.Timestamp).getUTCFullYear() : 1;
  if (year > 1) parts.push(when.format(new Date(item.Timestamp)));
  return element("div", { className: "about" }, ...extra, ...parts);
}

/** One row: what an item is called, what it is about, and what can be done with it. */
export function row(item, { score, extra = [], acts = [], onTitle }) {
  const title = onTitle
    ? element("button", { type: "button", className: "title", textContent: item.Comment || item.ItemId, onclick: onTitle, title: "Show similar items" })
    : element("span", { className: "title", textContent: item.Comment || item.ItemId });
  const side = score === undefined
    ? element("span")
    : element("span", { className: "score", textContent: score, title: "Score" });
  const made = element("li", {}, title, side, about(item, extra), element("span", { className: "acts" }, ...acts));
  made.dataset.item = item.ItemId;
  return made;
}

/** Shows rows, or a sentence when there are none; rows that were not there before light up. */
export function show(list, rows, sentence) {
  const before = new Set([...list.children].map((child) => child.dataset.item));
  if (before.size > 0) {
    for (const made of rows) if (!before.has(made.dataset.item)) made.classList.add("moved");
  }
  list.replaceChildren(...(rows.length ? rows : [element("li", { className: "empty", textContent: sentence })]));
}

/** A score as people read it: similarities with three digits, greater numbers whole. */
export function scoreText(score) {
  return Math.abs(score) < 10 ? score.toFixed(3) : Math.round(score).toLocaleString();
}

/** "user 0.1 · retrieve 0.4 ms" from a Server-Timing header. */
export function timingText(header) {
  return (header ?? "").split(",").map((part) => part.trim().replace(/;dur=/, " ")).filter(Boolean).join(" · ");
}
