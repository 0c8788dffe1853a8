// @ts-check
// Speaks to a learning system by the API of SCORM 1.2. Where there is none, the page works and says so.
'use strict';

(() => {
  /** The system puts its API on a frame above or on the window that opened this one. @param {any} from */
  function find(from) {
    for (let w = from, steps = 0; w && steps < 20; steps++) {
      try {
        if (w.API) return w.API;
      } catch { return null; } // a frame of another origin
      if (w.parent === w) return null;
      w = w.parent;
    }
    return null;
  }
  const api = find(window) || (window.opener && find(window.opener));
  const began = Date.now();
  let open = false, finished = false;

  /** @param {string} name @param {string} value */
  const set = (name, value) => api.LMSSetValue(name, value);

  function time() {
    const s = Math.floor((Date.now() - began) / 1000);
    const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
    return two(Math.floor(s / 3600)).padStart(4, '0') + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
  }

  function leave() {
    if (!open) return;
    open = false;
    set('cmi.core.session_time', time());
    set('cmi.core.exit', finished ? '' : 'suspend');
    api.LMSCommit('');
    api.LMSFinish('');
  }

  Object.assign(globalThis, { melekLMS: {
    connected: Boolean(api),
    async open() {
      if (!api || String(api.LMSInitialize('')) !== 'true') {
        this.connected = false;
        return {};
      }
      open = true;
      addEventListener('pagehide', leave);
      const status = api.LMSGetValue('cmi.core.lesson_status');
      finished = status === 'completed' || status === 'passed';
      if (status === 'not attempted' || status === '') {
        set('cmi.core.lesson_status', 'incomplete');
        api.LMSCommit('');
      }
      try {
        return { marks: JSON.parse(api.LMSGetValue('cmi.suspend_data') || '{}') };
      } catch { return {}; } // of another version of the package
    },
    /** @param {{marks: object, last: string, score: number, finished: boolean}} standing */
    report(standing) {
      if (!open) return;
      set('cmi.core.lesson_location', standing.last);
      set('cmi.suspend_data', JSON.stringify(standing.marks));
      if (standing.finished) {
        set('cmi.core.score.min', '0');
        set('cmi.core.score.max', '100');
        set('cmi.core.score.raw', String(standing.score));
        set('cmi.core.lesson_status', 'completed');
        finished = true;
      }
      api.LMSCommit('');
    },
  } });
})();
