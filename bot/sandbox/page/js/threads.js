/** The threads of a forum, as tabs under the chat's bar. */

import { button, classes, h } from "./dom.js";
import { chatOf } from "./store.js";
import { say } from "./words.js";

export function threadBar(phone) {
  const chat = chatOf(phone.chatId);
  if (!chat.is_forum) return null;
  const choices = [{ name: say("all") }, { id: 0, name: say("general") }, ...(chat.threads ?? [])];
  return h("div", { class: "threads", role: "group", "aria-label": say("allThreads"), "data-testid": "threads" }, choices.map((thread) => {
    const chosen = phone.view.threadId === thread.id;
    const choose = () => {
      phone.view.threadId = thread.id;
      phone.view.atBottom = true;
      phone.refresh();
    };
    const name = thread.closed ? `${thread.name} · ${say("closedThread")}` : thread.name;
    return button({ class: classes("thread", chosen && "chosen"), "aria-pressed": String(chosen), onClick: choose, "data-testid": `thread-${thread.id ?? "all"}` }, name);
  }));
}
