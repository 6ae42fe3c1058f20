// A print page prints itself once; its button prints again.
export function mount(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  if (new URLSearchParams(location.search).has("now")) window.addEventListener("load", () => window.print());
}
