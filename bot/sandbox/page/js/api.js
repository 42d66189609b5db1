/** The control API, and the live feed that reconnects by itself. */

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 4000;

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

export const fileUrl = (fileId) => `/sandbox/files/${encodeURIComponent(fileId)}`;
export const pictureUrl = (url) => `/sandbox/picture?url=${encodeURIComponent(url)}`;

/** Hands each event of the live feed to `onEvent`, the connection's state to `onStatus`, for as long as the page lives. */
export function connect(onEvent, onStatus) {
  let delay = FIRST_DELAY_MS;
  const open = () => {
    const address = new URL("/sandbox/live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      delay = FIRST_DELAY_MS;
      onStatus(true);
    });
    socket.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      onStatus(false);
      setTimeout(open, delay);
      delay = Math.min(delay * 1.6, LONGEST_DELAY_MS);
    });
  };
  open();
}
