// The keyboard on the board: one tab stop, arrows between visits, single keys for what a visit needs next.
const visits = (board) => [...board.querySelectorAll("[data-visit]")];
const rowOf = (link) => link.closest(".board-row");

function rove(board, link) {
  for (const other of visits(board)) other.tabIndex = other === link ? 0 : -1;
}

function nearest(row, column) {
  const far = (link) => Math.abs(Number(link.dataset.starts) - column);
  return [...row.querySelectorAll("[data-visit]")].sort((a, b) => far(a) - far(b))[0];
}

function beside(board, link, down) {
  const rows = [...board.querySelectorAll(".board-row")].filter((row) => row.querySelector("[data-visit]"));
  const row = rows[rows.indexOf(rowOf(link)) + (down ? 1 : -1)];
  return row && nearest(row, Number(link.dataset.starts));
}

function along(link, forward) {
  const row = [...rowOf(link).querySelectorAll("[data-visit]")];
  return row[row.indexOf(link) + (forward ? 1 : -1)];
}

function problem(board, link, back) {
  const all = visits(board);
  const turned = [...all.slice(all.indexOf(link) + 1), ...all.slice(0, all.indexOf(link))];
  return (back ? turned.reverse() : turned).find((one) => "problem" in one.dataset);
}

function post(link) {
  const form = document.createElement("form");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const fields = { csrf_token: token, step: link.dataset.step, version: link.dataset.version };
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  Object.assign(form, { method: "post", action: link.dataset.stepUrl, hidden: true });
  document.body.append(form);
  form.submit();
}

function act(board, link, key) {
  const { stepKey, step, stepUrl, moveUrl, cancelUrl } = link.dataset;
  if (key === "m") location.assign(moveUrl);
  else if (key === "x") location.assign(cancelUrl);
  else if ((key === "a" || key === "s") && stepKey === key.toUpperCase()) {
    if (step === "discharged") location.assign(stepUrl);
    else post(link);
  } else if (key === "p") location.assign(board.dataset.print);
  else if (key === "f" && board.dataset.find) location.assign(board.dataset.find);
  else if (key === "d") document.getElementById("go")?.focus();
  else if (key === "?") document.getElementById("keys").showModal();
  else return false;
  return true;
}

function target(board, link, event) {
  switch (event.key) {
    case "ArrowRight": return along(link, true);
    case "ArrowLeft": return along(link, false);
    case "ArrowDown": return beside(board, link, true);
    case "ArrowUp": return beside(board, link, false);
    case "Home": return rowOf(link).querySelector("[data-visit]");
    case "End": return [...rowOf(link).querySelectorAll("[data-visit]")].at(-1);
    default: return undefined;
  }
}

export function mount(board) {
  const start = () => {
    const all = visits(board);
    const first = board.querySelector(".visit[aria-current] [data-visit]") ?? all[0];
    rove(board, all.includes(document.activeElement) ? document.activeElement : first);
  };
  board.addEventListener("focusin", (event) => {
    if (event.target.dataset?.visit) rove(board, event.target);
  });
  board.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const close = board.querySelector(".day-side [aria-label='Close details']");
      const back = board.querySelector("[data-visit][tabindex='0']");
      back?.focus();
      if (close && !event.target.dataset.visit) close.click();
      return;
    }
    const link = event.target.closest?.("[data-visit]");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const arrow = target(board, link, event);
    const next = key === "n" && board.dataset.keys === "on" ? problem(board, link, event.shiftKey) : arrow;
    if (next) next.focus();
    else if (board.dataset.keys !== "on" || !act(board, link, key)) return;
    event.preventDefault();
  });
  board.addEventListener("swapped", start);
  start();
}
