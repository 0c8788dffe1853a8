// @ts-check
// Marks the passage that is being read: its block by a class, the sentence itself where browsers can.

const SPOKEN = 'spoken';

/** @type {Element | undefined} */
let marked;

/** @param {import('./passages.js').Passage | undefined} passage nothing takes the mark away */
export function mark(passage) {
  marked?.classList.remove(SPOKEN);
  marked = passage?.block.closest('.face') ?? passage?.block;
  marked?.classList.add(SPOKEN);
  if (typeof Highlight === 'function') {
    if (passage) CSS.highlights.set(SPOKEN, new Highlight(passage.range));
    else CSS.highlights.delete(SPOKEN);
  }
  marked?.scrollIntoView({ block: 'nearest' });
}
