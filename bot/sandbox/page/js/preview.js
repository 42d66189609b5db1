/** The card under a link. The sandbox reads no web page, so the card has the site's name, and a picture where it holds one. */

import { pictureUrl } from "./api.js";
import { h } from "./dom.js";
import { link } from "./entities.js";
import { destination, safeUrl } from "./links.js";
import { mainText } from "./store.js";

/** {above, element} for the message's link, or undefined where Telegram would show none. */
export function linkPreview(message, go) {
  const options = message.link_preview_options ?? {};
  if (options.is_disabled || message.text === undefined) return undefined;
  const url = safeUrl(options.url ?? firstLink(message));
  if (!url || !/^https?:$/.test(url.protocol) || destination(url).kind !== "out") return undefined;
  const element = link([
    h("span", { class: "preview-site" }, url.hostname.replace(/^www\./, "")),
    h("span", { class: "preview-path" }, decoded(url.pathname + url.search)),
  ], url.href, go);
  element.className = "preview";
  element.dataset.testid = "preview";
  if (options.url) addPicture(element, url, options);
  return { above: Boolean(options.show_above_text), element };
}

function firstLink(message) {
  const entity = (message.entities ?? []).find((item) => item.type === "url" || item.type === "text_link");
  return entity && (entity.url ?? mainText(message).substr(entity.offset, entity.length));
}

function decoded(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function addPicture(card, url, options) {
  const image = h("img", { alt: "", class: options.prefer_small_media ? "preview-thumb" : "preview-picture" });
  image.addEventListener("load", () => {
    card.classList.add("pictured");
    card.append(image);
  });
  image.src = pictureUrl(url.href);
}
