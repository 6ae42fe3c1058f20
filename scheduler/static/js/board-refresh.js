// Keeps the day board fresh: asks every 10 s with the ETag it holds, swaps what changed, says when the server is away.
import { fetchFragment, swap } from "./swap.js";

const EVERY = 10_000;
const busy = (board) => board.contains(document.activeElement)
  && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
const clock = (at) => `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;

function looks(board) {
  const found = new Map();
  for (const link of board.querySelectorAll("[data-visit]")) {
    const item = link.closest(".visit");
    const places = [...item.classList].filter((name) => /^(s|c|w)-/.test(name)).join(" ");
    found.set(link.dataset.visit, `${places} ${link.querySelector(".l2").textContent}`);
  }
  return found;
}

function markChanges(board, before) {
  const names = [];
  for (const [id, look] of looks(board)) {
    if (before.get(id) === look) continue;
    const link = board.querySelector(`[data-visit="${id}"]`);
    link.closest(".visit").classList.add("is-changed");
    setTimeout(() => link.closest(".visit")?.classList.remove("is-changed"), 5000);
    names.push(link.title.split(",")[0]);
  }
  if (names.length) document.getElementById("live").textContent = `Changed: ${names.slice(0, 4).join(", ")}`;
}

export function mount(board) {
  let since = new Date();
  const away = (words) => {
    const line = board.querySelector("[data-away]");
    if (!line) return;
    line.hidden = !words;
    line.textContent = words;
  };
  const show = async (url, mark) => {
    const fresh = await fetchFragment(url, mark ? board.dataset.etag : "");
    since = new Date();
    if (fresh) {
      const before = looks(board);
      swap(board, fresh.html);
      board.dataset.etag = fresh.etag;
      if (mark) markChanges(board, before);
    }
    away("");
  };
  const refresh = async () => {
    if (document.hidden || busy(board) || document.querySelector("dialog[open]")) return;
    try {
      await show(board.dataset.url, true);
    } catch {
      away(`Not updated since ${clock(since)}. Board is read only until the connection is back.`);
    }
  };
  board.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-keep]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await show(link.href, false);
      board.dataset.url = link.href;
      history.replaceState(null, "", link.href);
    } catch {
      location.assign(link.href);
    }
  });
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
