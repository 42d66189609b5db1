/** One phone: whose it is, the chat list or a chat, and what comes over them. */

import { actionsFor, copy, isQuiet } from "./actions.js";
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { chatHead } from "./chathead.js";
import { chatList } from "./chatlist.js";
import { ChatView } from "./chatview.js";
import { Composer } from "./composer.js";
import { button, classes, h } from "./dom.js";
import { menu, toast } from "./overlay.js";
import { botOf, chatOf, isMember, mainText, messageOf, now, personName, users } from "./store.js";
import { threadBar } from "./threads.js";
import { clock } from "./times.js";
import { markRead, unreadCount } from "./unread.js";
import { say } from "./words.js";

const MOST_TABS = 8;

export class Phone {
  /** `navigated(phone)` is told when the person goes elsewhere, `touched(phone)` when they use this phone. */
  constructor({ userId, chatId, navigated, touched }) {
    Object.assign(this, { userId, chatId, navigated });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": say("person") });
    this.statusTime = h("span");
    this.screen = h("div", { class: "screen" });
    this.device = h("div", { class: "device" }, h("div", { class: "statusbar", "aria-hidden": "true" }, this.statusTime, h("span", { class: "signal" })), this.screen);
    this.element = h("section", { class: "phone", "data-testid": "phone", on: { pointerdown: () => touched(this), focusin: () => touched(this) } }, this.tabs, this.device);
    this.draw();
  }

  show(userId, chatId) {
    if (userId === this.userId && chatId === this.chatId) return;
    Object.assign(this, { userId, chatId });
    this.draw();
  }

  openChat(chatId) {
    this.show(this.userId, chatId);
    this.navigated(this);
  }

  back() {
    this.openChat(undefined);
    this.screen.querySelector("button")?.focus({ preventScroll: true });
  }

  /** Draws everything anew: another person, another chat, another language. */
  draw() {
    this.view?.close();
    this.view = undefined;
    if (!chatOf(this.chatId)) this.chatId = undefined;
    if (this.chatId !== undefined) this.openView();
    this.element.dataset.user = this.userId;
    this.element.dataset.chat = this.chatId ?? "";
    this.element.setAttribute("aria-label", say("phoneOf", { name: personName(users.get(this.userId)) }));
    this.refresh();
  }

  openView() {
    const goFor = (message) => actionsFor(this, message);
    this.view = new ChatView({ userId: this.userId, chatId: this.chatId, goFor });
    this.view.list.addEventListener("click", (event) => this.onBubble(event));
    this.view.list.addEventListener("contextmenu", (event) => this.onBubble(event));
    this.view.list.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches(".message") && this.onBubble(event));
    this.composer = new Composer(this);
    this.head = h("div");
    this.screen.replaceChildren(h("div", { class: "chat-screen", "data-testid": "chat" }, this.head, this.view.element, this.composer.element));
  }

  /** Brings what is shown up to date with the store. */
  refresh() {
    this.statusTime.textContent = clock(now());
    this.drawTabs();
    if (!this.view) {
      this.screen.replaceChildren(chatList(this));
      return;
    }
    if (document.visibilityState === "visible") markRead(this.userId, this.chatId);
    this.drawHead();
    this.view.refresh();
    const stay = this.view.atBottom;
    this.composer.refresh();
    if (stay) this.view.toBottom();
  }

  drawHead() {
    const focused = this.head.contains(document.activeElement) ? document.activeElement.dataset.testid : undefined;
    const fresh = h("div", { class: "head" }, chatHead(this), threadBar(this));
    this.head.replaceWith(fresh);
    this.head = fresh;
    if (focused) fresh.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
  }

  drawTabs() {
    const people = [...users.values()].slice(0, MOST_TABS);
    if (!people.some((user) => user.id === this.userId) && users.has(this.userId)) people[MOST_TABS - 1] = users.get(this.userId);
    const focused = this.tabs.contains(document.activeElement) ? document.activeElement.dataset.user : undefined;
    this.tabs.replaceChildren(...people.map((user) => this.tab(user)));
    if (focused) this.tabs.querySelector(`[data-user="${focused}"]`)?.focus({ preventScroll: true });
  }

  tab(user) {
    const chosen = user.id === this.userId;
    const waiting = !chosen && unreadCount(user.id, user.id) > 0;
    const choose = () => {
      this.show(user.id, this.chatFor(user.id));
      this.navigated(this);
    };
    const walk = (event) => {
      const next = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
      event.currentTarget[next]?.focus();
    };
    return button({
      class: classes("tab", chosen && "chosen", waiting && "waiting"), role: "tab", "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1",
      label: personName(user), onClick: choose, "data-testid": "tab", data: { user: user.id }, on: { keydown: walk },
    }, avatar(user.id, personName(user), "small"), h("span", { class: "tab-name" }, personName(user)));
  }

  /** What another person's phone shows in this one's place: the same chat where they are in it. */
  chatFor(userId) {
    const chat = chatOf(this.chatId);
    if (chat?.type === "private") return userId;
    return chat && isMember(chat, userId) ? chat.id : undefined;
  }

  /** A press on a bubble itself, not on something in it, offers what can be done with the message. */
  onBubble(event) {
    const element = event.target.closest(".message");
    const inside = event.target.closest("a, button, [role=button], [role=link], summary");
    if (!element || (inside && element.contains(inside)) || getSelection().toString()) return;
    event.preventDefault();
    const message = messageOf(this.chatId, Number(element.dataset.messageId));
    const anchor = event.clientX ? { getBoundingClientRect: () => new DOMRect(event.clientX, event.clientY, 0, 0) } : element;
    menu(this.device, anchor, this.messageMenu(message));
  }

  messageMenu(message) {
    const bot = botOf(chatOf(this.chatId));
    const items = [{ icon: "reply", text: say("reply"), act: () => this.composer.setReply(message), testid: "reply" }];
    if (bot) items.push({ icon: "forward", text: say("forwardToBot"), act: () => this.forward(message), testid: "forward" });
    if (mainText(message)) items.push({ icon: "copy", text: say("copyText"), act: () => copy(this, mainText(message)), testid: "copy" });
    return items;
  }

  async forward(message) {
    this.openChat(this.userId);
    await this.send({ forward_from: { chat_id: message.chat.id, message_id: message.message_id } });
  }

  draft(text) {
    this.composer?.setText(text);
    this.composer?.input?.focus();
  }

  /** Sends as this person into the open chat, in the open thread; what the bot's menu calls ephemeral, to the bot alone. */
  send(part) {
    const verb = isQuiet(chatOf(this.chatId), this.userId, part.reply_to ? "" : part.text) ? "command" : "send";
    return this.attempt(() => post(`/sandbox/chats/${this.chatId}/${verb}`, { user_id: this.userId, thread_id: this.view.threadId || undefined, ...part }));
  }

  /** Does what `work` promises; a refusal is shown on the phone, and the result is then undefined. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      toast(this.device, say("refused", { why: error.message }));
      return undefined;
    }
  }
}
