// Calls the API that served this page. A key, when the server wants one, lives in this tab only.
const keyName = "serverlessrec.key";
const items = new Map();

/** A problem answer of the server, with its status. */
export class Problem extends Error {
  constructor(status, title) {
    super(title);
    this.status = status;
  }
}

/** Keeps the key for the calls that follow. */
export function useKey(key) {
  sessionStorage.setItem(keyName, key);
}

/** One call; answers the body, the response and how many milliseconds it took. */
export async function call(path, options = {}) {
  const headers = { ...options.headers };
  const key = sessionStorage.getItem(keyName);
  if (key) headers["X-API-Key"] = key;
  const start = performance.now();
  const response = await fetch(`api/${path}`, { ...options, headers });
  const text = await response.text();
  const milliseconds = performance.now() - start;
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new Problem(response.status, `The server answered ${response.status} with something that is not JSON.`);
  }
  if (!response.ok) throw new Problem(response.status, body?.title ?? `The server answered ${response.status}.`);
  return { body, response, milliseconds };
}

/** An item with its title; one that the catalogue does not know has its id as title. */
export async function item(id) {
  if (!items.has(id)) {
    items.set(id, call(`item/${encodeURIComponent(id)}`).then(
      ({ body }) => body,
      (problem) => {
        items.delete(id);
        if (problem.status === 404) return { ItemId: id, Categories: [], Comment: "" };
        throw problem;
      }));
  }
  return items.get(id);
}
