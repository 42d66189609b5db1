/** Where a person writes: text, photos, replies, the bot's commands; or the one thing they can do instead. */

import { block } from "./chathead.js";
import { button, h } from "./dom.js";
import { snippet } from "./bubble.js";
import { icon } from "./icons.js";
import { InlineResults } from "./inline.js";
import { chooseChat, choosePerson } from "./requests.js";
import { chatOf, commandsFor, mayWrite, replyKeyboardOf, senderOf } from "./store.js";
import { say } from "./words.js";

const MOST_PHOTOS = 10;
/** Where the page's people are when they share their location: in Bishkek. */
const PLACE = { latitude: 42.87, longitude: 74.59 };
const drafts = new Map();

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.element = h("footer", { class: "composer", "data-testid": "composer" });
    this.photos = [];
    this.replyTo = undefined;
    this.shown = undefined;
  }

  get key() {
    return `${this.phone.userId}:${this.phone.chatId}`;
  }

  /** Draws anew only when what the person may do has changed, so that typed text stays. */
  refresh() {
    const chat = chatOf(this.phone.chatId);
    const state = mayWrite(chat, this.phone.userId);
    const commands = commandsFor(chat, this.phone.userId);
    const keys = replyKeyboardOf(this.phone.chatId, this.phone.userId);
    const shown = `${state} ${JSON.stringify([commands, keys])} ${say("send")}`;
    if (shown === this.shown) return;
    this.shown = shown;
    const instead = {
      start: () => this.only("START", say("start"), () => this.phone.send({ text: "/start" }), "start"),
      blocked: () => this.only("UNBLOCK", say("unblock"), () => block(this.phone, "unblock"), "unblock"),
      readOnly: () => this.told(say("readOnly")),
      left: () => this.told(say("left")),
    }[state];
    this.element.replaceChildren(...(instead ? [instead()] : this.fields(chat, commands, keys)));
  }

  only(name, text, act, testid) {
    return button({ class: "only", onClick: act, "data-testid": testid }, text);
  }

  told(text) {
    return h("p", { class: "told" }, text);
  }

  fields(chat, commands, keys) {
    this.commands = commands;
    this.popup = h("div", { class: "commands", role: "listbox", "aria-label": say("commands"), hidden: true, "data-testid": "commands" });
    this.inline = new InlineResults(this.phone, () => this.setText(""));
    this.extras = h("div", { class: "extras" });
    this.input = h("textarea", {
      rows: "1", placeholder: say(chat.type === "channel" ? "post" : "message"), "aria-label": say("message"), "data-testid": "input",
      on: { input: () => this.onInput(), keydown: (event) => this.onKey(event), paste: (event) => this.addPhotos(event.clipboardData.files) },
    });
    this.input.value = drafts.get(this.key) ?? "";
    this.picker = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, "data-testid": "file", on: { change: () => this.addPhotos(this.picker.files) } });
    this.sender = button({ class: "round send", label: say("send"), onClick: () => this.send(), "data-testid": "send" }, icon("send"));
    const menuText = chat.type === "private" && h("span", {}, say("menu"));
    const menu = commands.length > 0 && button({ class: menuText ? "menu-pill" : "round", label: say("commands"), onClick: () => this.toggleCommands(), "data-testid": "menu-button" }, icon("menu"), menuText);
    const row = h("div", { class: "compose-row" }, menu, this.input,
      button({ class: "round", label: say("attach"), onClick: () => this.picker.click(), "data-testid": "attach" }, icon("attach")), this.picker, this.sender);
    queueMicrotask(() => this.onInput());
    return [this.popup, this.inline.element, this.extras, row, keys.length > 0 && this.replyKeys(keys)].filter(Boolean);
  }

  replyKeys(rows) {
    const press = (key) => () => {
      if (key.request_users) return choosePerson(this.phone, key.request_users);
      if (key.request_chat) return chooseChat(this.phone, key.request_chat);
      return this.phone.send(key.request_location ? { location: PLACE } : { text: key.text ?? key });
    };
    return h("div", { class: "reply-keys", "data-testid": "reply-keys" }, rows.map((row) => h("div", { class: "key-row" },
      row.map((key) => button({ class: "reply-key", onClick: press(key), "data-testid": "reply-key" }, key.text ?? key)))));
  }

  onInput() {
    const text = this.input.value;
    drafts.set(this.key, text);
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${Math.min(this.input.scrollHeight, 140)}px`);
    this.element.classList.toggle("has-text", Boolean(text.trim() || this.photos.length));
    const typed = /^\/(\w*)$/.exec(text);
    this.showCommands(typed ? this.commands.filter((item) => item.command.startsWith(typed[1])) : []);
    this.inline.typed(text);
  }

  onKey(event) {
    if (event.key === "Escape") {
      this.showCommands([]);
      this.inline.typed("");
      this.setReply(undefined);
    }
    if (event.key === "ArrowUp" && !this.popup.hidden) this.popup.lastElementChild.focus();
    if (event.key === "ArrowUp" && !this.inline.element.hidden) this.inline.element.lastElementChild.focus();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  toggleCommands() {
    this.showCommands(this.popup.hidden ? this.commands : []);
    this.popup.firstElementChild?.focus();
  }

  showCommands(commands) {
    this.popup.hidden = commands.length === 0;
    const choose = (item) => () => {
      this.showCommands([]);
      this.setText("");
      this.phone.send({ text: `/${item.command}` });
      this.input.focus();
    };
    this.popup.replaceChildren(...commands.map((item) => button({ class: "command-row", role: "option", onClick: choose(item), "data-testid": "command-row" },
      h("b", {}, `/${item.command}`), h("span", {}, item.description))));
  }

  setText(text) {
    if (!this.input) return;
    this.input.value = text;
    this.onInput();
  }

  setReply(message) {
    this.replyTo = message;
    this.drawExtras();
    if (message) this.input?.focus();
  }

  async addPhotos(files) {
    const pictures = [...files].filter((file) => file.type.startsWith("image/"));
    for (const file of pictures.slice(0, MOST_PHOTOS - this.photos.length)) this.photos.push(await dataUrl(file));
    this.picker.value = "";
    this.drawExtras();
    this.onInput();
  }

  drawExtras() {
    const drop = (index) => () => {
      this.photos.splice(index, 1);
      this.drawExtras();
      this.onInput();
    };
    const reply = this.replyTo && h("div", { class: "reply-bar", "data-testid": "reply-bar" }, icon("reply"),
      h("div", { class: "reply-bar-text" }, h("b", {}, senderOf(this.replyTo).name), h("span", {}, snippet(this.replyTo))),
      button({ class: "round", label: say("cancelReply"), onClick: () => this.setReply(undefined) }, icon("close")));
    const photos = this.photos.length > 0 && h("div", { class: "photo-bar" }, this.photos.map((source, index) =>
      button({ class: "photo-chip", label: say("removePhoto"), onClick: drop(index) }, h("img", { src: source, alt: "" }), icon("close"))));
    this.extras?.replaceChildren(...[reply, photos].filter(Boolean));
  }

  async send() {
    const text = this.input.value.trim();
    const photos = this.photos;
    if (!text && !photos.length) return;
    const reply = this.replyTo?.message_id;
    this.photos = [];
    this.setReply(undefined);
    this.setText("");
    const album = photos.length > 1 ? crypto.randomUUID() : undefined;
    const parts = photos.length ? photos.map((photo, index) => ({ photo, caption: index ? undefined : text || undefined, media_group: album })) : [{ text }];
    for (const part of parts) await this.phone.send({ ...part, reply_to: reply });
  }
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
