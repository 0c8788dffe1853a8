// @ts-check
// Reads passages aloud one after another. Pausing stops the voice and remembers the passage, because the pause of
// the devices themselves does not work on many phones.

/** @typedef {import('./passages.js').Passage} Passage */

/**
 * @typedef {object} Mouth what is needed of the device
 * @property {SpeechSynthesis} synth
 * @property {(text: string) => SpeechSynthesisUtterance} utter
 * @property {(lang: string) => SpeechSynthesisVoice | undefined} voice
 */

export class Reader {
  /**
   * @param {Mouth} mouth
   * @param {Passage[]} passages
   * @param {number} rate
   * @param {(now: Passage | undefined) => void} show marks what is being read; nothing at the end
   */
  constructor(mouth, passages, rate, show) {
    this.mouth = mouth;
    this.passages = passages;
    this.rate = rate;
    this.show = show;
    this.next = 0;
    /** The utterance being spoken. It is held here, for some browsers forget one that nobody holds. */
    this.current = /** @type {SpeechSynthesisUtterance | undefined} */ (undefined);
  }

  /** read speaks from where it was left. */
  read() {
    this.hush();
    const passage = this.passages[this.next];
    this.show(passage);
    if (!passage) {
      this.next = 0;
      return;
    }
    const utterance = this.mouth.utter(passage.text);
    utterance.lang = passage.lang;
    utterance.rate = this.rate;
    utterance.voice = this.mouth.voice(passage.lang) ?? null;
    // What an utterance says after another has taken its place is no longer meant.
    const on = () => {
      if (this.current !== utterance) return;
      this.next++;
      this.read();
    };
    utterance.onend = on;
    utterance.onerror = on;
    this.current = utterance;
    this.mouth.synth.speak(utterance);
  }

  pause() {
    this.hush();
  }

  stop() {
    this.hush();
    this.next = 0;
    this.show(undefined);
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    if (this.current) this.read();
  }

  hush() {
    this.current = undefined;
    this.mouth.synth.cancel();
  }
}
