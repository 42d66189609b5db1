/** The address's hash: `#user=1&chat=-100`, repeated for each phone shown, the first first. */

/** The phones that the hash asks for, as [{user, chat}]; chat is undefined where the chat list is meant. */
export function readRoute(hash) {
  const phones = [];
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const id = Number(value);
    if (!Number.isSafeInteger(id) || id === 0) continue;
    if (name === "user") phones.push({ user: id, chat: undefined });
    else if (name === "chat" && phones.length) phones[phones.length - 1].chat = id;
  }
  return phones;
}

export function writeRoute(phones) {
  return "#" + phones.map(({ user, chat }) => `user=${user}` + (chat === undefined ? "" : `&chat=${chat}`)).join("&");
}
