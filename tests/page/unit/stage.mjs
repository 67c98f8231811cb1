// A view on a document without a browser, and a service that answers as answers.mjs says.
import assert from 'node:assert/strict';
import { about, answers, digest } from './answers.mjs';
import { useFakeDocument } from './fake_document.mjs';

/// `refuse(path, options)`: {status, document or text} of what is not to be answered; status 0: nobody answers.
/// `said` to a screen reader, `gone` to other views, `titles` of the view.
export const stage = { body: null, said: [], gone: [], titles: [], refuse: null };
export const calls = [];

const saying = (status, text) => ({ ok: status < 300, status, text: async () => text, json: async () => JSON.parse(text) });

globalThis.fetch = async (request, options = {}) => {
  const [path] = request.split('?');
  calls.push({ request, path, ...options });
  const refused = stage.refuse?.(path, options);
  if (refused?.status === 0) throw new TypeError('fetch failed');
  if (refused) return saying(refused.status, refused.text ?? JSON.stringify(refused.document));
  if (options.method === 'POST') return saying(200, JSON.stringify({ digest, decision: 'approved', approvals: { given: 1, needed: 1 } }));
  assert.ok(path in answers, path);
  return saying(200, JSON.stringify(answers[path]));
};

/// Nothing that waits for long keeps the tests from ending.
const wait = globalThis.setTimeout;
globalThis.setTimeout = (call, time, ...more) => {
  const timer = wait(call, time, ...more);
  return time >= 10_000 ? timer.unref() : timer;
};

/// Before each test.
export function begin() {
  Object.assign(stage, { body: useFakeDocument(), said: [], gone: [], titles: [], refuse: null });
  calls.length = 0;
}

export function context(params = {}) {
  return {
    about, params, live: { token: 'secret' }, go: (...to) => stage.gone.push(to), replace() {}, retitle: (title) => stage.titles.push(title),
    announce: (text) => stage.said.push(text),
  };
}

export async function shown(make, params, more = {}) {
  const view = make({ ...context(params), ...more });
  stage.body.append(view.node);
  await view.refresh();
  return view;
}

/// Tests what comes while one answer is another.
export async function answering(path, answer, test) {
  const before = answers[path];
  answers[path] = answer;
  try {
    return await test();
  } finally {
    answers[path] = before;
  }
}

export const buttons = (node, text) => [...node.all()].filter((one) => one.tagName === 'BUTTON' && one.textContent.startsWith(text));
export const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
export const posted = () => calls.filter((call) => call.method === 'POST');
