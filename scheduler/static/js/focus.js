// Gives focus to what needs an answer, such as the list of errors after a refused form.
export function mount(element) {
  element.focus();
}
