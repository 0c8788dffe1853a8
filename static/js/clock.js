// @ts-check
// Counts on the time left of a test. It starts from the seconds that the server sent, not from the
// device's clock. It speaks at five minutes and at one, not every second; at the end it sends what
// is on the page.

/**
 * @param {HTMLElement} clock
 * @param {() => number} now milliseconds that only go forward
 * @param {() => void} over called once at the end
 */
export function count(clock, now, over) {
  const face = clock.querySelector('b');
  const voice = clock.ownerDocument.createElement('span');
  voice.className = 'unseen';
  voice.setAttribute('aria-live', 'polite');
  clock.after(voice);
  const end = now() + 1000 * Number(clock.dataset.seconds);
  let last = Number(clock.dataset.seconds);

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - now()) / 1000));
    if (face) face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    for (const minutes of [5, 1]) {
      if (last > 60 * minutes && left <= 60 * minutes) {
        voice.textContent = (clock.dataset.say ?? '').replace('{0}', String(minutes));
      }
    }
    clock.classList.toggle('short', left <= 60);
    last = left;
    if (left > 0) {
      setTimeout(tick, 500);
    } else {
      over();
    }
  };
  tick();
}

const clock = document.querySelector('.clock');
if (clock instanceof HTMLElement) {
  count(clock, () => performance.now(), () => {
    const button = document.querySelector('[data-over]');
    const form = document.getElementById('question');
    if (form instanceof HTMLFormElement && button instanceof HTMLButtonElement) {
      form.requestSubmit(button);
    } else {
      location.reload();
    }
  });
}
