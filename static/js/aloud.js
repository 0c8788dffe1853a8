// @ts-check
// Offers to read the page aloud where the device has a voice of its language. What reads is fetched only when
// somebody asks for it.

/** How long a device may take to name its voices. */
const PATIENCE = 3000;
const RATE = 'melek-aloud-rate';

/**
 * @param {string} tag of a language; old phones write in_ID for id-ID
 */
const language = (tag) => tag.toLowerCase().split(/[-_]/)[0].replace(/^in$/, 'id');

/**
 * voiceOf prefers a voice that needs no network.
 * @param {SpeechSynthesisVoice[]} voices
 * @param {string} lang
 */
export function voiceOf(voices, lang) {
  const own = voices.filter((voice) => language(voice.lang) === language(lang));
  return own.find((voice) => voice.localService) ?? own[0];
}

/**
 * @param {HTMLElement} bar
 * @param {Element} root what is read
 * @param {SpeechSynthesis} synth
 */
export function offer(bar, root, synth) {
  const lang = document.documentElement.lang;
  const missing = document.querySelector('[data-voiceless]');
  const look = () => {
    const voices = synth.getVoices();
    const voice = voiceOf(voices, lang);
    bar.hidden = !voice;
    if (missing instanceof HTMLElement) missing.hidden = !!voice || voices.length === 0;
    return voice;
  };
  if (!look()) {
    synth.addEventListener?.('voiceschanged', look);
    setTimeout(look, PATIENCE); // not every browser says when its voices have come
  }
  wire(bar, root, synth);
}

/**
 * wire makes the buttons work. The first one reads, pauses and goes on; it stays in its place, so that the
 * keyboard's focus does.
 * @param {HTMLElement} bar
 * @param {Element} root
 * @param {SpeechSynthesis} synth
 */
function wire(bar, root, synth) {
  const [go, stop, rate] = ['[data-go]', '[data-stop]', 'select'].map((found) => bar.querySelector(found));
  const more = bar.querySelector('[data-more]');
  if (!(go instanceof HTMLButtonElement && stop instanceof HTMLButtonElement && rate instanceof HTMLSelectElement &&
    more instanceof HTMLElement)) return;
  rate.value = remembered() ?? rate.value;

  /** @type {import('./speech.js').Reader | undefined} */
  let reader;
  /** @param {'idle' | 'reading' | 'paused'} state */
  const become = (state) => {
    bar.dataset.state = state;
    go.textContent = go.dataset[state] ?? '';
    more.hidden = state === 'idle';
  };

  go.addEventListener('click', async () => {
    if (bar.dataset.state === 'reading') {
      become('paused');
      reader?.pause();
      return;
    }
    become('reading');
    if (!reader) {
      const [{ Reader }, { passages }, { mark }] = await Promise.all([
        import('./speech.js'), import('./passages.js'), import('./mark.js')]);
      const mouth = { synth, utter: (/** @type {string} */ text) => new SpeechSynthesisUtterance(text),
        voice: (/** @type {string} */ lang) => voiceOf(synth.getVoices(), lang) };
      reader = new Reader(mouth, passages(root), Number(rate.value), (passage) => {
        mark(passage);
        if (!passage) become('idle');
      });
    }
    if (bar.dataset.state === 'reading') reader.read();
  });
  stop.addEventListener('click', () => {
    go.focus();
    reader?.stop();
    become('idle');
  });
  rate.addEventListener('change', () => {
    remember(rate.value);
    reader?.setRate(Number(rate.value));
  });
  window.addEventListener('pagehide', () => synth.cancel());
}

function remembered() {
  try {
    return localStorage.getItem(RATE);
  } catch {
    return null; // a browser may forbid it
  }
}

/** @param {string} rate */
function remember(rate) {
  try {
    localStorage.setItem(RATE, rate);
  } catch {
    // it is then asked again on the next page
  }
}

const bar = document.querySelector('.aloud');
const root = document.querySelector('main');
if (bar instanceof HTMLElement && root && 'speechSynthesis' in window) offer(bar, root, window.speechSynthesis);
