// @ts-check
// What is marked data-live is asked for anew every now and then, while somebody looks: the screen
// of a hall counts who is in. Without script, or where another page answers, it stays as it was.

const every = 15_000;

/**
 * @param {Document} page
 * @param {(address: string) => Promise<Response>} ask
 */
export async function renew(page, ask) {
  const answer = await ask(page.location.href);
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const old of page.querySelectorAll('[data-live]')) {
    const now = fresh.getElementById(old.id);
    if (now && now.textContent !== old.textContent) old.textContent = now.textContent;
  }
}

setInterval(() => {
  if (document.visibilityState === 'visible') renew(document, (address) => fetch(address)).catch(() => {});
}, every);
