/** The operator's drawer: moves the clock, sets faults, watches the bot's calls. */

import { get, post, remove } from "./api.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { now } from "./store.js";
import { locale, say } from "./words.js";

const POLL_MS = 1000;
const RATE_WINDOW_MS = 5000;
const SHOWN_CALLS = 40;
const KINDS = {
  429: (seconds) => ({ retry_after: seconds }),
  500: () => ({}),
  502: () => ({}),
  error: () => ({ code: 400, description: "Bad Request: chat not found" }),
  reset_before: () => ({}),
  reset_after: () => ({}),
  hang: (seconds) => ({ seconds }),
  slow: (seconds) => ({ seconds }),
  undecodable: () => ({}),
};

export class Console {
  constructor(onError) {
    this.onError = onError;
    this.element = h("aside", { class: "console", hidden: true, "data-testid": "console" });
    this.next = undefined;
    this.recent = [];
  }

  toggle() {
    this.element.hidden = !this.element.hidden;
    if (this.element.hidden) clearInterval(this.timer);
    else this.open();
    return !this.element.hidden;
  }

  open() {
    this.draw();
    this.loadFaults();
    this.timer = setInterval(() => this.poll(), POLL_MS);
    this.poll();
  }

  draw() {
    this.time = h("output", { class: "console-time", "data-testid": "clock" });
    this.rate = h("output", { "data-testid": "rate" });
    this.calls = h("ol", { class: "calls" });
    this.faults = h("ul", { class: "faults", "data-testid": "faults" });
    this.element.setAttribute("aria-label", say("console"));
    this.element.replaceChildren(this.clockPart(), this.faultPart(),
      h("section", { class: "console-calls" }, h("h2", {}, say("calls"), " ", this.rate), this.calls));
    this.drawTime();
  }

  clockPart() {
    const move = (seconds, testid, text) => button({ class: "chip", "data-testid": testid, onClick: () => this.attempt(() => post("/sandbox/clock", { advance: seconds })) }, text);
    const reset = () => this.attempt(() => post("/sandbox/clock", { set: Math.floor(Date.now() / 1000) }));
    return h("section", {}, h("h2", {}, icon("clock"), say("clock")), this.time, h("div", { class: "chips" },
      move(900, "clock-quarter", say("quarter")), move(3600, "clock-hour", say("hour")), move(86400, "clock-day", say("day")),
      button({ class: "chip", onClick: reset }, say("resetClock"))));
  }

  faultPart() {
    const kind = h("select", { "aria-label": say("kind") }, Object.keys(KINDS).map((name) => h("option", { value: name }, name)));
    const method = h("input", { type: "text", placeholder: say("anyMethod"), "aria-label": say("method") });
    const times = h("input", { type: "number", min: "1", value: "1", "aria-label": say("times") });
    const seconds = h("input", { type: "number", min: "1", value: "5", "aria-label": say("seconds") });
    const add = async () => {
      const match = method.value.trim() ? { method: method.value.trim() } : {};
      await this.attempt(() => post("/sandbox/faults", { match, kind: kind.value, times: Number(times.value) || 1, ...KINDS[kind.value](Number(seconds.value) || 1) }));
      this.loadFaults();
    };
    const clear = async () => {
      await this.attempt(() => remove("/sandbox/faults"));
      this.loadFaults();
    };
    const field = (name, input) => h("label", {}, h("span", {}, say(name)), input);
    return h("section", {}, h("h2", {}, say("faults")),
      h("div", { class: "fault-form" }, field("kind", kind), field("method", method), field("times", times), field("seconds", seconds)),
      h("div", { class: "chips" }, button({ class: "chip", onClick: add, "data-testid": "add-fault" }, say("addFault")), button({ class: "chip", onClick: clear, "data-testid": "drop-faults" }, say("dropFault"))),
      this.faults);
  }

  async loadFaults() {
    const answer = await this.attempt(() => get("/sandbox/faults"));
    const list = Array.isArray(answer) ? answer : answer?.faults ?? [];
    const line = (fault) => [fault.kind, ...Object.entries(fault.match ?? {}).map(([key, value]) => `${key}=${value}`), fault.times && `×${fault.times}`].filter(Boolean).join(" ");
    this.faults.replaceChildren(...(list.length ? list.map((fault) => h("li", {}, line(fault))) : [h("li", { class: "dim" }, say("noFaults"))]));
  }

  async poll() {
    this.drawTime();
    const answer = await get(`/sandbox/calls?since=${this.next ?? 0}`).catch(() => undefined);
    if (!answer) return;
    const first = this.next === undefined;
    if (answer.next < (this.next ?? 0)) this.recent = [];
    this.next = answer.next;
    const calls = answer.calls.filter((call) => call.method.toLowerCase() !== "getupdates");
    const at = performance.now();
    if (!first) this.recent.push(...calls.map(() => at));
    this.recent = this.recent.filter((moment) => at - moment < RATE_WINDOW_MS);
    this.rate.textContent = say("perSecond", { n: (this.recent.length / (RATE_WINDOW_MS / 1000)).toLocaleString(locale()) });
    this.calls.prepend(...calls.slice(-SHOWN_CALLS).reverse().map(callLine));
    while (this.calls.childElementCount > SHOWN_CALLS) this.calls.lastElementChild.remove();
  }

  drawTime() {
    this.time.textContent = new Date(now() * 1000).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });
  }

  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.onError(error);
      return undefined;
    }
  }
}

function callLine(call) {
  const refused = call.status >= 400;
  return h("li", { class: refused ? "refused" : "", title: call.description ?? "" },
    h("b", {}, call.method), ` ${call.chat_id ?? ""} `, h("span", { class: "call-status" }, refused ? `${call.status} ${call.description ?? ""}` : String(call.status)));
}
