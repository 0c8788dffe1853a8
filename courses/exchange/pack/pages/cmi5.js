// @ts-check
// Speaks to a learning system by cmi5: takes what it was launched with, and sends initialized, completed, passed or
// failed, and terminated, each as the context template asks. Opened by hand, the page works and says so.
'use strict';

(() => {
  const query = new URLSearchParams(location.search);
  const [endpoint, fetchURL, registration, activity] =
    ['endpoint', 'fetch', 'registration', 'activityId'].map((name) => query.get(name) || '');
  const CATEGORY = 'https://w3id.org/xapi/cmi5/context/categories/';
  const MASTERY = 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore';
  const began = Date.now();
  /** @type {any} */
  let actor, launch;
  let token = '', ended = false;
  /** @type {{marks: object, completed?: boolean, passed?: boolean, failed?: number}} */
  let kept = { marks: {} };
  let queue = Promise.resolve(); // statements go one after the other, as the specification wants them

  /** @param {string} path @param {RequestInit} [how] @param {Record<string, string>} [params] */
  function call(path, how = {}, params = {}) {
    const url = endpoint.replace(/\/?$/, '/') + path + '?' + new URLSearchParams(params);
    return fetch(url, { ...how, headers: { 'Authorization': 'Basic ' + token, 'X-Experience-API-Version': '1.0.3',
      'Content-Type': 'application/json' } });
  }

  /** @param {string} stateId */
  const place = (stateId) => ({ activityId: activity, agent: JSON.stringify(actor), registration, stateId });

  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 15 | 64;
    b[8] = b[8] & 63 | 128;
    const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** @param {string} verb @param {object} [result] @param {boolean} [judged] by the mastery score */
  function statement(verb, result, judged) {
    const context = structuredClone(launch.contextTemplate || {});
    context.registration = registration;
    context.contextActivities ||= {};
    const category = context.contextActivities.category ||= [];
    for (const id of result && verb !== 'terminated' ? ['cmi5', 'moveon'] : ['cmi5']) {
      if (!category.some((/** @type {any} */ c) => c.id === CATEGORY + id)) category.push({ id: CATEGORY + id });
    }
    if (judged) context.extensions = { ...context.extensions, [MASTERY]: launch.masteryScore };
    return { id: uuid(), timestamp: new Date().toISOString(), actor, context, result,
      verb: { id: 'http://adlnet.gov/expapi/verbs/' + verb, display: { en: verb } }, object: { objectType: 'Activity', id: activity } };
  }

  const duration = () => 'PT' + ((Date.now() - began) / 1000).toFixed(2) + 'S';

  /** @param {string} verb @param {object} [result] @param {boolean} [judged] */
  async function send(verb, result, judged) {
    const s = statement(verb, result, judged);
    const answer = await call('statements', { method: 'PUT', body: JSON.stringify(s) }, { statementId: s.id });
    if (!answer.ok) throw new Error('the statement ' + verb + ' was answered with ' + answer.status);
  }

  function leave() {
    if (ended || !launch) return;
    ended = true;
    const s = statement('terminated', { duration: duration() });
    // The page is going, so the request has to outlive it.
    void call('statements', { method: 'PUT', body: JSON.stringify(s), keepalive: true }, { statementId: s.id });
  }

  async function begin() {
    actor = JSON.parse(query.get('actor') || 'null');
    token = (await (await fetch(fetchURL, { method: 'POST' })).json())['auth-token'];
    launch = await (await call('activities/state', {}, place('LMS.LaunchData'))).json();
    // The specification wants the preferences asked for before anything is said; the page has no use for them.
    await call('agents/profile', {}, { agent: JSON.stringify(actor), profileId: 'cmi5LearnerPreferences' });
    const before = await call('activities/state', {}, place('melek'));
    if (before.ok) kept = { ...kept, ...await before.json() };
    await send('initialized');
    addEventListener('pagehide', leave);
    const button = document.getElementById('leave');
    if (button && launch.returnURL) {
      button.hidden = false;
      button.addEventListener('click', async () => {
        await queue;
        leave();
        location.href = launch.returnURL;
      });
    }
  }

  /** @param {{marks: object, score: number, finished: boolean}} standing */
  async function tell(standing) {
    kept.marks = standing.marks;
    if (standing.finished && (launch.launchMode || 'Normal') === 'Normal') {
      const scaled = standing.score / 100;
      if (!kept.completed) {
        await send('completed', { completion: true, duration: duration() });
        kept.completed = true;
      }
      if (typeof launch.masteryScore === 'number' && !kept.passed) {
        const passed = scaled >= launch.masteryScore;
        if (passed || kept.failed !== scaled) {
          await send(passed ? 'passed' : 'failed', { success: passed, duration: duration(),
            score: { scaled, raw: standing.score, min: 0, max: 100 } }, true);
          if (passed) kept.passed = true;
          else kept.failed = scaled;
        }
      }
    }
    await call('activities/state', { method: 'PUT', body: JSON.stringify(kept) }, place('melek'));
  }

  const lms = {
    connected: false,
    async open() {
      if (!endpoint || !fetchURL) return {};
      try {
        await begin();
        this.connected = true;
      } catch (error) {
        launch = undefined;
        console.error(error);
      }
      return { marks: kept.marks };
    },
    /** @param {{marks: object, last: string, score: number, finished: boolean}} standing */
    report(standing) {
      if (!this.connected || ended) return;
      const now = structuredClone(standing);
      queue = queue.then(() => tell(now)).catch((error) => console.error(error));
    },
  };
  Object.assign(globalThis, { melekLMS: lms });
})();
