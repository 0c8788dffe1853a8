// @ts-check
// A form is sent once, however often its button is pressed on a slow line. The server is safe
// against sending twice; this spares the line and the doubt.

/**
 * @param {Document} page
 * @param {Window} view
 */
export function sendOnce(page, view) {
  page.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method === 'get') return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    const button = /** @type {SubmitEvent} */ (event).submitter;
    button?.setAttribute('aria-busy', 'true');
  });
  // A page that comes back from the browser's memory can be sent again.
  view.addEventListener('pageshow', () => {
    for (const form of page.forms) {
      delete form.dataset.sent;
      for (const busy of form.querySelectorAll('[aria-busy]')) busy.removeAttribute('aria-busy');
    }
  });
}

sendOnce(document, window);
