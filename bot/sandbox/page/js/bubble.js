/** One message, or one album, as a bubble with what belongs to it. */

import { avatar, colourOf } from "./avatar.js";
import { button, classes, h } from "./dom.js";
import { richText } from "./entities.js";
import { icon, tail } from "./icons.js";
import { keyboard } from "./keyboard.js";
import { album, largest, photo, photoWidth } from "./media.js";
import { linkPreview } from "./preview.js";
import { plainRich, richMessage } from "./rich.js";
import { mainText, personName, senderOf } from "./store.js";
import { clock } from "./times.js";
import { say } from "./words.js";

const ALBUM_WIDTH = 320;
const FEW_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D|\p{Emoji_Modifier}|\p{Extended_Pictographic})*){1,3}$/u;

/**
 * `group` is {messages, chat, userId, first, last}: `messages` has several only for an album; `first` and `last` say
 * where it stands in a run of one sender's messages. `go` is what the phone does on a press (see entities.js).
 */
export function bubble(group, go) {
  const { messages, chat, userId, first, last } = group;
  const lead = messages[0];
  const out = isOut(lead, chat, userId);
  const inGroup = chat.type === "group" || chat.type === "supergroup";
  const sender = senderOf(lead);
  const body = bodyOf(group, out, go);
  const face = inGroup && !out && h("span", { class: "face" }, last && avatar(sender.id, sender.name, "small"));
  const data = { messageId: lead.message_id, chat: chat.id, user: sender.id, direction: out ? "out" : "in" };
  const element = h("div", { class: classes("message", out ? "out" : "in", first && "first", last && "last"), role: "article", tabindex: "-1", data, "data-testid": "message" },
    face,
    h("div", { class: "stack", style: body.width ? { width: `${body.width}px` } : {} }, body.element, keyboard(lead.reply_markup, go)));
  element.setAttribute("aria-label", `${out ? say("you") : sender.name}, ${clock(lead.date)}`);
  return element;
}

export const isOut = (message, chat, userId) => chat.type !== "channel" && !message.sender_chat && message.from?.id === userId;

function bodyOf({ messages, chat, first, last }, out, go) {
  const lead = messages[0];
  const captioned = messages.find((message) => mainText(message)) ?? lead;
  const picture = pictureOf(messages, go);
  const preview = linkPreview(lead, go);
  const rich = lead.rich_message && richMessage(lead.rich_message, go);
  const text = mainText(captioned);
  const inGroup = chat.type === "group" || chat.type === "supergroup";
  const head = [
    first && !out && (inGroup || chat.type === "channel") && senderLine(lead, chat),
    lead.receiver_user && h("div", { class: "only-you" }, say("onlyYou")),
    lead.forward_origin && h("div", { class: "forwarded" }, `${say("forwarded")} `, h("b", {}, originName(lead.forward_origin))),
    lead.reply_to_message && !isThreadStart(lead) && replyQuote(lead.reply_to_message, go),
  ].filter(Boolean);
  const meta = metaOf(captioned, out);
  const below = Boolean((preview && !preview.above) || rich);
  const over = Boolean(picture && !text);
  const element = h("div", { class: classes("bubble", picture && "has-photo", over && "photo-only", rich && "has-rich", head.length && "has-head") },
    head,
    lead.location && h("div", { class: "text" }, `📍 ${say("location")}`),
    lead.document && h("a", { class: "text", href: `/sandbox/files/${lead.document.file_id}`, download: lead.document.file_name, "data-testid": "document" }, `📄 ${lead.document.file_name}`),
    lead.show_caption_above_media ? null : picture?.element,
    preview?.above && preview.element,
    text && h("div", { class: classes("text", FEW_EMOJI.test(text) && "jumbo") }, richText(text, captioned.entities ?? captioned.caption_entities, go), !below && meta),
    lead.show_caption_above_media ? picture?.element : null,
    rich,
    preview && !preview.above && preview.element,
    (below || over || !text) && h("div", { class: classes("meta-line", over && "over") }, meta),
    last && tail());
  return { element, width: picture?.width };
}

function pictureOf(messages, go) {
  const withPhoto = messages.filter((message) => message.photo?.length);
  if (!withPhoto.length) return undefined;
  if (withPhoto.length > 1) return { element: album(withPhoto, go), width: ALBUM_WIDTH };
  const [{ photo: sizes }] = withPhoto;
  return { element: photo(sizes, go), width: photoWidth(largest(sizes)) };
}

function senderLine(message, chat) {
  const sender = senderOf(message);
  const title = message.author_signature ? ` · ${message.author_signature}` : "";
  return h("div", { class: `sender ink-${colourOf(sender.id)}` }, (chat.type === "channel" ? chat.title : sender.name) + title);
}

function originName(origin) {
  return origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? personName(origin.sender_user);
}

/** In a forum every message "replies" to the thread's beginning; clients don't draw that. */
const isThreadStart = (message) => message.is_topic_message && message.reply_to_message.message_id === message.message_thread_id;

function replyQuote(original, go) {
  const sender = senderOf(original);
  const jump = (event) => {
    event.stopPropagation();
    go.jump(original.message_id);
  };
  return button({ class: `reply-quote ink-${colourOf(sender.id)}`, onClick: jump, "data-testid": "reply-quote" },
    h("b", {}, sender.name), h("span", {}, snippet(original)));
}

/** A message in one line, for lists, quotes and announcements. */
export function snippet(message) {
  const text = mainText(message) || plainRich(message.rich_message?.html) || "";
  const line = text.replace(/\s+/g, " ").trim().slice(0, 160);
  if (message.location) return `📍 ${say("location")}`;
  return message.photo ? `🖼 ${line || say("photo")}` : line;
}

function metaOf(message, out) {
  return h("span", { class: "meta" },
    wasReworded(message) && h("span", { class: "edited", "data-testid": "edited" }, say("edited")),
    h("span", {}, clock(message.date)),
    out && icon("check", "ticks"));
}

/** Clients mark an edit of what was said, not one of the buttons alone. */
function wasReworded(message) {
  if (!message.edit_date) return false;
  const before = message.history?.[0];
  return !before || ["text", "caption", "photo", "rich_message"].some((field) => JSON.stringify(before[field]) !== JSON.stringify(message[field]));
}
