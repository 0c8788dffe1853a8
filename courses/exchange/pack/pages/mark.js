// @ts-check
// Marks an answer as courses.Item.Mark does; courses/testdata/marking.json holds both to the same examples.
'use strict';

/** Signs that look alike, written as one. @type {[RegExp, string][]} */
const SIGNS = [[/[‘’ʼ`]/g, "'"], [/[“”]/g, '"'], [/[‐‒–—−]/g, '-'], [/ς/g, 'σ']];

/** What two spellings have in common. @param {string} text */
function fold(text) {
  let bare = text.normalize('NFKD').replace(/[\p{Mn}\p{Cf}]/gu, '').toLowerCase();
  for (const [sign, one] of SIGNS) bare = bare.replace(sign, one);
  return bare.split(/[\s\u0085]+/u).filter(Boolean).join(' ');
}

/** The numbers that a writing can mean. @param {string} written */
function readings(written) {
  const parts = /^\s*([-−–+]?)\s*(.*?)\s*$/su.exec(written);
  if (!parts || parts[2].length > 40) return [];
  const sign = parts[1] === '' || parts[1] === '+' ? 1 : -1;
  const s = parts[2];
  /** @type {string[]} */
  const all = [];
  if (/^[0-9]*[.,]?[0-9]+$/.test(s)) all.push(s.replace(',', '.'));
  if (/^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$/.test(s)) all.push(s.replaceAll('.', '').replace(',', '.'));
  if (/^[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$/.test(s)) all.push(s.replaceAll(',', ''));
  return all.map((n) => sign * Number(n));
}

/**
 * @typedef {{type: string, options: string[] | null, targets: string[] | null, key: string[], tolerance: number}} Markable
 * @param {Markable} item @param {string[]} answer
 */
function valid(item, answer) {
  const options = item.options || [], targets = item.targets || [];
  /** @param {string[]} given */
  const chooses = (given) => new Set(given).size === given.length && given.every((id) => options.includes(id));
  if (answer.length === 0) return true;
  switch (item.type) {
    case 'order': return answer.length === options.length && chooses(answer);
    case 'match': {
      const pairs = answer.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]);
      return pairs.length === options.length && answer.every((pair) => pair.includes('=')) &&
        pairs.every((p) => targets.includes(p[1])) && chooses(pairs.map((p) => p[0]));
    }
    case 'number': return answer.length === 1 && readings(answer[0]).length > 0;
    case 'text': return answer.length === 1 && [...answer[0]].length <= 200 && fold(answer[0]) !== '';
  }
  return (answer.length === 1 || item.type === 'several') && chooses(answer);
}

/** @param {Markable} item @param {string[]} answer */
function mark(item, answer) {
  if (answer.length === 0 || !valid(item, answer)) return 0;
  /** @param {string[]} a @param {string[]} b */
  const same = (a, b) => a.length === b.length && a.every((each, i) => each === b[i]);
  let right = false;
  if (item.type === 'order') right = same(answer, item.key);
  else if (item.type === 'number') {
    right = readings(answer[0]).some((n) => item.key.some((key) =>
      Math.abs(n - Number(key)) <= (item.tolerance || 0) + 1e-9 * Math.max(1, Math.abs(Number(key)))));
  } else if (item.type === 'text') right = item.key.some((key) => fold(key) === fold(answer[0]));
  else right = same([...answer].sort(), [...item.key].sort());
  return right ? 1 : 0;
}

Object.assign(globalThis, { melekMark: mark, melekValid: valid });
