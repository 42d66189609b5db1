/** Which message each person has read up to in each chat; kept for the tab's life, so that a reload invents no news. */

import { lastMessage, messagesOf, onChange, chatsFor, users } from "./store.js";

const KEY = "sandbox.read";
const read = new Map(Object.entries(JSON.parse(sessionStorage.getItem(KEY) ?? "{}")));
const slot = (userId, chatId) => `${userId}:${chatId}`;

/** Marks all that is in the chat now as read by the person; says whether that changed anything. */
export function markRead(userId, chatId) {
  const last = lastMessage(chatId)?.message_id ?? 0;
  if (read.get(slot(userId, chatId)) === last) return false;
  read.set(slot(userId, chatId), last);
  sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(read)));
  return true;
}

export function unreadCount(userId, chatId) {
  const seen = read.get(slot(userId, chatId)) ?? 0;
  if ((lastMessage(chatId)?.message_id ?? 0) <= seen) return 0;
  return messagesOf(chatId).filter((message) => message.message_id > seen && message.from?.id !== userId).length;
}

/** What was there when the page met a chat is not news, and a restarted server counts messages from 1 again. */
function settle() {
  for (const userId of users.keys()) {
    for (const chat of chatsFor(userId)) {
      const last = lastMessage(chat.id)?.message_id ?? 0;
      const seen = read.get(slot(userId, chat.id));
      if (seen === undefined || seen > last) read.set(slot(userId, chat.id), last);
    }
  }
}

onChange((event) => event.type === "snapshot" && settle());
