/** The page: which phones are on show, who holds them, and the address that says so. */

import { connect } from "./api.js";
import { snippet } from "./bubble.js";
import { Console } from "./console.js";
import { button, coalesce, h } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./overlay.js";
import { Phone } from "./phone.js";
import { readRoute, writeRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { apply, bots, chatOf, chatsFor, onChange, personName, senderOf, titleOf, users } from "./store.js";
import { keepTimesCurrent, refreshTimes } from "./times.js";
import { LANGUAGES, language, onLanguage, say, setLanguage } from "./words.js";

const NARROW = matchMedia("(max-width: 719px)");
const PHONE_PX = 384;
const SIDEBAR_PX = 272;
const MOST_PHONES = 4;

const phones = [];
const refresh = coalesce(refreshAll);
let ready = false;
let active;
let sidebar;
let drawer;
let stage;
let top;

export function start(root) {
  sidebar = new Sidebar(openFor);
  drawer = new Console((error) => toast(document.body, say("refused", { why: error.message })));
  stage = h("main", { class: "stage", "data-testid": "stage" });
  top = h("header", { class: "top" });
  root.append(top, h("div", { class: "below" }, sidebar.element, stage, drawer.element));
  setLanguage(language());
  drawTop();
  onLanguage(drawAll);
  onChange(onEvent);
  addEventListener("hashchange", () => ready && applyRoute(readRoute(location.hash)));
  addEventListener("resize", () => ready && layOut());
  document.addEventListener("visibilitychange", refresh);
  keepTimesCurrent();
  connect(apply, (online) => document.body.classList.toggle("offline", !online));
}

function drawTop() {
  const name = personName([...bots.values()][0]);
  const opener = button({ class: "top-key", label: say("consoleHint"), "aria-expanded": String(!drawer.element.hidden), "data-testid": "console-toggle", onClick: () => opener.setAttribute("aria-expanded", String(drawer.toggle())) }, icon("tune"), h("span", {}, say("console")));
  const languages = LANGUAGES.map((code) => button({ class: "top-key", "aria-pressed": String(code === language()), lang: code, onClick: () => setLanguage(code), "data-testid": `language-${code}` }, code.toUpperCase()));
  top.replaceChildren(h("h1", {}, bots.size ? name : "Sandbox"), h("span", { class: "offline-note", role: "status", "data-testid": "offline" }, say("offline")),
    h("div", { class: "language", role: "group", "aria-label": say("language") }, languages), opener);
  document.title = bots.size ? `${name} · sandbox` : "Sandbox";
}

function onEvent(event) {
  if (event.type === "snapshot") {
    ready = true;
    document.body.dataset.ready = "true";
    drawTop();
    if (phones.length) redrawPhones();
    else applyRoute(readRoute(location.hash));
  }
  if (event.type === "message") onMessage(event);
  if (event.type === "clock") refreshTimes();
  refresh();
}

function onMessage({ chat_id: chatId, message }) {
  for (const phone of phones) {
    if (phone.chatId !== chatId) continue;
    setTimeout(() => phone.view?.arrived(message), 0);
    if (message.from?.id !== phone.userId) announce(chatId, message);
  }
}

function announce(chatId, message) {
  const chat = chatOf(chatId);
  if (chat) document.getElementById("announcer").textContent = `${titleOf(chat)}, ${senderOf(message).name}: ${snippet(message)}`;
}

function refreshAll() {
  if (!ready) return;
  phones.forEach((phone) => phone.refresh());
  sidebar.refresh(shown());
}

function drawAll() {
  drawTop();
  if (!drawer.element.hidden) drawer.open();
  phones.forEach((phone) => phone.draw());
  refresh();
}

/** After a reconnection people may be others: a phone whose holder is gone is taken by someone who is there. */
function redrawPhones() {
  const wanted = shown().filter((item) => users.has(item.user));
  while (phones.length) stage.removeChild(phones.pop().element);
  applyRoute(wanted);
}

const shown = () => phones.map((phone) => ({ user: phone.userId, chat: phone.chatId }));

function capacity() {
  if (NARROW.matches) return 1;
  const side = sidebar.element.offsetWidth || SIDEBAR_PX;
  return Math.max(1, Math.min(MOST_PHONES, users.size, Math.floor((stage.parentElement.clientWidth - side) / PHONE_PX)));
}

/** Shows these phones, and as many more people as there is room for. */
function applyRoute(wanted) {
  const asked = wanted.filter((item) => users.has(item.user)).slice(0, capacity());
  for (const user of users.keys()) {
    if (asked.length >= capacity()) break;
    if (!asked.some((item) => item.user === user)) asked.push({ user, chat: NARROW.matches ? undefined : user });
  }
  while (phones.length > asked.length) stage.removeChild(phones.pop().element);
  asked.forEach(({ user, chat }, index) => {
    const known = chatsFor(user).some((item) => item.id === chat) ? chat : undefined;
    if (phones[index]) phones[index].show(user, known);
    else addPhone(user, known);
  });
  active = phones.includes(active) ? active : phones[0];
  writeHash(true);
  refresh();
}

function addPhone(userId, chatId) {
  const phone = new Phone({ userId, chatId, navigated, touched: (touched) => (active = touched) });
  phones.push(phone);
  stage.append(phone.element);
}

/** By the address, not by what is shown: an address that was just given must not be written over before it is applied. */
const layOut = coalesce(() => applyRoute(readRoute(location.hash)));

function navigated(phone) {
  active = phone;
  writeHash(false);
  refresh();
}

function writeHash(replace) {
  const hash = writeRoute(shown());
  if (!phones.length || hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

/** Shows a person's chat: on their own phone if it is on show, else in place of the one used last. */
function openFor(userId, chatId) {
  const phone = phones.find((item) => item.userId === userId) ?? active ?? phones[0];
  phone.show(userId, chatId);
  navigated(phone);
}
