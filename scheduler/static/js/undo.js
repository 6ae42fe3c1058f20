// Counts the seconds in which a change can be undone; Z undoes it, then the bar leaves.
const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

export function mount(bar) {
  const words = bar.querySelector("[data-undo-words]");
  const progress = bar.querySelector("progress");
  const end = Date.now() + 1000 * Number(bar.dataset.seconds);
  const onKey = (event) => {
    if (event.key.toLowerCase() === "z" && !event.ctrlKey && !event.metaKey && !typing(event.target)) {
      event.preventDefault();
      bar.requestSubmit();
    }
  };
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    progress.value = left;
    words.setAttribute("aria-hidden", "true");
    words.textContent = `Undo for ${left} s.`;
    if (left > 0) return;
    clearInterval(timer);
    document.removeEventListener("keydown", onKey);
    if (bar.contains(document.activeElement)) document.getElementById("main")?.focus();
    bar.remove();
  };
  document.addEventListener("keydown", onKey);
  const timer = setInterval(tick, 1000);
}
