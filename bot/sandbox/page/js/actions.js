/** What a press inside a message does on the phone that shows it. */

import { post } from "./api.js";
import { pressCallback } from "./keyboard.js";
import { destination, safeUrl } from "./links.js";
import { alertBox, chooser, toast, viewer } from "./overlay.js";
import { allChats, botNamed, botOf, chatNamed, chatOf, chatsFor, commandsFor, isMember, isRuler, mayWrite, titleOf } from "./store.js";
import { say } from "./words.js";

export const CHANNEL_RIGHTS = { can_post_messages: true, can_edit_messages: true, can_delete_messages: true };
export const GROUP_RIGHTS = { can_delete_messages: true, can_pin_messages: true };

export function actionsFor(phone, message) {
  return {
    link: (url) => follow(phone, url),
    mention: (name) => openNamed(phone, name),
    command: (text) => phone.send({ text }),
    copy: (text) => copy(phone, text),
    photo: (source) => viewer(phone.device, source),
    jump: (id) => phone.view.jump(id),
    press: (key, element) => pressKey(phone, message, key, element),
  };
}

export function copy(phone, text) {
  navigator.clipboard?.writeText(text).catch(() => {});
  toast(phone.device, say("copied"));
}

function openNamed(phone, name) {
  const chat = chatNamed(name);
  if (botNamed(name)) phone.openChat(phone.userId);
  else if (chat && isMember(chat, phone.userId)) phone.openChat(chat.id);
  else toast(phone.device, `@${name}`);
}

function pressKey(phone, message, key, element) {
  const query = key.switch_inline_query ?? key.switch_inline_query_current_chat ?? key.switch_inline_query_chosen_chat?.query;
  const url = key.url ?? key.login_url?.url ?? key.web_app?.url;
  if (url !== undefined && safeUrl(url)) follow(phone, safeUrl(url));
  else if (key.copy_text) copy(phone, key.copy_text.text);
  else if (query !== undefined) shareInline(phone, query, key);
  else if (key.callback_data !== undefined) {
    const press = { chatId: message.chat.id, userId: phone.userId, message, data: key.callback_data };
    pressCallback(press, element, (answer) => showAnswer(phone, answer));
  }
}

function showAnswer(phone, answer) {
  if (answer.url && safeUrl(answer.url)) follow(phone, safeUrl(answer.url));
  if (!answer.text) return;
  if (answer.show_alert) alertBox(phone.device, answer.text);
  else toast(phone.device, answer.text);
}

function shareInline(phone, query, key) {
  const text = `@${botOf(chatOf(phone.chatId)).username} ${query}`;
  if (key.switch_inline_query_current_chat !== undefined) phone.draft(text);
  else share(phone, text);
}

function share(phone, text) {
  const open = (chat) => () => {
    phone.openChat(chat.id);
    phone.draft(text);
  };
  const chats = chatsFor(phone.userId).filter((chat) => mayWrite(chat, phone.userId) === "yes");
  chooser(phone.device, say("chooseChat"), chats.map((chat) => ({ text: titleOf(chat), act: open(chat) })));
}

export function follow(phone, url) {
  const target = destination(url);
  if (target.kind === "start") startBot(phone, target.payload);
  else if (target.kind === "startgroup") chooseGroup(phone, target);
  else if (target.kind === "share") share(phone, target.text);
  else if (target.kind === "chat") openShared(phone, target);
  else if (target.kind === "out") window.open(url.href, "_blank", "noopener,noreferrer");
}

function startBot(phone, payload) {
  phone.openChat(phone.userId);
  if (payload !== null) phone.send({ text: payload ? `/start ${payload}` : "/start" });
}

function openShared(phone, { chat, message }) {
  if (!isMember(chat, phone.userId)) {
    toast(phone.device, chat.title);
    return;
  }
  phone.openChat(chat.id);
  if (message) phone.view.jump(message);
}

/** Whether a text is a command that the bot's menu in a group calls ephemeral. */
export function isQuiet(chat, userId, text) {
  const name = /^\/(\w+)/.exec(text ?? "")?.[1];
  if (!name || chat.type === "private" || chat.type === "channel") return false;
  return commandsFor(chat, userId).some((item) => item.command === name && item.is_ephemeral);
}

/** The chats that this person could bring the bot into. */
export function chatsWithout(bot, userId, { channels = true, groups = true } = {}) {
  const wanted = (chat) => (chat.type === "channel" ? channels : chat.type !== "private" && groups);
  return allChats().filter((chat) => wanted(chat) && isRuler(chat, userId) && !isMember(chat, bot.id));
}

/** Makes the bot a member (of a group) or an administrator (of a channel, where a bot can be nothing else). */
export function addBot(phone, chat, bot) {
  const membership = chat.type === "channel" ? { status: "administrator", rights: CHANNEL_RIGHTS } : { status: "member" };
  return phone.attempt(() => post(`/sandbox/chats/${chat.id}/members`, { user_id: bot.id, by: phone.userId, ...membership }));
}

function chooseGroup(phone, { bot, payload, channels }) {
  const add = (chat) => async () => {
    if (!(await addBot(phone, chat, bot))) return;
    phone.openChat(chat.id);
    if (payload) phone.send({ text: `/start@${bot.username} ${payload}` });
  };
  const chats = chatsWithout(bot, phone.userId, { channels, groups: !channels });
  chooser(phone.device, say("addBot"), chats.map((chat) => ({ text: chat.title, act: add(chat) })));
}
