// Asking the service, and hearing what it tells: what is late, broken off, refused, or too much.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import * as api from '../../../daemon/page/api.js';
import { showing } from '../../../daemon/page/bits.js';
import { el } from '../../../daemon/page/dom.js';
import { Live } from '../../../daemon/page/live.js';
import { begin, settle } from './stage.mjs';

const answersOfStage = globalThis.fetch;
const realTimeout = AbortSignal.timeout;
let late;
let waited;
beforeEach(() => {
  begin();
  late = new AbortController();
  waited = [];
  AbortSignal.timeout = (time) => {
    waited.push(time);
    return late.signal;
  };
});
afterEach(() => {
  globalThis.fetch = answersOfStage;
  AbortSignal.timeout = realTimeout;
});

const pass = () => late.abort(new DOMException('late', 'TimeoutError'));
/// Nobody answers before the signal says to give up.
function silent() {
  globalThis.fetch = (request, { signal }) => new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
const refused = (call) => call.then(() => assert.fail('it was answered'), (error) => error);
const refusedWith = (status, text) => {
  globalThis.fetch = async () => ({ ok: status < 300, status, text: async () => text, json: async () => JSON.parse(text) });
  return refused(api.get('/v1/status'));
};

test('who waits for an answer waits 30 seconds, and is told so', async () => {
  silent();
  const call = refused(api.get('/v1/status'));
  pass();
  const error = await call;
  assert.deepEqual(waited, [30_000]);
  assert.deepEqual([error.name, error.status, error.code], ['Error', 0, 'late']);
  assert.match(error.message, /not answered for 30 seconds\..*asks again/);
});

test('of a decision that is late nobody knows whether it was done, and that is said', async () => {
  silent();
  const call = refused(api.post('/v1/approve', {}, 'token'));
  pass();
  const error = await call;
  assert.deepEqual(waited, [60_000]);
  assert.match(error.message, /Nobody knows whether it was done: look at the plan again/);
});

test('a call that is broken off for a newer one is no refusal', async () => {
  silent();
  const ask = api.onlyLast();
  const first = refused(ask('/v1/search', { q: 'a' }));
  const second = refused(ask('/v1/search', { q: 'ad' }));
  assert.equal((await first).name, 'AbortError');
  ask.stop();
  assert.equal((await second).name, 'AbortError');
});

test('whoever answers is heard, also in plain text or without any', async () => {
  assert.deepEqual(await refusedWith(413, 'No body is taken here.\n').then(({ message, status }) => [message, status]), ['No body is taken here.', 413]);
  assert.match((await refusedWith(431, '')).message, /too long for the service/);
  assert.match((await refusedWith(413, '<html><p>nginx</p></html>')).message, /too long for the service; nothing was done/);
  assert.match((await refusedWith(503, '')).message, /busy or ends/);
  assert.equal((await refusedWith(503, '{"error": {"code": "busy", "text": "too many connections are open"}}')).message, 'too many connections are open');
  assert.match((await refusedWith(200, '<html>')).message, /cannot read/);
});

test('an answer that breaks off is not taken for silence', async () => {
  const broken = (status) => async () => ({ ok: status < 300, status, text: async () => { throw new TypeError('network'); } });
  globalThis.fetch = broken(200);
  const error = await refused(api.get('/v1/status'));
  assert.equal(error.status, 0);
  assert.match(error.message, /The answer of the service broke off/);
  globalThis.fetch = broken(431);
  assert.match((await refused(api.get('/v1/status'))).message, /too long/);
});

test('what is late is said above what was there, once, and goes with the next answer', async () => {
  const place = el('div', {});
  const make = () => el('p', {}, 'what was there');
  await showing(place, Promise.resolve(1), make);
  for (let at = 0; at < 2; at += 1) await showing(place, Promise.reject(new api.Refusal('It is late.', 0, 'late')), make);
  assert.equal(place.textContent, 'It is late.what was there');
  await showing(place, Promise.resolve(1), make);
  assert.equal(place.textContent, 'what was there');
});

/// Live on a service whose answers to /v1/events are `answers`, one after the other.
function following(answers, silence) {
  const told = { states: [], events: [], asked: 0 };
  globalThis.addEventListener = () => {};
  globalThis.fetch = async (request, options) => {
    told.asked += 1;
    return answers[Math.min(told.asked, answers.length) - 1](options);
  };
  told.live = new Live({ state: (state) => told.states.push(state), event: (event) => told.events.push(event.event) }, silence);
  told.live.start();
  return told;
}
const text = (event) => new TextEncoder().encode(`${JSON.stringify(event)}\n`);
const stream = (start) => () => ({ ok: true, status: 200, body: new ReadableStream({ start }) });
const after = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

test('too many pages are no silence of the service: it is a state of its own', async () => {
  const busy = () => ({ ok: false, status: 503, json: async () => ({ error: { code: 'busy', text: 'too many pages are open here' } }) });
  const told = following([busy]);
  await settle();
  assert.deepEqual(told.states, ['busy']);
  told.live.stop();
});

test('a service that ends is not one with too many pages', async () => {
  const told = following([() => ({ ok: false, status: 503, json: async () => { throw new SyntaxError('no JSON'); } })]);
  await settle();
  assert.deepEqual(told.states, ['lost']);
  told.live.stop();
});

test('a sign of life is heard and told to nobody', async () => {
  const told = following([stream((controller) => {
    controller.enqueue(text({ event: 'connected', token: 'abc' }));
    controller.enqueue(text({ event: 'alive' }));
    controller.enqueue(text({ event: 'decided' }));
  })]);
  await settle();
  assert.deepEqual(told.events, ['connected', 'decided']);
  assert.equal(told.live.token, 'abc');
  told.live.stop();
});

test('a connection on which nothing comes is lost, and made anew; signs of life keep it', async () => {
  const told = following([stream((controller) => controller.enqueue(text({ event: 'connected', token: 'abc' })))], 150);
  await after(80);
  assert.deepEqual(told.states, ['connected']);
  await after(150);
  assert.deepEqual([told.states.join(), told.live.token], ['connected,lost', '']);
  told.live.stop();
  let timer;
  const again = following([stream((controller) => { timer = setInterval(() => controller.enqueue(text({ event: 'alive' })), 20); })], 150);
  await after(400);
  assert.deepEqual(again.states, ['connected']);
  clearInterval(timer);
  again.live.stop();
});

test('it connects again after a silence', async () => {
  const told = following([stream(() => {})], 40);
  await after(750);
  assert.ok(told.asked >= 2, String(told.asked));
  assert.deepEqual(told.states.slice(0, 3), ['connected', 'lost', 'connected']);
  told.live.stop();
});

test('a service that takes the question and never answers it is lost as well', async () => {
  silent();
  const asking = globalThis.fetch;
  const told = following([(options) => asking('', options)], 40);
  await after(120);
  assert.deepEqual(told.states, ['lost']);
  told.live.stop();
});
