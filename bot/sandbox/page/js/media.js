/** Photos in a bubble: one, or an album laid out in rows. */

import { fileUrl } from "./api.js";
import { button, h } from "./dom.js";
import { say } from "./words.js";

const WIDEST = 320;
const TALLEST = 400;
const NARROWEST = 180;
const ROWS = { 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [2, 2, 3], 8: [2, 3, 3], 9: [3, 3, 3], 10: [3, 3, 4] };

/** How many of so many pictures stand in each row. */
export const rowsOf = (count) => ROWS[count] ?? [...Array(Math.floor(count / 3)).fill(3), count % 3].filter(Boolean);

/** The largest size Telegram offers of a photo. */
export const largest = (sizes) => sizes.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best));

const ratio = (size) => Math.min(2.4, Math.max(0.5, (size.width || 4) / (size.height || 3)));

/** How wide a bubble with this photo is, in CSS pixels. */
export const photoWidth = (size) => Math.max(NARROWEST, Math.min(WIDEST, Math.round(TALLEST * ratio(size))));

export function photo(sizes, go) {
  const size = largest(sizes);
  const element = picture(size, go);
  element.style.setProperty("aspect-ratio", String(ratio(size)));
  return element;
}

function picture(size, go) {
  const source = fileUrl(size.file_id);
  const image = h("img", { src: source, alt: say("photo"), width: size.width, height: size.height, decoding: "async" });
  const open = (event) => {
    event.stopPropagation();
    go.photo(source);
  };
  return button({ class: "photo", label: say("photoBig"), onClick: open, "data-testid": "photo" }, image);
}

/** Several photos as Telegram tiles them: rows as wide as the bubble, pictures in a row equally high. */
export function album(messages, go) {
  const sizes = messages.filter((message) => message.photo).map((message) => largest(message.photo));
  const rows = [];
  for (const count of rowsOf(sizes.length)) rows.push(sizes.splice(0, count));
  return h("div", { class: "album", "data-testid": "album" }, rows.map((row) => albumRow(row, go)));
}

function albumRow(row, go) {
  const ratios = row.map((size) => Math.min(1.8, Math.max(0.65, ratio(size))));
  const pictures = row.map((size, index) => {
    const element = picture(size, go);
    element.style.setProperty("flex-grow", String(ratios[index]));
    return element;
  });
  const total = ratios.reduce((sum, item) => sum + item, 0);
  return h("div", { class: "album-row", style: { "aspect-ratio": String(Math.max(1.5, Math.min(3.2, total))) } }, pictures);
}
