/** Round pictures made of initials, in Telegram's seven colours by id. */

import { h } from "./dom.js";

export const colourOf = (id) => Math.abs(id) % 7;

export function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, " ").trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? ""];
  return letters.map((word) => [...word][0] ?? "").join("").toUpperCase() || "•";
}

export const avatar = (id, name, size = "") => h("span", { class: `avatar ${size} tint-${colourOf(id)}`, "aria-hidden": "true" }, initials(name));
