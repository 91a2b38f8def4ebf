// Light or dark, as chosen; and fresh figures on pages that show them. Every page works without this.
"use strict";

const root = document.documentElement;
const button = document.getElementById("theme");
const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Fetches the page anew and puts its content in place of the old, unless the reader has been signed out.
async function refresh() {
  const answer = await fetch(location.href);
  if (answer.redirected) { location.reload(); return false; }
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  const old = document.getElementById("main");
  old.replaceChildren(...fresh.childNodes);
  old.dataset.seen = fresh.dataset.seen;
  return true;
}

async function follow() {
  const main = document.getElementById("main");
  for (;;) {
    try {
      const answer = await fetch("/news?seen=" + encodeURIComponent(main.dataset.seen));
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.text();
      if (now !== main.dataset.seen && !(await refresh())) return;
      main.classList.remove("old");
      await pause(2000);
    } catch {
      // Says that what stands there may be old, and tries again.
      main.classList.add("old");
      await pause(10000);
    }
  }
}

if (document.querySelector("main[data-seen]")) follow();
