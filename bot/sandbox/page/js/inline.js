/** What a bot shows while a person types behind its name in any chat, to choose from. */

import { get, pictureUrl, post } from "./api.js";
import { button, h } from "./dom.js";
import { botNamed } from "./store.js";
import { say } from "./words.js";

const TYPED = /^@(\w{3,32}) ([\s\S]*)$/;
const REST_MS = 250;
const ASK_AGAIN_MS = 120;
const LONGEST_MS = 10_000;

export class InlineResults {
  /** `done` is called when a result has been put into the chat. */
  constructor(phone, done) {
    this.phone = phone;
    this.done = done;
    this.element = h("div", { class: "commands", role: "listbox", "aria-label": say("inlineResults"), hidden: true, "data-testid": "inline-results" });
    this.asked = 0;
  }

  /** Takes note of what stands in the box; asks a moment after the last letter. */
  typed(text) {
    const [, name, query] = TYPED.exec(text) ?? [];
    const asked = ++this.asked;
    clearTimeout(this.rest);
    if (name === undefined || !botNamed(name)) {
      this.element.hidden = true;
      return;
    }
    this.rest = setTimeout(() => this.ask(query, asked), REST_MS);
  }

  async ask(query, asked) {
    const told = await this.phone.attempt(() => post(`/sandbox/users/${this.phone.userId}/inline`, { query }));
    const until = Date.now() + LONGEST_MS;
    while (told && asked === this.asked && Date.now() < until) {
      const answer = await this.phone.attempt(() => get(`/sandbox/queries/${told.query_id}`));
      if (!answer) return;
      if (answer.answered && asked === this.asked) {
        this.show(told.query_id, answer);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  show(queryId, answer) {
    const start = answer.button && button({ class: "command-row", role: "option", onClick: () => this.open(answer.button), "data-testid": "inline-button" }, h("b", {}, answer.button.text));
    const rows = answer.results.map((result) => button({ class: "command-row inline-row", role: "option", onClick: () => this.choose(queryId, result), "data-testid": "inline-row" },
      result.thumbnail_url && h("img", { src: pictureUrl(result.thumbnail_url), alt: "", loading: "lazy", on: { error: (event) => event.target.remove() } }),
      h("span", { class: "inline-text" }, h("b", {}, result.title), h("span", {}, result.description ?? ""))));
    this.element.replaceChildren(...[start, ...rows].filter(Boolean));
    this.element.hidden = this.element.childElementCount === 0;
  }

  async choose(queryId, result) {
    const choice = { user_id: this.phone.userId, query_id: queryId, result_id: result.id };
    const chosen = await this.phone.attempt(() => post(`/sandbox/chats/${this.phone.chatId}/choose`, choice));
    if (chosen) this.done();
  }

  open(start) {
    this.done();
    this.phone.openChat(this.phone.userId);
    this.phone.send({ text: `/start ${start.start_parameter}` });
  }
}
