/** Text and its entities (UTF-16 offsets, as JavaScript's own strings) to nodes. Offsets may overlap, overrun or lie. */

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { safeUrl } from "./links.js";
import { timeElement } from "./times.js";
import { say } from "./words.js";

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/** `go` is what the phone does on a press: {link(url), mention(name), command(text), copy(text)}. */
export function richText(text, entities, go) {
  const spans = (entities ?? [])
    .map((entity) => ({ ...entity, start: Math.max(0, entity.offset), end: Math.min(text.length, entity.offset + entity.length) }))
    .filter((span) => span.end > span.start);
  return nest(text, 0, text.length, ordered(spans), go);
}

const ordered = (spans) => spans.sort((a, b) => a.start - b.start || b.end - a.end || rank(a) - rank(b));
const rank = (span) => (BLOCKS.has(span.type) ? 0 : 1);

function nest(text, start, end, spans, go) {
  const nodes = [];
  let at = start;
  let queue = spans;
  const plain = (until) => {
    // The line break after a block is the block's own end, not an empty line.
    const skip = nodes.length && nodes.at(-1).isBlock && text[at] === "\n" ? 1 : 0;
    if (until > at + skip) nodes.push(document.createTextNode(text.slice(at + skip, until)));
  };
  while (queue.length) {
    const [span, ...others] = queue;
    plain(span.start);
    const { inside, after } = split(others, span.end);
    nodes.push(draw(span, nest(text, span.start, span.end, inside, go), text.slice(span.start, span.end), go));
    at = span.end;
    queue = ordered(after);
  }
  plain(end);
  return nodes;
}

/** Cuts spans at `edge`: what overlaps it becomes two, so that elements always nest. */
function split(spans, edge) {
  const inside = [];
  const after = [];
  for (const span of spans) {
    if (span.start >= edge) after.push(span);
    else if (span.end <= edge) inside.push(span);
    else {
      inside.push({ ...span, end: edge });
      after.push({ ...span, start: edge });
    }
  }
  return { inside, after };
}

const DRAW = {
  bold: (nodes) => h("strong", {}, nodes),
  italic: (nodes) => h("em", {}, nodes),
  underline: (nodes) => h("u", {}, nodes),
  strikethrough: (nodes) => h("s", {}, nodes),
  code: (nodes, raw, span, go) => h("code", { class: "copyable", tabindex: "0", title: say("copyText"), on: pressable(() => go.copy(raw)) }, nodes),
  pre: (nodes, raw, span, go) => block(preformatted(nodes, raw, span.language, go)),
  spoiler: (nodes) => spoiler(nodes),
  blockquote: (nodes) => block(h("blockquote", {}, nodes)),
  expandable_blockquote: (nodes) => block(expandable(nodes)),
  url: (nodes, raw, span, go) => link(nodes, raw, go),
  text_link: (nodes, raw, span, go) => link(nodes, span.url, go),
  email: (nodes, raw, span, go) => link(nodes, `mailto:${raw}`, go),
  phone_number: (nodes, raw, span, go) => link(nodes, `tel:${raw.replace(/[^\d+]/g, "")}`, go),
  mention: (nodes, raw, span, go) => action("mention", nodes, () => go.mention(raw.slice(1))),
  text_mention: (nodes) => h("span", { class: "mention" }, nodes),
  hashtag: (nodes) => h("span", { class: "hashtag" }, nodes),
  cashtag: (nodes) => h("span", { class: "hashtag" }, nodes),
  bot_command: (nodes, raw, span, go) => action("command", nodes, () => go.command(raw)),
  date_time: (nodes, raw, span) => timeElement(span.unix_time, span.date_time_format, nodes),
};

function draw(span, nodes, raw, go) {
  return Object.hasOwn(DRAW, span.type) ? DRAW[span.type](nodes, raw, span, go) : h("span", {}, nodes);
}

const block = (element) => Object.assign(element, { isBlock: true });

/** Something inside a text that is pressed: by mouse, Enter or space, and never by the bubble beneath. */
export const pressable = (act) => ({
  click: (event) => {
    event.stopPropagation();
    act(event);
  },
  keydown: (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(event);
  },
});

const action = (name, nodes, act) => h("span", { class: name, role: "button", tabindex: "0", "data-testid": name, on: pressable(act) }, nodes);

/** A link that the phone follows itself, so that t.me stays inside; its address is real, for copying and for a new tab. */
export function link(nodes, address, go) {
  const url = safeUrl(address);
  if (!url) return h("span", {}, nodes);
  const follow = (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go.link(url);
  };
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href, on: { click: follow } }, nodes);
}

export function spoiler(nodes) {
  const element = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": say("reveal"), "data-testid": "spoiler" }, h("span", {}, nodes));
  const reveal = (event) => {
    if (element.classList.contains("revealed") || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    element.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
  };
  element.addEventListener("click", reveal, true);
  element.addEventListener("keydown", reveal, true);
  return element;
}

export function preformatted(nodes, raw, language, go) {
  const copy = button({ class: "pre-copy", label: say("copyText"), onClick: (event) => { event.stopPropagation(); go.copy(raw); } }, icon("copy"));
  return h("div", { class: language ? "pre named" : "pre" }, h("div", { class: "pre-head" }, h("span", {}, language ?? ""), copy), h("pre", {}, nodes));
}

/** A quote that shows three lines until it is asked for the rest. */
export function expandable(nodes) {
  const quote = h("blockquote", { class: "expandable collapsed", "data-testid": "expandable" }, h("div", { class: "quote-body" }, nodes));
  const toggle = button({ class: "quote-toggle", label: say("expand"), "aria-expanded": "false" }, icon("down"));
  toggle.addEventListener("click", (event) => {
    event.stopPropagation();
    const collapsed = quote.classList.toggle("collapsed");
    toggle.setAttribute("aria-expanded", String(!collapsed));
    toggle.setAttribute("aria-label", say(collapsed ? "expand" : "collapse"));
  });
  quote.append(toggle);
  return quote;
}
