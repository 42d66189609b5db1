/** Service messages: what happened in a chat, in a pill in the middle. */

import { mainText, personName, senderOf } from "./store.js";
import { say } from "./words.js";

const SAID = {
  new_chat_members: (message) => joined(message),
  left_chat_member: (message) => left(message),
  new_chat_title: (message) => say("titled", { title: message.new_chat_title }),
  group_chat_created: () => say("group_chat_created"),
  supergroup_chat_created: () => say("supergroup_chat_created"),
  channel_chat_created: () => say("channel_chat_created"),
  migrate_to_chat_id: () => say("migrated"),
  migrate_from_chat_id: () => say("migrated"),
  forum_topic_created: (message) => say("threadCreated", { title: message.forum_topic_created.name }),
  forum_topic_closed: () => say("threadClosed"),
  forum_topic_reopened: () => say("threadReopened"),
  users_shared: (message) => say("usersShared", { who: senderOf(message).name }),
  chat_shared: (message) => say("chatShared", { who: senderOf(message).name }),
  pinned_message: (message) => say("pinned", { who: senderOf(message).name, text: mainText(message.pinned_message).slice(0, 40) || say("photo") }),
};

function joined(message) {
  const names = message.new_chat_members.map(personName).join(", ");
  const alone = message.new_chat_members.every((member) => member.id === message.from?.id);
  return alone ? say("joined", { who: names }) : say("added", { by: personName(message.from), who: names });
}

function left(message) {
  const who = personName(message.left_chat_member);
  return message.left_chat_member.id === message.from?.id ? say("gone", { who }) : say("removed", { by: personName(message.from), who });
}

/** The words of a service message; undefined for a message that somebody wrote. */
export function serviceText(message) {
  const kind = Object.keys(SAID).find((field) => message[field] !== undefined && message[field] !== false);
  if (kind) return SAID[kind](message);
  const written = ["text", "caption", "photo", "rich_message", "document", "video", "location"].some((field) => message[field] !== undefined);
  return written ? undefined : say("service");
}
