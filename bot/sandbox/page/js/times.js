/** Times in the viewer's own locale and zone: clocks on bubbles, day lines, and `date_time` entities that stay current. */

import { h } from "./dom.js";
import { now } from "./store.js";
import { locale, say } from "./words.js";

const REFRESH_MS = 3000;
const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const formatters = new Map();

function format(unix, options) {
  const key = locale() + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale(), options));
  return formatters.get(key).format(new Date(unix * 1000));
}

export const clock = (unix) => format(unix, { hour: "2-digit", minute: "2-digit" });
const full = (unix) => format(unix, { dateStyle: "full", timeStyle: "medium" });
const dayKey = (unix) => new Date(unix * 1000).toDateString();

/** The line between two days of a chat. */
export function dayName(unix) {
  if (dayKey(unix) === dayKey(now())) return say("today");
  if (dayKey(unix) === dayKey(now() - 86400)) return say("yesterday");
  const sameYear = new Date(unix * 1000).getFullYear() === new Date(now() * 1000).getFullYear();
  return format(unix, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** The short form a chat list shows: the hour today, the weekday this week, else the date. */
export function shortStamp(unix) {
  if (dayKey(unix) === dayKey(now())) return clock(unix);
  return now() - unix < 6 * 86400 && unix < now()
    ? format(unix, { weekday: "short" })
    : format(unix, { day: "2-digit", month: "2-digit", year: "2-digit" });
}

function relative(unix) {
  const distance = unix - now();
  const [unit, seconds] = STEPS.find(([, size]) => Math.abs(distance) >= size) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.trunc(distance / seconds), unit);
}

/** A moment drawn as `date_time_format` asks (`r|w?[dD]?[tT]?`), or undefined where the entity names no format. */
export function moment(unix, pattern) {
  if (!pattern || !/^(r|w?[dD]?[tT]?)$/.test(pattern)) return undefined;
  if (pattern === "r") return relative(unix);
  const parts = [];
  if (pattern.includes("w")) parts.push(format(unix, { weekday: "long" }));
  if (pattern.includes("d")) parts.push(format(unix, { day: "2-digit", month: "2-digit", year: "2-digit" }));
  if (pattern.includes("D")) parts.push(format(unix, { day: "numeric", month: "long", year: "numeric" }));
  if (pattern.includes("t")) parts.push(clock(unix));
  if (pattern.includes("T")) parts.push(format(unix, { hour: "2-digit", minute: "2-digit", second: "2-digit" }));
  return parts.join(", ");
}

/** A live time; `fallback` (nodes) is what is shown where the entity has no format of its own. */
export function timeElement(unix, pattern, fallback) {
  if (!Number.isFinite(unix) || Math.abs(unix) > 8.64e12) return h("span", {}, fallback);
  const text = moment(unix, pattern);
  const props = { class: "live-time", datetime: new Date(unix * 1000).toISOString(), title: full(unix), "data-testid": "live-time" };
  return h("time", { ...props, data: text === undefined ? {} : { unix, format: pattern } }, text ?? fallback);
}

export function refreshTimes() {
  for (const element of document.querySelectorAll("time[data-unix]")) {
    const text = moment(Number(element.dataset.unix), element.dataset.format);
    if (element.textContent !== text) element.textContent = text;
  }
}

export const keepTimesCurrent = () => setInterval(refreshTimes, REFRESH_MS);
