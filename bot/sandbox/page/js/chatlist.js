/** One person's list of chats. */

import { avatar } from "./avatar.js";
import { snippet } from "./bubble.js";
import { button, classes, h } from "./dom.js";
import { icon } from "./icons.js";
import { serviceText } from "./service.js";
import { actionIn, botOf, chatsFor, lastMessage, senderOf, titleOf } from "./store.js";
import { shortStamp } from "./times.js";
import { unreadCount } from "./unread.js";
import { say } from "./words.js";

const KINDS = { group: "group", supergroup: "group", channel: "channel" };

/** The rows themselves; `open(chatId)` when one is pressed, `chosen` the chat that is open. */
export function chatRows(userId, open, chosen) {
  return chatsFor(userId).map((chat) => {
    const count = unreadCount(userId, chat.id);
    const last = lastMessage(chat.id);
    const face = chat.type === "private" ? botOf(chat).id : chat.id;
    return button({
      class: classes("chat-row", chat.id === chosen && "chosen"), onClick: () => open(chat.id),
      "data-testid": "chat-row", "aria-current": chat.id === chosen ? "true" : undefined, data: { user: userId, chat: chat.id },
    },
    avatar(face, titleOf(chat)),
    h("span", { class: "row-main" },
      h("span", { class: "row-top" }, KINDS[chat.type] && icon(KINDS[chat.type], "row-kind"), h("span", { class: "row-title" }, titleOf(chat)), last && h("time", { class: "row-time" }, shortStamp(last.date))),
      h("span", { class: "row-bottom" }, h("span", { class: "row-text" }, preview(chat, last, userId)),
        count > 0 && h("span", { class: "badge", "aria-label": say("unread", { n: count }), "data-testid": "unread" }, String(count)))));
  });
}

function preview(chat, last, userId) {
  if (actionIn(chat.id)) return h("span", { class: "accent" }, `${say("typing")}…`);
  if (!last) return chat.type === "private" ? say("bot") : "";
  const service = serviceText(last);
  if (service !== undefined) return service;
  const who = last.from?.id === userId ? say("you") : chat.type.endsWith("group") ? senderOf(last).name.split(" ")[0] : "";
  return [who && h("span", { class: "row-who" }, `${who}: `), snippet(last)];
}

export function chatList(phone) {
  const rows = chatRows(phone.userId, (chatId) => phone.openChat(chatId));
  return h("div", { class: "list-screen", "data-testid": "chat-list" },
    h("header", { class: "bar" }, h("h2", { class: "list-title" }, say("chats"))),
    h("div", { class: "rows" }, rows.length ? rows : h("p", { class: "empty" }, say("noChats"))));
}
