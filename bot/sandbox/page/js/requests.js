/** Buttons below a chat that ask for people or for a chat: the person chooses, and the bot gets what was chosen. */

import { post } from "./api.js";
import { chooser } from "./overlay.js";
import { allChats, isRuler, personName, titleOf, users } from "./store.js";
import { say } from "./words.js";

const share = (phone, requestId, what) =>
  phone.attempt(() => post(`/sandbox/chats/${phone.chatId}/share`, { user_id: phone.userId, request_id: requestId, ...what }));

export function choosePerson(phone, request) {
  const people = [...users.values()].filter((user) => user.id !== phone.userId);
  const items = people.map((user) => ({ text: personName(user), act: () => share(phone, request.request_id, { users: [user.id] }) }));
  chooser(phone.device, say("choosePerson"), items);
}

/** Offers the chats that the person rules; as Telegram does, also a new one. */
export function chooseChat(phone, request) {
  const kind = request.chat_is_channel ? "channel" : "supergroup";
  const fits = (chat) => (chat.type === "channel") === Boolean(request.chat_is_channel) && chat.type !== "private" && isRuler(chat, phone.userId);
  const chosen = (id) => share(phone, request.request_id, { chat_id: id });
  const items = allChats().filter(fits).map((chat) => ({ text: titleOf(chat), act: () => chosen(chat.id) }));
  const create = async () => {
    const made = await phone.attempt(() => post("/sandbox/chats", { type: kind, title: say("newChatTitle"), creator: phone.userId }));
    if (made) await chosen(made.id);
  };
  chooser(phone.device, say("chooseOwnChat"), [...items, { text: say("newChat"), act: create }]);
}
