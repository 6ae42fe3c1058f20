// Sends a filter form as soon as a choice changes; its button stays for those without a pointer.
export function mount(form) {
  form.addEventListener("change", () => form.requestSubmit());
}
