// @ts-check
// Shows the print button, which does nothing without script.

for (const button of document.querySelectorAll('[data-print]')) {
  if (button instanceof HTMLElement) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}
