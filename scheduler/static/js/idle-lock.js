// Locks the page after minutes without a key or a click; what was typed stays underneath.
const LAST = "scheduler.last-touch";

function lockDialog(template) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await unlock(dialog, event.target);
  });
}

async function unlock(dialog, form) {
  const problem = dialog.querySelector("[data-problem]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" })
    .catch(() => null);
  if (answer?.ok) {
    localStorage.setItem(LAST, String(Date.now()));
    dialog.close(); // gives the focus back to where somebody typed
    dialog.remove();
    return;
  }
  problem.hidden = false;
  problem.textContent = answer ? await answer.text() : "The server cannot be reached. Try again.";
  form.elements.password.select();
}

export function mount(body) {
  const template = document.getElementById("lock");
  if (!template) return;
  const limit = 60000 * Number(body.dataset.idleMinutes);
  const touch = () => localStorage.setItem(LAST, String(Date.now()));
  const locked = () => document.querySelector("dialog.lock") !== null;
  const lock = async () => {
    await fetch(template.dataset.lockUrl, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    }).catch(() => null);
    if (!locked()) lockDialog(template);
  };
  touch();
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => { if (!locked()) touch(); }, { passive: true });
  }
  setInterval(() => {
    if (!locked() && Date.now() - Number(localStorage.getItem(LAST)) > limit) lock();
  }, 5000);
}
