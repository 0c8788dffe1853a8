// @ts-check
// Asks the quiz of the page, marks each answer and tells the adapter, which tells the learning system. An answer
// may be given again; the last one counts.
'use strict';

(async () => {
  const told = JSON.parse(document.getElementById('melek')?.textContent || '{}');
  const items = told.items || [], words = told.words;
  const lms = /** @type {any} */ (globalThis).melekLMS;
  const state = await lms.open();
  /** @type {Record<string, number>} */
  const marks = state.marks || {};

  /** @param {HTMLFormElement} form @returns {string[]} */
  function answerOf(form) {
    const data = new FormData(form);
    switch (form.dataset.type) {
      case 'order': {
        const places = [...data.entries()].filter((e) => e[1] !== '');
        return new Set(places.map((e) => e[1])).size < places.length ? [] :
          places.sort((a, b) => Number(a[1]) - Number(b[1])).map((e) => e[0]);
      }
      case 'match':
        return [...data.entries()].filter((e) => e[1] !== '').map((e) => e[0] + '=' + e[1]);
    }
    return data.getAll('answer').map(String).filter((a) => a.trim() !== '');
  }

  /** @param {Element} to @param {string[]} lines */
  function say(to, lines) {
    to.replaceChildren(...lines.filter(Boolean).map((line) => {
      const p = document.createElement('p');
      p.textContent = line;
      return p;
    }));
  }

  function standing() {
    const done = items.filter((/** @type {any} */ it) => it.id in marks);
    const right = done.filter((/** @type {any} */ it) => marks[it.id] === 1).length;
    const finished = done.length === items.length;
    const progress = document.getElementById('progress');
    if (progress) {
      const line = (finished ? words.finished : words.progress).replace('{right}', String(right))
        .replace('{done}', String(done.length)).replace('{all}', String(items.length));
      say(progress, [line, lms.connected ? '' : words.offline]);
    }
    return { finished, score: items.length ? Math.round(100 * right / items.length) : 100 };
  }

  for (const form of document.querySelectorAll('form')) {
    const item = items.find((/** @type {any} */ it) => it.id === form.dataset.item);
    const said = form.querySelector('.said');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const answer = answerOf(form);
      if (!said) return;
      if (answer.length === 0 || !(/** @type {any} */ (globalThis)).melekValid(item, answer)) {
        say(said, [words.choose]);
        return;
      }
      marks[item.id] = (/** @type {any} */ (globalThis)).melekMark(item, answer);
      const whys = answer.map((id) => item.whys[id]);
      say(said, marks[item.id] ? [words.right, ...whys, item.why] :
        [words.not_yet, ...whys, words.right_answer + ' ' + item.right, item.why]);
      lms.report({ marks, last: item.id, ...standing() });
    });
  }
  if (standing().finished && items.length === 0) lms.report({ marks, last: '', ...standing() });
})();
