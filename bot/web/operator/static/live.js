// Keeps what is marked as live current: asks for the page again, and takes the parts that differ from it.
// Without this file the page loads itself anew every ten seconds.
"use strict";
(() => {
  const EVERY = 2000, PATIENCE = 10000;

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // A link may bring the token behind its #: a browser sends that part to nobody.
  const login = document.querySelector("form[data-login]");
  const brought = location.hash.slice(1);
  if (brought && !document.getElementById(brought)) {
    history.replaceState(null, "", location.pathname + location.search);
    if (login) {
      login.elements.token.value = decoded(brought);
      login.requestSubmit();
    }
  }

  const parts = () => document.querySelectorAll("[data-live]");
  if (login || !parts().length) return;
  const known = new Map();
  const stale = document.getElementById("stale");

  function chosen(part) {
    const selection = getSelection();
    return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  }

  function take(page) {
    for (const part of parts()) {
      const fresh = page.getElementById(part.id);
      if (!fresh || chosen(part)) continue;
      const html = fresh.innerHTML;
      if (known.get(part.id) === html) continue;
      known.set(part.id, html);
      const links = [...part.querySelectorAll("a, button")];
      const at = links.indexOf(document.activeElement);
      part.className = fresh.className;
      part.replaceChildren(...fresh.childNodes);
      if (at >= 0) part.querySelectorAll("a, button")[at]?.focus({ preventScroll: true });
    }
  }

  async function look() {
    try {
      const answer = await fetch(location.href, {
        redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect") return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      stale.hidden = true;
    } catch {
      stale.hidden = false;
    }
  }

  async function watch() {
    for (;;) {
      await new Promise((done) => setTimeout(done, EVERY));
      if (document.visibilityState === "visible") await look();
    }
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  watch();
})();
