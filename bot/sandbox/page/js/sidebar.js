/** The people of the sandbox with their chats, beside the phones on a wide screen. */

import { avatar } from "./avatar.js";
import { chatRows } from "./chatlist.js";
import { button, classes, h } from "./dom.js";
import { chatsFor, personName, users } from "./store.js";
import { unreadCount } from "./unread.js";
import { say } from "./words.js";

const FILTER_FROM = 9;
const MOST_SHOWN = 60;

export class Sidebar {
  /** `open(userId, chatId)` when a person or one of their chats is pressed. */
  constructor(open) {
    this.open = open;
    this.filter = h("input", { type: "search", class: "filter", on: { input: () => this.refresh(this.phones) } });
    this.people = h("div", { class: "people", "data-testid": "people" });
    this.element = h("nav", { class: "sidebar" }, this.filter, this.people);
  }

  /** `phones` are the [{user, chat}] on show: their people are open, the others folded. */
  refresh(phones) {
    this.phones = phones;
    this.element.setAttribute("aria-label", say("people"));
    this.filter.placeholder = say("filter");
    this.filter.setAttribute("aria-label", say("filter"));
    this.filter.hidden = users.size < FILTER_FROM;
    const wanted = this.filter.value.trim().toLowerCase();
    const found = [...users.values()].filter((user) => `${personName(user)} ${user.username ?? ""} ${user.id}`.toLowerCase().includes(wanted));
    const focused = this.people.contains(document.activeElement) ? document.activeElement.dataset : undefined;
    const top = this.people.scrollTop;
    this.people.replaceChildren(...found.slice(0, MOST_SHOWN).map((user) => this.person(user)));
    this.people.scrollTop = top;
    if (focused) this.restoreFocus(focused);
  }

  person(user) {
    const phone = this.phones.find((item) => item.user === user.id);
    const count = chatsFor(user.id).reduce((sum, chat) => sum + unreadCount(user.id, chat.id), 0);
    const head = button({ class: "person-head", onClick: () => this.open(user.id, phone?.chat ?? user.id), "data-testid": "person", data: { user: user.id }, "aria-pressed": String(Boolean(phone)) },
      avatar(user.id, personName(user), "small"), h("span", { class: "person-name" }, personName(user)), !phone && count > 0 && h("span", { class: "badge" }, String(count)));
    return h("div", { class: classes("person", phone && "shown") }, head,
      phone && h("div", { class: "person-chats" }, chatRows(user.id, (chatId) => this.open(user.id, chatId), phone.chat)));
  }

  restoreFocus({ user, chat }) {
    const chatPart = chat === undefined ? ":not([data-chat])" : `[data-chat="${chat}"]`;
    this.people.querySelector(`button[data-user="${user}"]${chatPart}`)?.focus({ preventScroll: true });
  }
}
