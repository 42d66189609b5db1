/** What the server has told so far: people, chats, messages, the clock. Everybody reads it; only events change it. */

import { get } from "./api.js";

const PRESENT = new Set(["creator", "administrator", "member", "restricted"]);
const RULING = new Set(["creator", "administrator"]);
const TYPING_MS = 5500;

export const bots = new Map();
export const users = new Map();
const chats = new Map();
const messages = new Map();
const actions = new Map();
const answers = new Map();
const listeners = new Set();
let clockOffset = 0;

/** Calls `listener({type, …})` after each change; the types are the live feed's, and "snapshot" means all is new. */
export const onChange = (listener) => listeners.add(listener);
const tell = (event) => listeners.forEach((listener) => listener(event));

/** The sandbox's time in seconds, which an operator can move. */
export const now = () => Date.now() / 1000 + clockOffset;

const HANDLERS = {
  snapshot(event) {
    for (const store of [bots, users, chats, messages, actions]) store.clear();
    readState(event);
    for (const [chatId, list] of Object.entries(event.messages ?? {})) {
      messages.set(Number(chatId), new Map(list.filter((item) => !item.deleted).map((item) => [item.message_id, item])));
    }
  },
  message(event) {
    board(event.chat_id).set(event.message.message_id, event.message);
    if (event.message.from?.is_bot || event.message.sender_chat) actions.delete(event.chat_id);
  },
  edit(event) {
    if (board(event.chat_id).has(event.message.message_id)) board(event.chat_id).set(event.message.message_id, event.message);
  },
  /** Only its receiver sees it. It has an id of its own, and a place on the page after the message that stood last. */
  ephemeral({ chat_id: chatId, message }) {
    const known = [...board(chatId).values()].find((item) => item.ephemeral_message_id === message.ephemeral_message_id);
    const place = known?.message_id ?? (lastMessage(chatId)?.message_id ?? 0) + message.ephemeral_message_id / 1e6;
    if (message.deleted) board(chatId).delete(place);
    else board(chatId).set(place, { ...message, message_id: place });
  },
  delete: (event) => event.message_ids.forEach((id) => board(event.chat_id).delete(id)),
  chat: (event) => chats.set(event.chat.id, event.chat),
  user: (event) => users.set(event.user.id, event.user),
  clock: (event) => (clockOffset = event.now - Date.now() / 1000),
  action(event) {
    actions.set(event.chat_id, { action: event.action, until: Date.now() + TYPING_MS });
    setTimeout(() => tell({ type: "action", chat_id: event.chat_id }), TYPING_MS + 50);
  },
  answer(event) {
    answers.get(event.callback_query_id)?.(event);
    answers.set(event.callback_query_id, event);
  },
  commands: () => void get("/sandbox/state").then((state) => {
    readState(state);
    tell({ type: "chats" });
  }),
};

export function apply(event) {
  HANDLERS[event.type]?.(event);
  tell(event);
}

function readState(state) {
  clockOffset = state.now - Date.now() / 1000;
  for (const bot of state.bots ?? []) bots.set(bot.id, bot);
  for (const user of state.users ?? []) users.set(user.id, user);
  for (const chat of state.chats ?? []) chats.set(chat.id, chat);
}

function board(chatId) {
  if (!messages.has(chatId)) messages.set(chatId, new Map());
  return messages.get(chatId);
}

/** The messages of a chat that are still there, oldest first; with the ephemeral ones of a person who is named. */
export const messagesOf = (chatId, userId) => [...(messages.get(chatId)?.values() ?? [])].filter((message) => isFor(message, userId)).sort((a, b) => a.message_id - b.message_id);
const isFor = (message, userId) => !message.receiver_user || message.receiver_user.id === userId || message.from.id === userId;
export const messageOf = (chatId, id) => messages.get(chatId)?.get(id);

export function lastMessage(chatId) {
  let last;
  for (const message of messages.get(chatId)?.values() ?? []) if (!message.receiver_user && !(last?.message_id > message.message_id)) last = message;
  return last;
}

/** A chat by its id; a person's private chat with the bot exists on the phone before a word is said in it. */
export function chatOf(chatId) {
  if (chats.has(chatId)) return chats.get(chatId);
  if (!users.has(chatId) || !bots.size) return undefined;
  return { id: chatId, type: "private", bot_id: bots.keys().next().value, members: [], commands: {}, threads: [] };
}

export const allChats = () => [...chats.values()];
export const botOf = (chat) => bots.get(chat.bot_id) ?? bots.values().next().value;
export const botNamed = (username) => [...bots.values()].find((bot) => sameName(bot.username, username));
export const chatNamed = (username) => [...chats.values()].find((chat) => chat.type !== "private" && sameName(chat.username, username));
const sameName = (left, right) => Boolean(left) && left.toLowerCase() === right.toLowerCase();

export const statusIn = (chat, userId) => chat.members?.find((member) => member.user_id === userId)?.status;
export const isMember = (chat, userId) => PRESENT.has(statusIn(chat, userId));
export const isRuler = (chat, userId) => RULING.has(statusIn(chat, userId));

/** The chats on one person's phone, the latest first. */
export function chatsFor(userId) {
  const own = [chatOf(userId)].filter(Boolean);
  const shared = allChats().filter((chat) => chat.type !== "private" && isMember(chat, userId) && !hasMoved(chat.id));
  const latest = new Map([...own, ...shared].map((chat) => [chat, lastMessage(chat.id)?.date ?? 0]));
  return [...latest.keys()].sort((a, b) => latest.get(b) - latest.get(a));
}

const hasMoved = (chatId) => Boolean(lastMessage(chatId)?.migrate_to_chat_id);

/** Whether `userId` may write there: "yes", or why not ("start", "blocked", "readOnly", "left"). */
export function mayWrite(chat, userId) {
  if (chat.type === "private") {
    if (chat.blocked) return "blocked";
    return messages.get(chat.id)?.size ? "yes" : "start";
  }
  if (!isMember(chat, userId)) return "left";
  return chat.type === "channel" && !isRuler(chat, userId) ? "readOnly" : "yes";
}

/** What the bot is doing in a chat just now ("typing", …), if anything. */
export function actionIn(chatId) {
  const action = actions.get(chatId);
  return action && action.until > Date.now() ? action.action : undefined;
}

/** Resolves with the bot's answer to a press, which may have come before this was asked; undefined after `timeout` ms. */
export function answerTo(callbackId, timeout) {
  const early = answers.get(callbackId);
  if (early) return Promise.resolve(early);
  return new Promise((resolve) => {
    answers.set(callbackId, resolve);
    setTimeout(() => resolve(undefined), timeout);
  });
}

/** How a person or a chat is called, seen from `viewerId`'s phone. */
export const personName = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ") || "…";

export function titleOf(chat) {
  return chat.type === "private" ? botName(chat) : chat.title ?? String(chat.id);
}

/** What the bot of a private chat is called in that person's language. */
function botName(chat) {
  const bot = botOf(chat);
  return bot?.names?.[users.get(chat.id)?.language_code] || bot?.names?.[""] || personName(bot);
}

export function senderOf(message) {
  const chat = message.sender_chat;
  if (chat) return { id: chat.id, name: chat.title };
  return { id: message.from?.id ?? 0, name: personName(message.from) };
}

/** The keyboard that stands in place of the letters in a person's chat; one for one use goes when they write. */
export function replyKeyboardOf(chatId, userId) {
  const said = messagesOf(chatId, userId);
  const at = said.findLastIndex((message) => message.reply_markup?.keyboard || message.reply_markup?.remove_keyboard);
  const markup = said[at]?.reply_markup;
  const used = markup?.one_time_keyboard && said.slice(at + 1).some((message) => message.from?.id === userId);
  return used ? [] : markup?.keyboard ?? [];
}

export const mainText = (message) => message.text ?? message.caption ?? "";

/** The bot's commands for this chat in this person's language. */
export function commandsFor(chat, userId) {
  const lists = chat.commands ?? {};
  return lists[users.get(userId)?.language_code] ?? lists[""] ?? [];
}

/** What the bot says it can do, in this person's language: shown in a private chat that is still empty. */
export function descriptionFor(chat, userId) {
  const said = chat?.type === "private" ? botOf(chat)?.descriptions ?? {} : {};
  return said[users.get(userId)?.language_code] || said[""] || "";
}
