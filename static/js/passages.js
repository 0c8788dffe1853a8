// @ts-check
// Cuts a part of a page into passages to be spoken: a sentence each, with where it stands.

/**
 * @typedef {object} Passage
 * @property {string} text
 * @property {string} lang of the text, such as id
 * @property {Element} block the smallest thing around it that can be marked
 * @property {Range} range the sentence itself
 */

const BLOCKS = 'h1, h2, h3, h4, p, li, dt, dd, blockquote, figcaption, caption, th, td, legend, label, summary, ' +
  '.letter, .face, .button';
const SILENT = '[hidden], [aria-hidden=true], [data-silent], script, style, template, select, textarea, svg, nav';

/** Sentences longer than this are cut at a comma or a space: some voices stop in the middle of long ones. */
const LONGEST = 200;

/** Words that end in a full stop within a sentence. */
const SHORTENED = /(?:^|[\s("«“])(?:no|jl|kec|kab|kel|hlm|dr|drs|ir|h|hj|mr|mrs|ms|st|e\.g|i\.e|a\.n|u\.p)\.$/i;

/**
 * sentences returns where the sentences of a text begin and end.
 * @param {string} text
 * @returns {[number, number][]}
 */
export function sentences(text) {
  /** @type {[number, number][]} */
  const found = [];
  let from = 0;
  for (const end of text.matchAll(/[.!?…]+["'”’»)\]]*(?=\s|$)/g)) {
    const to = end.index + end[0].length;
    if (end[0] === '.' && SHORTENED.test(text.slice(from, to))) continue;
    keep(found, text, from, to);
    from = to;
  }
  keep(found, text, from, text.length);
  return found;
}

/**
 * keep adds what lies between from and to without the spaces around it, cut where it is too long.
 * @param {[number, number][]} found
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function keep(found, text, from, to) {
  while (from < to && /\s/.test(text[from])) from++;
  while (from < to && /\s/.test(text[to - 1])) to--;
  if (!/[\p{L}\p{N}]/u.test(text.slice(from, to))) return;
  if (to - from <= LONGEST) {
    found.push([from, to]);
    return;
  }
  const part = text.slice(from, from + LONGEST);
  const comma = Math.max(part.lastIndexOf(', '), part.lastIndexOf('; '), part.lastIndexOf(': ')) + 1;
  const cut = from + (comma || part.lastIndexOf(' ') || LONGEST);
  keep(found, text, from, cut > from ? cut : from + LONGEST);
  keep(found, text, cut > from ? cut : from + LONGEST, to);
}

/**
 * passages returns all that can be read below the root, in order.
 * @param {Element} root
 * @returns {Passage[]}
 */
export function passages(root) {
  /** @type {Passage[]} */
  const all = [];
  for (const run of runs(root)) {
    const lang = run.block.closest('[lang]')?.getAttribute('lang') ?? '';
    for (const [from, to] of sentences(run.text)) {
      const range = root.ownerDocument.createRange();
      range.setStart(...place(run, from));
      range.setEnd(...place(run, to - 1));
      range.setEnd(range.endContainer, range.endOffset + 1);
      all.push({ text: run.text.slice(from, to).replace(/\s+/g, ' '), lang, block: run.block, range });
    }
  }
  return all;
}

/**
 * @typedef {object} Run the text of one block
 * @property {Element} block
 * @property {string} text
 * @property {{node: Text, from: number}[]} pieces
 */

/**
 * runs walks over the text that can be seen and puts together what stands in one block.
 * @param {Element} root
 */
function runs(root) {
  /** @type {Run[]} */
  const all = [];
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof Element && (node.matches(SILENT) || !shown(node)) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let run = all.at(-1);
    if (node instanceof Element) {
      if (node.localName === 'br' && run) run.text += ' ';
      continue;
    }
    if (!(node instanceof Text) || !node.parentElement) continue;
    const block = node.parentElement.closest(BLOCKS) ?? node.parentElement;
    if (run?.block !== block) all.push(run = { block, text: '', pieces: [] });
    run.pieces.push({ node, from: run.text.length });
    run.text += node.data;
  }
  return all;
}

/** @param {Element} element */
function shown(element) {
  return element.checkVisibility?.() ?? true;
}

/**
 * place returns the node and the place in it of a letter of the run.
 * @param {Run} run
 * @param {number} at
 * @returns {[Text, number]}
 */
function place(run, at) {
  let i = run.pieces.length - 1;
  while (i > 0 && run.pieces[i].from > at) i--;
  return [run.pieces[i].node, at - run.pieces[i].from];
}
