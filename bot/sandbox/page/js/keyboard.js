/** Inline keyboards: the rows beneath a bubble, and what a press does. */

import { post } from "./api.js";
import { button, classes, h } from "./dom.js";
import { icon } from "./icons.js";
import { answerTo } from "./store.js";
import { say } from "./words.js";

const PATIENCE_MS = 30000;
const STYLES = new Set(["danger", "success", "primary", "link"]);
const CORNERS = [
  ["url", "arrow"], ["login_url", "arrow"], ["web_app", "arrow"], ["copy_text", "copy"],
  ["switch_inline_query", "share"], ["switch_inline_query_chosen_chat", "share"],
];

export function keyboard(markup, go) {
  const rows = (markup?.inline_keyboard ?? []).filter((row) => row.length);
  if (!rows.length) return null;
  return h("div", { class: "keyboard", "data-testid": "keyboard" },
    rows.map((row) => h("div", { class: "key-row" }, row.map((key) => keyButton(key, go)))));
}

export function keyButton(key, go) {
  const corner = CORNERS.find(([field]) => key[field] !== undefined)?.[1];
  const onClick = (event) => {
    event.stopPropagation();
    go.press(key, event.currentTarget);
  };
  return button(
    { class: classes("key", STYLES.has(key.style) && `key-${key.style}`), disabled: Boolean(key.disabled), onClick, "data-testid": "key", data: { callback: key.callback_data } },
    h("span", { class: "key-text" }, key.text),
    corner && icon(corner, "key-corner"),
    h("span", { class: "spinner", "aria-hidden": "true" }),
  );
}

/** Presses a callback button as the person does; shows it waiting, then what the bot answered through `shown`. */
export async function pressCallback({ chatId, userId, message, data }, element, shown) {
  if (element.classList.contains("waiting")) return;
  element.classList.add("waiting");
  element.setAttribute("aria-busy", "true");
  try {
    const body = { user_id: userId, message_id: message.ephemeral_message_id ? 0 : message.message_id, data, ephemeral_id: message.ephemeral_message_id, thread_id: message.message_thread_id };
    const { callback_query_id: id } = await post(`/sandbox/chats/${chatId}/press`, body);
    const answer = await answerTo(id, PATIENCE_MS);
    shown(answer ?? { text: say("unanswered") });
  } catch (error) {
    shown({ text: say("refused", { why: error.message }) });
  } finally {
    element.classList.remove("waiting");
    element.removeAttribute("aria-busy");
  }
}
