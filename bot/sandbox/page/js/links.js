/** Where a link leads: into a chat of the sandbox (t.me/…, tg://…), or out, in a new tab. */

import { botNamed, chatNamed } from "./store.js";

const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const SAFE = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/** The link as a URL if it is one that may be followed; a bare host gets http, as Telegram gives it. */
export function safeUrl(text) {
  const raw = String(text ?? "").trim();
  const candidate = /^[a-z][a-z0-9+.-]*:/i.test(raw) && !/^[^/:]+\.[^/:]+:\d/.test(raw) ? raw : `http://${raw}`;
  try {
    const url = new URL(candidate);
    return SAFE.has(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** What following a link does: {kind: "start" | "startgroup" | "chat" | "share" | "user" | "out", …}. */
export function destination(url) {
  if (url.protocol === "tg:") return inTelegram(url);
  if (!TELEGRAM_HOSTS.has(url.hostname)) return { kind: "out", url };
  const [first, second] = url.pathname.split("/").filter(Boolean);
  const query = url.searchParams;
  if (first === "share") return { kind: "share", text: [query.get("text"), query.get("url")].filter(Boolean).join("\n") };
  return named(first ?? "", query, second) ?? { kind: "out", url };
}

function inTelegram(url) {
  const query = url.searchParams;
  if (url.host === "resolve" || url.pathname === "//resolve") return named(query.get("domain") ?? "", query, query.get("post")) ?? { kind: "out", url };
  if (url.host === "user" || url.pathname === "//user") return { kind: "user", id: Number(query.get("id")) };
  return { kind: "out", url };
}

function named(name, query, post) {
  const bot = botNamed(name);
  if (bot && query.has("startgroup")) return { kind: "startgroup", bot, payload: query.get("startgroup"), channels: false };
  if (bot && query.has("startchannel")) return { kind: "startgroup", bot, payload: "", channels: true };
  if (bot) return { kind: "start", bot, payload: query.get("start") };
  const chat = chatNamed(name);
  return chat ? { kind: "chat", chat, message: Number(post) || undefined } : undefined;
}
