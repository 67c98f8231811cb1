// Asking the service.
import { queryOf } from './routes.js';

/// Why something was not answered, as a sentence for a person. `status` 0: nobody answered.
export class Refusal extends Error {
  constructor(sentence, status, code) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

const noAnswer = 'The service does not answer. It may be stopped, or the connection to it is gone; this page tries again by itself.';

/// What an answer says, whatever it is. Pure.
export function sentenceOf(status, document) {
  const error = document && typeof document === 'object' ? document.error : null;
  if (error && typeof error.text === 'string' && error.text !== '') return error.text;
  return status === 503 ? 'The service is busy or ends; try again in a moment.' : `The service refused this (status ${status}).`;
}

async function answerOf(request, options) {
  let response;
  let document;
  try {
    response = await fetch(request, { cache: 'no-store', credentials: 'omit', redirect: 'error', ...options });
    document = await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(noAnswer, response?.status ?? 0, 'service');
  }
  if (!response.ok) throw new Refusal(sentenceOf(response.status, document), response.status, document?.error?.code ?? '');
  return document;
}

/// GET of "/v1/status" and the like. Errors: Refusal; AbortError of the signal.
export function get(path, params = {}, signal = undefined) {
  return answerOf(path + queryOf(params), { signal });
}

/// POST with the token of the connection. Errors: Refusal.
export function post(path, body, token) {
  return answerOf(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Dirsyncd-Token': token },
    body: JSON.stringify(body),
  });
}

/// Of calls of one kind only the last one counts: an earlier one is broken off.
export function onlyLast() {
  let controller = null;
  return (path, params) => {
    controller?.abort();
    controller = new AbortController();
    return get(path, params, controller.signal);
  };
}
