/** The messages of one chat on one phone, kept equal to the store: what is new comes in, what is gone vanishes. */

import { bubble } from "./bubble.js";
import { button, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { serviceText } from "./service.js";
import { chatOf, descriptionFor, messagesOf, senderOf } from "./store.js";
import { dayName } from "./times.js";
import { language, say } from "./words.js";

const PAGE = 120;
const NEAR_PX = 60;
const RUN_SECONDS = 600;
const VANISH_MS = 260;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class ChatView {
  /** `goFor(message)` gives what a press on that message's parts does. */
  constructor({ userId, chatId, goFor }) {
    Object.assign(this, { userId, chatId, goFor, threadId: undefined, atBottom: true, missed: 0 });
    this.list = h("div", { class: "messages", role: "log", "aria-live": "off", "aria-label": say("message") });
    this.earlier = button({ class: "earlier", onClick: () => this.showEarlier() }, say("earlier"));
    this.badge = h("span", { class: "badge" });
    this.down = button({ class: "to-bottom", label: say("toBottom"), onClick: () => this.toBottom(true) }, icon("down"), this.badge);
    this.about = h("div", { class: "about", "data-testid": "about" });
    this.scroller = h("div", { class: "scroller", tabindex: "0" }, this.earlier, this.about, this.list);
    this.element = h("div", { class: "chat-view" }, this.scroller, this.down);
    this.oldest = this.all().at(-PAGE)?.message_id ?? 0;
    this.scroller.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.list.addEventListener("focusin", (event) => (this.lastFocus = event.target));
    this.watch = new ResizeObserver(() => this.atBottom && this.toBottom());
    this.watch.observe(this.list);
    this.watch.observe(this.scroller);
  }

  close() {
    this.watch.disconnect();
  }

  all() {
    const inThread = (message) => this.threadId === undefined || (message.message_thread_id ?? 0) === this.threadId;
    return messagesOf(this.chatId, this.userId).filter(inThread);
  }

  refresh() {
    const messages = this.all();
    const shown = messages.filter((message) => message.message_id >= this.oldest);
    this.earlier.hidden = shown.length === messages.length;
    this.drawAbout(messages.length === 0);
    const settled = this.list.childElementCount > 0;
    reconcile(this.list, this.items(shown), { onReplace: (fresh, old) => settled && this.onReplace(fresh, old), onRemove: vanish });
    this.list.classList.toggle("settled", settled);
    if (this.atBottom) this.toBottom();
  }

  drawAbout(empty) {
    const said = empty ? descriptionFor(chatOf(this.chatId), this.userId) : "";
    this.about.hidden = !said;
    this.about.replaceChildren(h("b", {}, say("whatCanIt")), h("p", {}, said));
  }

  /** A message has come: scrolls to it, or counts it on the arrow when the person reads further up. */
  arrived(message) {
    if (this.atBottom || message.from?.id === this.userId) this.toBottom();
    else this.missed += 1;
    this.drawArrow();
  }

  items(messages) {
    const groups = runs(messages);
    const items = [];
    let day;
    for (const group of groups) {
      const name = dayName(group.messages[0].date);
      if (name !== day) items.push({ key: `day:${name}:${group.messages[0].message_id}`, parts: [name], build: () => h("div", { class: "day" }, h("span", {}, name)) });
      day = name;
      items.push(this.item(group));
    }
    return items;
  }

  item(group) {
    const lead = group.messages[0];
    const service = serviceText(lead);
    const build = service === undefined
      ? () => bubble({ ...group, chat: chatOf(this.chatId), userId: this.userId }, this.goFor(lead))
      : () => h("div", { class: "service", data: { messageId: lead.message_id, chat: this.chatId }, "data-testid": "service" }, h("span", {}, service));
    return { key: `message:${lead.message_id}`, parts: [...group.messages, group.first, group.last, language()], build };
  }

  onReplace(fresh, old) {
    const reworded = fresh.itemParts.some((part, index) => typeof part === "object" && part !== old.itemParts[index]);
    if (reworded && fresh.classList.contains("message")) fresh.classList.add("updated");
    if (this.focusLost(old)) fresh.querySelectorAll("button, a, [tabindex='0']")[this.focused]?.focus({ preventScroll: true });
  }

  /** Remembers which of a message's controls had the focus before it was drawn anew. */
  focusLost(old) {
    const controls = [...old.querySelectorAll("button, a, [tabindex='0']")];
    this.focused = controls.indexOf(this.lastFocus);
    return this.focused >= 0 && document.activeElement === document.body;
  }

  jump(messageId) {
    const target = [...this.list.children].find((child) => child.itemKey === `message:${messageId}`);
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    target.classList.remove("updated");
    requestAnimationFrame(() => target.classList.add("updated"));
  }

  showEarlier() {
    const ids = this.all().map((message) => message.message_id).filter((id) => id < this.oldest);
    const height = this.scroller.scrollHeight;
    this.oldest = ids.at(-PAGE) ?? 0;
    this.refresh();
    this.scroller.scrollTop += this.scroller.scrollHeight - height;
  }

  toBottom(smooth = false) {
    this.atBottom = true;
    this.missed = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm.matches ? "smooth" : "auto" });
    this.drawArrow();
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.atBottom = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.atBottom) this.missed = 0;
    this.drawArrow();
  }

  drawArrow() {
    this.down.classList.toggle("shown", !this.atBottom);
    this.down.tabIndex = this.atBottom ? -1 : 0;
    this.badge.textContent = this.missed || "";
  }
}

/** Groups albums, and marks where a run of one sender's messages begins and ends. */
function runs(messages) {
  const groups = [];
  for (const message of messages) {
    const previous = groups.at(-1);
    if (message.media_group_id && previous?.messages[0].media_group_id === message.media_group_id) previous.messages.push(message);
    else groups.push({ messages: [message], first: true, last: true });
  }
  groups.forEach((group, index) => {
    const previous = groups[index - 1];
    if (!previous || !continues(previous.messages.at(-1), group.messages[0])) return;
    previous.last = false;
    group.first = false;
  });
  return groups;
}

function continues(before, after) {
  const written = serviceText(before) === undefined && serviceText(after) === undefined;
  return written && senderOf(before).id === senderOf(after).id && after.date - before.date < RUN_SECONDS;
}

function vanish(element) {
  element.itemKey = undefined;
  if (calm.matches || !element.animate) {
    element.remove();
    return;
  }
  element.inert = true;
  element.removeAttribute("data-testid");
  const height = `${element.offsetHeight}px`;
  const frames = [{ height, opacity: 1, overflow: "clip" }, { height, opacity: 0, overflow: "clip", offset: 0.5 }, { height: "0px", opacity: 0, overflow: "clip", margin: "0" }];
  element.animate(frames, { duration: VANISH_MS, easing: "ease-out" }).finished.finally(() => element.remove());
}
