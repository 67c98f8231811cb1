// Asking the service.
import { visible } from './format.js';
import { queryOf } from './routes.js';

/// Why something was not answered, as a sentence for a person. `status` 0: nobody answered, with the `code` 'late'
/// in the time that somebody waits.
export class Refusal extends Error {
  constructor(sentence, status, code) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

const noAnswer = 'The service does not answer. It may be stopped, or the connection to it is gone; this page tries again by itself.';

const readSeconds = 30;
const decisionSeconds = 60;
const lateRead = `The service has not answered for ${readSeconds} seconds. It may be busy; this page asks again by itself.`;
const lateDecision = `The service has not answered for ${decisionSeconds} seconds. Nobody knows whether it was done: look at the plan again before you decide once more.`;
const brokenOff = 'The answer of the service broke off; this page asks again by itself.';
const unreadable = 'The service answered with something that this page cannot read; reload the page, as it may be of another version.';

/// What stands in for an answer without a sentence of its own.
const ofStatus = {
  413: 'What was sent is too long for the service; nothing was done.',
  431: 'What was asked for is too long for the service; a name in it may be.',
  503: 'The service is busy or ends; try again in a moment.',
};

/// What an answer says, whatever it is: `document` of its JSON, `text` where it was none. Pure.
export function sentenceOf(status, document, text = '') {
  const error = document && typeof document === 'object' ? document.error : null;
  if (error && typeof error.text === 'string' && error.text !== '') return error.text;
  const line = text.trim();
  if (line !== '' && line.length <= 300 && !/[<{\n]/.test(line)) return visible(line);
  return ofStatus[status] ?? `The service refused this (status ${status}).`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/// Why nothing came, or not all of it. `response`: how far it came.
function refusalOf(response, limit, late) {
  if (response && !response.ok) return new Refusal(sentenceOf(response.status, null), response.status, 'service');
  if (limit.aborted) return new Refusal(late, 0, 'late');
  return new Refusal(response ? brokenOff : noAnswer, 0, 'service');
}

/// `own`: the signal of who asks; `seconds`: how long somebody waits, and what they are told then, `late`.
async function answerOf(request, { own, seconds, late, ...options }) {
  const limit = AbortSignal.timeout(seconds * 1000);
  const signal = own ? AbortSignal.any([own, limit]) : limit;
  let response;
  let text;
  try {
    response = await fetch(request, { cache: 'no-store', credentials: 'omit', redirect: 'error', ...options, signal });
    text = await response.text();
  } catch {
    own?.throwIfAborted();
    throw refusalOf(response, limit, late);
  }
  own?.throwIfAborted();
  const document = parsed(text);
  if (!response.ok) throw new Refusal(sentenceOf(response.status, document, text), response.status, document?.error?.code ?? '');
  if (document === undefined) throw new Refusal(unreadable, response.status, 'service');
  return document;
}

/// GET of "/v1/status" and the like. Errors: Refusal; AbortError of the signal.
export function get(path, params = {}, signal = undefined) {
  return answerOf(path + queryOf(params), { own: signal, seconds: readSeconds, late: lateRead });
}

/// POST with the token of the connection. Errors: Refusal.
export function post(path, body, token) {
  return answerOf(path, {
    seconds: decisionSeconds,
    late: lateDecision,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Dirsyncd-Token': token },
    body: JSON.stringify(body),
  });
}

/// Of calls of one kind only the last one counts: an earlier one is broken off, and by `stop()` the last one too.
export function onlyLast() {
  let controller = null;
  const ask = (path, params) => {
    ask.stop();
    controller = new AbortController();
    return get(path, params, controller.signal);
  };
  ask.stop = () => controller?.abort();
  return ask;
}
