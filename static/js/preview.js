// @ts-check
// Shows what is being written as it will be seen, while it is written. The server makes the preview, as it does
// for the button, which works without script; nothing is kept by it.

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button whose address makes the preview
 * @param {HTMLElement} place
 * @param {typeof fetch} ask
 * @param {number} patience milliseconds after the last key
 */
export function live(form, button, place, ask, patience) {
  let last = 0;
  let timer = 0;

  const show = async () => {
    const turn = ++last;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.append(name, String(value));
    try {
      const answer = await ask(button.formAction, { method: 'POST', body: fields, headers: { 'X-Part': 'preview' } });
      if (!answer.ok || turn !== last) return; // another one is on its way, or the button will say what is wrong
      place.innerHTML = await answer.text();
      form.ownerDocument.getElementById('preview-none')?.remove();
    } catch {
      // Without a line the last preview stays.
    }
  };

  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(show, patience);
  });
  button.addEventListener('click', (event) => {
    event.preventDefault();
    show().then(() => place.scrollIntoView({ block: 'nearest' }));
  });
  show();
}

const form = document.getElementById('writing');
const button = document.querySelector('[data-preview]');
const place = document.getElementById('preview');
if (form instanceof HTMLFormElement && button instanceof HTMLButtonElement && place) {
  live(form, button, place, fetch.bind(window), 400);
}
