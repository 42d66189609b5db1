/** What comes over a phone's screen: menus, toasts, alerts, a photo at full size. `layer` is the phone's device. */

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./words.js";

const TOAST_MS = 4000;

/** A menu of [{icon, text, act, testid}] beside `anchor`, closed by a choice, a press elsewhere or Escape. */
export function menu(layer, anchor, items) {
  const opener = document.activeElement;
  const list = h("div", { class: "menu", role: "menu", "data-testid": "menu" });
  const veil = h("div", { class: "veil clear" }, list);
  const close = () => {
    veil.remove();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  };
  for (const item of items) {
    const choose = () => {
      close();
      item.act();
    };
    list.append(button({ class: "menu-item", role: "menuitem", onClick: choose, "data-testid": item.testid }, item.icon && icon(item.icon), h("span", {}, item.text)));
  }
  veil.addEventListener("click", (event) => event.target === veil && close());
  veil.addEventListener("keydown", (event) => walk(event, list, close));
  layer.append(veil);
  place(list, anchor.getBoundingClientRect(), layer.getBoundingClientRect());
  list.firstElementChild?.focus({ preventScroll: true });
}

function walk(event, list, close) {
  const items = [...list.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close();
  else if (step) items.at((items.indexOf(document.activeElement) + step + items.length) % items.length)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place(list, anchor, frame) {
  const { offsetWidth: width, offsetHeight: height } = list;
  const left = Math.min(Math.max(8, anchor.left - frame.left), frame.width - width - 8);
  const below = anchor.bottom - frame.top + 4;
  const top = below + height < frame.height - 8 ? below : Math.max(8, anchor.top - frame.top - height - 4);
  list.style.setProperty("left", `${left}px`);
  list.style.setProperty("top", `${top}px`);
}

/** A line that goes away by itself, as a callback's answer without show_alert. */
export function toast(layer, text) {
  layer.querySelector(".toast")?.remove();
  const element = h("div", { class: "toast", role: "status", "data-testid": "toast" }, text);
  layer.append(element);
  setTimeout(() => element.remove(), TOAST_MS);
}

/** A box with buttons [{text, act, testid}]; resolves nothing: each button acts and closes. */
export function dialog(layer, { title, body, buttons, testid }) {
  const box = h("dialog", { class: "dialog", "data-testid": testid, "aria-label": title ?? body });
  const close = (act) => () => {
    box.close();
    box.remove();
    act?.();
  };
  const keys = buttons.map((item) => button({ class: "dialog-key", onClick: close(item.act), "data-testid": item.testid }, item.text));
  box.append(...[title && h("h2", {}, title), body && h("p", {}, body), h("div", { class: "dialog-keys" }, keys)].filter(Boolean));
  box.addEventListener("close", () => box.remove());
  layer.append(box);
  box.showModal();
}

export const alertBox = (layer, text) => dialog(layer, { body: text, testid: "alert", buttons: [{ text: say("ok"), testid: "alert-ok" }] });

/** Chooses one of [{text, act}], as when sharing. */
export function chooser(layer, title, items) {
  dialog(layer, { title, testid: "chooser", buttons: [...items.map((item) => ({ ...item, testid: "choice" })), { text: say("cancel") }] });
}

export function viewer(layer, source) {
  const box = h("dialog", { class: "viewer", "aria-label": say("photo"), "data-testid": "viewer" });
  const close = () => box.close();
  box.append(h("img", { src: source, alt: say("photo") }), button({ class: "viewer-close", label: say("close"), onClick: close }, icon("close")));
  box.addEventListener("click", close);
  box.addEventListener("close", () => box.remove());
  layer.append(box);
  box.showModal();
}
