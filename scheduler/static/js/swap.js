// Fetches a page's fragment and swaps it in, keeping focus and scroll. Used by other modules.
const FRAGMENT = "text/vnd.fragment+html";
const KEPT = [".day-main", ".day-side", ".board-frame", ".pop-body"];

export async function fetchFragment(url, etag = "") {
  const headers = { Accept: FRAGMENT };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
  if (answer.status === 304) return null;
  if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
  return { html: await answer.text(), etag: answer.headers.get("ETag") ?? "" };
}

export function swap(place, html) {
  const active = place.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolls = KEPT.map((name) => place.querySelector(name)).map((e) => [e?.scrollLeft, e?.scrollTop]);
  const open = [...place.querySelectorAll("details[open] > summary")].map((s) => s.textContent);
  place.replaceChildren(document.createRange().createContextualFragment(html));
  for (const summary of place.querySelectorAll("details > summary")) {
    summary.parentElement.open = open.includes(summary.textContent);
  }
  KEPT.forEach((name, at) => {
    const element = place.querySelector(name);
    if (element && scrolls[at][1] !== undefined) [element.scrollLeft, element.scrollTop] = scrolls[at];
  });
  place.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
  if (active) document.getElementById(active)?.focus({ preventScroll: true });
}
