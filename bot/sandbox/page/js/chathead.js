/** The bar over a chat: back, who it is, what the bot is doing, and the menu of what one can do to the chat. */

import { GROUP_RIGHTS, CHANNEL_RIGHTS, addBot, chatsWithout } from "./actions.js";
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./overlay.js";
import { actionIn, botOf, chatOf, isMember, isRuler, statusIn, titleOf } from "./store.js";
import { say } from "./words.js";

export function chatHead(phone) {
  const chat = chatOf(phone.chatId);
  const face = chat.type === "private" ? botOf(chat).id : chat.id;
  const more = button({ class: "round", label: say("chatActions"), onClick: () => menu(phone.device, more, chatMenu(phone)), "data-testid": "chat-menu" }, icon("more"));
  return h("header", { class: "bar chat-head", "data-testid": "chat-head" },
    button({ class: "round", label: say("back"), onClick: () => phone.back(), "data-testid": "back" }, icon("back")),
    avatar(face, titleOf(chat), "medium"),
    h("div", { class: "bar-text" }, h("h2", {}, titleOf(chat)), h("p", { class: "status", "data-testid": "status" }, statusOf(chat))),
    more);
}

function statusOf(chat) {
  const action = actionIn(chat.id);
  if (action) return h("span", { class: "typing" }, say(action === "upload_photo" ? "sendingPhoto" : "typing"), h("i"), h("i"), h("i"));
  if (chat.type === "private") return chat.blocked ? say("blocked") : say("bot");
  const n = (chat.members ?? []).filter((member) => isMember(chat, member.user_id)).length;
  return say(chat.type === "channel" ? "subscribers" : "members", { n });
}

function chatMenu(phone) {
  const chat = chatOf(phone.chatId);
  return chat.type === "private" ? privateMenu(phone, chat) : sharedMenu(phone, chat);
}

export const block = (phone, verb) => phone.attempt(() => post(`/sandbox/users/${phone.userId}/${verb}`, { bot_id: botOf(chatOf(phone.userId)).id }));

function privateMenu(phone, chat) {
  const bot = botOf(chat);
  const verb = chat.blocked ? "unblock" : "block";
  const threads = threadItems(phone, chat);
  const adds = chatsWithout(bot, phone.userId).map((other) => ({
    icon: other.type === "channel" ? "channel" : "group", text: say("addToChat", { title: other.title }), testid: "add-bot",
    act: () => addBot(phone, other, bot),
  }));
  return [{ icon: "block", text: say(`${verb}Bot`), act: () => block(phone, verb), testid: verb }, ...threads, ...adds];
}

function sharedMenu(phone, chat) {
  const bot = botOf(chat);
  const change = (status, rights) => () => phone.attempt(() => post(`/sandbox/chats/${chat.id}/members`, { user_id: bot.id, status, rights, by: phone.userId }));
  if (!isRuler(chat, phone.userId)) return [{ icon: "back", text: say("back"), act: () => phone.back() }];
  const rights = chat.type === "channel" ? CHANNEL_RIGHTS : GROUP_RIGHTS;
  const items = [];
  if (!isMember(chat, bot.id)) items.push({ icon: "plus", text: say("addBot"), act: () => addBot(phone, chat, bot), testid: "add-bot" });
  if (statusIn(chat, bot.id) !== "administrator") items.push({ icon: "star", text: say("makeAdmin"), act: change("administrator", rights), testid: "make-admin" });
  else if (chat.type !== "channel") items.push({ icon: "star", text: say("dropAdmin"), act: change("member"), testid: "drop-admin" });
  if (isMember(chat, bot.id)) items.push({ icon: "block", text: say("removeBot"), act: change("kicked"), testid: "remove-bot" });
  items.push(...rightItems(phone, chat, bot), ...threadItems(phone, chat));
  if (chat.type === "group") items.push({ icon: "group", text: say("upgrade"), act: () => upgrade(phone, chat), testid: "upgrade" });
  return items;
}

/** Each right of the bot as an administrator, to be given or taken one by one. */
function rightItems(phone, chat, bot) {
  if (statusIn(chat, bot.id) !== "administrator") return [];
  const held = new Set(chat.bot_rights ?? []);
  const names = Object.keys(chat.type === "channel" ? CHANNEL_RIGHTS : { ...GROUP_RIGHTS, can_manage_topics: true });
  return names.map((name) => {
    const rights = Object.fromEntries([...held, name].map((each) => [each, each === name ? !held.has(name) : true]));
    const act = () => phone.attempt(() => post(`/sandbox/chats/${chat.id}/members`, { user_id: bot.id, status: "administrator", rights, by: phone.userId }));
    return { icon: held.has(name) ? "check" : "close", text: say(name), act, testid: name };
  });
}

/** What can be done to threads: in a forum open, close and delete one, in a private chat delete one. */
function threadItems(phone, chat) {
  if (!chat.is_forum) return [];
  const own = chat.type === "private";
  const thread = (chat.threads ?? []).find((each) => each.id === phone.view.threadId);
  const change = (what) => () => phone.attempt(() => post(`/sandbox/chats/${chat.id}/threads/${thread.id}`, what));
  const items = [];
  if (!own) items.push({ icon: "plus", text: say("newThread"), act: () => phone.attempt(() => post(`/sandbox/chats/${chat.id}/threads`, { name: say("newThreadName") })), testid: "new-thread" });
  if (!thread) return items;
  if (!own) items.push({ icon: "block", text: say(thread.closed ? "reopenThread" : "closeThread", { title: thread.name }), act: change({ closed: !thread.closed }), testid: "close-thread" });
  items.push({ icon: "close", text: say("deleteThread", { title: thread.name }), act: change({ deleted: true }), testid: "delete-thread" });
  return items;
}

async function upgrade(phone, chat) {
  const answer = await phone.attempt(() => post(`/sandbox/chats/${chat.id}/upgrade`));
  if (answer) phone.openChat(answer.id);
}
