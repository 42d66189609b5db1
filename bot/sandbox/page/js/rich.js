/** Rich messages: their HTML is parsed apart from the page and rebuilt from the tags that exist, nothing else kept. */

import { fileUrl, pictureUrl } from "./api.js";
import { button, h } from "./dom.js";
import { expandable, link, preformatted, pressable, spoiler } from "./entities.js";
import { icon } from "./icons.js";
import { keyButton } from "./keyboard.js";
import { rowsOf } from "./media.js";
import { timeElement } from "./times.js";
import { say } from "./words.js";

const SAME = new Set(("b strong i em u ins s strike del code mark sub sup h1 h2 h3 h4 h5 h6 p footer hr ul ol li blockquote aside cite "
  + "table caption thead tbody tr th td details summary figure figcaption").split(" "));
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "embed", "svg", "math", "noscript"]);
const KEPT = {
  ol: ["start", "type", "reversed"], li: ["value"], details: ["open"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"],
};
const ALIGNMENTS = new Set(["left", "center", "right", "top", "middle", "bottom"]);
const DEEPEST = 32;
// Rich HTML closes these in one tag, which HTML's own parser would take for an opening.
const SELF_CLOSED = /<(tg-map|tg-document|tg-button|video|audio|a)\b([^<>]*?)\/>/gi;
// A button's style is a word of Telegram's; the parser would take it for CSS, which the page forbids.
const STYLED = /(<tg-button\b[^<>]*?\s)style=/gi;

/** Rich HTML as a document of its own: nothing in it is fetched or run. */
const parse = (html) => new DOMParser().parseFromString((html ?? "").replace(SELF_CLOSED, "<$1$2></$1>").replace(STYLED, "$1data-style="), "text/html");

/** What a rich message says, its blocks apart by blanks. */
export const plainRich = (html) => parse((html ?? "").replaceAll("<", " <")).body.textContent;

/** `content` is {html, media}; `go` as in entities.js, with press(button, element) for the buttons inside. */
export function richMessage(content, go) {
  const parsed = parse(content.html);
  return h("div", { class: "rich", "data-testid": "rich", dir: content.is_rtl ? "rtl" : undefined }, new Builder(content.media, go).children(parsed.body, 0));
}

class Builder {
  constructor(media, go) {
    this.media = new Map((media ?? []).map((item) => [item.id, item.media?.media ?? item.media]));
    this.go = go;
  }

  children(node, depth) {
    return depth > DEEPEST ? [] : [...node.childNodes].map((child) => this.node(child, depth + 1)).filter(Boolean);
  }

  node(node, depth) {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    const tag = node.localName;
    if (DROPPED.has(tag)) return null;
    const inside = this.children(node, depth);
    const special = Object.hasOwn(SPECIAL, tag) ? SPECIAL[tag] : undefined;
    if (special) return special(node, inside, this);
    if (SAME.has(tag)) return this.same(node, inside);
    return h("span", {}, inside);
  }

  same(node, inside) {
    const tag = node.localName;
    const props = {};
    for (const name of KEPT[tag] ?? []) if (node.hasAttribute(name)) props[name] = node.getAttribute(name) || true;
    if (tag === "table") props.class = ["bordered", "striped", "compact"].filter((name) => node.hasAttribute(name)).join(" ");
    if (tag === "blockquote" && node.hasAttribute("expandable")) return expandable(inside);
    const element = h(tag, props, inside);
    if (ALIGNMENTS.has(node.getAttribute("align"))) element.style.textAlign = node.getAttribute("align");
    if (ALIGNMENTS.has(node.getAttribute("valign"))) element.style.verticalAlign = node.getAttribute("valign");
    return tag === "table" ? table(element) : element;
  }

  source(node) {
    const address = node.getAttribute("src") ?? "";
    const named = /^tg:\/\/\w+\?id=([\w-]+)$/.exec(address);
    if (!named) return pictureUrl(address);
    const media = this.media.get(named[1]);
    return /^https?:/.test(media) ? pictureUrl(media) : fileUrl(media ?? named[1]);
  }
}

const SPECIAL = {
  a: (node, inside, { go }) => (node.hasAttribute("name") && !node.hasAttribute("href")
    ? h("span", { "data-anchor": node.getAttribute("name") }) : anchored(node, inside, go)),
  br: () => h("br"),
  img: (node, inside, builder) => picture(builder.source(node), node, builder.go),
  video: (node) => placeholder("photo", "video", node),
  audio: (node) => placeholder("document", "audio", node),
  "tg-document": (node) => placeholder("document", "document", node),
  "tg-map": (node) => h("div", { class: "rich-map" }, h("span", {}, `${say("map")} · ${node.getAttribute("lat")}, ${node.getAttribute("long")}`)),
  "tg-math": (node) => h("code", {}, node.textContent),
  "tg-math-block": (node) => h("pre", { class: "formula" }, node.textContent),
  "tg-spoiler": (node, inside) => spoiler(inside),
  "tg-emoji": (node, inside) => h("span", {}, inside),
  "tg-reference": (node, inside) => h("sup", { class: "reference" }, inside),
  "tg-time": (node, inside) => timeElement(Number(node.getAttribute("unix")), node.getAttribute("format"), inside),
  "tg-collage": (node, inside) => collage(inside),
  "tg-slideshow": (node, inside) => slideshow(inside),
  "tg-button-row": (node, inside) => h("div", { class: "rich-row", data: { align: node.getAttribute("align") ?? "justify" } }, inside.filter((child) => child.nodeType === Node.ELEMENT_NODE)),
  "tg-button": (node, inside, { go }) => keyButton(buttonOf(node), go),
  input: (node) => checkbox(node.hasAttribute("checked")),
  pre(node, inside, { go }) {
    const code = node.querySelector("code[class^=language-]");
    return preformatted(node.textContent, node.textContent, code?.className.slice("language-".length), go);
  },
};

function anchored(node, inside, go) {
  const address = node.getAttribute("href") ?? "";
  if (!address.startsWith("#")) return link(inside, address, go);
  const jump = (event) => {
    const message = event.currentTarget.closest(".rich");
    const target = [...message.querySelectorAll("[data-anchor]")].find((item) => item.dataset.anchor === address.slice(1));
    // An empty name leads to the top of the message.
    (address === "#" ? message : target)?.scrollIntoView({ block: "start", behavior: "smooth" });
  };
  return h("span", { class: "anchor-link", role: "link", tabindex: "0", "data-testid": "anchor-link", on: pressable(jump) }, inside);
}

/** The rich button's tag as the InlineKeyboardButton it stands for. */
function buttonOf(node) {
  const type = node.getAttribute("type");
  const value = { url: "url", login_url: "url", web_app: "url", callback_data: "data", copy_text: "text" }[type] ?? "query";
  const said = node.getAttribute(value) ?? "";
  const action = { copy_text: { text: said }, login_url: { url: said }, web_app: { url: said }, disabled: true }[type] ?? said;
  return { text: node.textContent, style: node.dataset.style, [type]: action };
}

function picture(source, node, go) {
  const image = h("img", { src: source, alt: node.getAttribute("alt") ?? say("photo"), loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(placeholder("photo", "photo", node)));
  const open = button({ class: "rich-picture", label: say("photoBig"), onClick: (event) => { event.stopPropagation(); go.photo(source); } }, image);
  return node.hasAttribute("tg-spoiler") ? spoiler([open]) : open;
}

function placeholder(picture, what, node) {
  return h("div", { class: "rich-missing" }, icon(picture), h("span", {}, say(what), h("small", {}, node.getAttribute("src") ?? "")));
}

/** Media apart from their common caption. */
function split(inside) {
  const elements = inside.filter((child) => child.nodeType === Node.ELEMENT_NODE);
  return [elements.filter((child) => child.localName !== "figcaption"), elements.filter((child) => child.localName === "figcaption")];
}

function collage(inside) {
  const [pictures, captions] = split(inside);
  const rows = [];
  for (const count of rowsOf(pictures.length)) rows.push(h("div", { class: "collage-row" }, pictures.splice(0, count)));
  return h("div", { class: "collage", "data-testid": "collage" }, rows, captions);
}

/** A table that scrolls sideways, its caption standing still above it. */
function table(element) {
  const caption = element.querySelector(":scope > caption");
  const title = caption && h("div", { class: "table-caption" }, [...caption.childNodes]);
  caption?.remove();
  const scroller = h("div", { class: "table-scroll", role: "region", tabindex: "0", "aria-label": title?.textContent || say("table") }, element);
  return h("div", { class: "table", "data-testid": "table" }, title, scroller);
}

function checkbox(checked) {
  return h("span", { class: checked ? "box checked" : "box", role: "checkbox", "aria-checked": String(checked), "aria-disabled": "true" }, checked && icon("tick"));
}

function slideshow(inside) {
  const [slides, captions] = split(inside);
  const track = h("div", { class: "slides", role: "group", "aria-label": say("slideshow"), tabindex: "0" }, slides);
  const count = h("span", { class: "slide-count" }, `1/${slides.length}`);
  track.addEventListener("scroll", () => {
    count.textContent = `${Math.round(track.scrollLeft / Math.max(1, track.clientWidth)) + 1}/${slides.length}`;
  });
  const move = (step) => (event) => {
    event.stopPropagation();
    track.scrollBy({ left: step * track.clientWidth });
  };
  const arrows = [
    button({ class: "slide-arrow previous", label: say("previous"), onClick: move(-1) }, icon("left")),
    button({ class: "slide-arrow next", label: say("next"), onClick: move(1) }, icon("right")),
  ];
  return h("div", { class: "slideshow", "data-testid": "slideshow" }, h("div", { class: "slide-frame" }, track, count, slides.length > 1 && arrows), captions);
}
