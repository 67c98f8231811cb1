// What the service tells while the page is open.

/// Lines of a stream whose pieces end anywhere. Pure. A line above `most` characters is dropped.
export class LineSplitter {
  #rest = '';
  #skips = false;
  constructor(most = 1_000_000) {
    this.most = most;
  }
  /// The lines that are complete with this piece.
  add(piece) {
    const parts = (this.#rest + piece).split('\n');
    this.#rest = parts.pop();
    if (this.#skips && parts.length > 0) {
      parts.shift();
      this.#skips = false;
    }
    if (this.#rest.length > this.most) {
      this.#rest = '';
      this.#skips = true;
    }
    return parts.filter((line) => line !== '');
  }
}

/// The object of a line; null for what is none. Pure.
export function eventOf(line) {
  try {
    const event = JSON.parse(line);
    return event && typeof event === 'object' && typeof event.event === 'string' ? event : null;
  } catch {
    return null;
  }
}

/// How long to wait before the attempt of that number, in milliseconds. Pure.
export function pause(attempt) {
  return Math.min(500 * 2 ** Math.max(attempt - 1, 0), 15_000);
}

/// After which events what is shown is looked at again.
const changing = new Set(['run_finished', 'leavers_run', 'plan_held', 'plan_rejected', 'decided', 'frozen', 'thawed', 'freeze_ended',
  'feed_up', 'feed_down', 'reloaded', 'read_incomplete', 'read_complete_again', 'change_not_applied', 'change_applied', 'blocked']);
export function changesSomething(event) {
  return changing.has(event.event);
}

/// Whether an answer says that too many follow already. Pure.
export function isBusy(status, document) {
  return status === 503 && document?.error?.code === 'busy';
}

class Busy extends Error {}

const everyMinute = 60_000;
/// In milliseconds. The service says something every 20 s: who hears nothing for so long has a connection that is
/// gone without having ended, as after a night's sleep.
const longestSilence = 60_000;

/// Follows /v1/events, and begins again when that ends. `on.state`: 'connected', 'lost', or 'busy' where the service
/// answers and too many follow already; `on.event`: each object that tells something. The token of the connection that
/// is open stands in `token`; '' while there is none.
export class Live {
  token = '';
  state = 'starting';
  #on;
  #silence;
  #stopped = false;
  #attempt = 0;
  #wake = null;
  #breakOff = null;

  constructor(on, silence = longestSilence) {
    this.#on = on;
    this.#silence = silence;
  }
  start() {
    this.#follow();
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#hurry());
  }
  stop() {
    this.#stopped = true;
    this.#breakOff?.();
    this.#wake?.();
  }

  #hurry() {
    this.#attempt = 0;
    this.#wake?.();
  }
  async #follow() {
    while (!this.#stopped) {
      const state = await this.#read().then(() => 'lost', (error) => (error instanceof Busy ? 'busy' : 'lost'));
      if (this.#stopped) return;
      // Why it was lost is the browser's word, and says nothing to a person.
      this.token = '';
      this.#set(state);
      this.#attempt += 1;
      await this.#rest(state === 'busy' ? everyMinute : pause(this.#attempt));
    }
  }
  async #rest(time) {
    let timer = 0;
    await new Promise((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, time);
    });
    clearTimeout(timer);
    this.#wake = null;
  }
  async #read() {
    const controller = new AbortController();
    this.#breakOff = () => controller.abort();
    let timer = 0;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(this.#breakOff, this.#silence);
    };
    heard();
    try {
      const response = await fetch('/v1/events', { cache: 'no-store', credentials: 'omit', signal: controller.signal });
      if (!response.ok && isBusy(response.status, await response.json())) throw new Busy();
      if (!response.ok || !response.body) throw new Error('no events');
      await this.#listen(response.body, controller.signal, heard);
    } finally {
      clearTimeout(timer);
      this.#breakOff();
    }
  }
  async #listen(body, signal, heard) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    signal.addEventListener('abort', () => reader.cancel().catch(() => {}));
    const splitter = new LineSplitter();
    this.#attempt = 0;
    this.#set('connected');
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of splitter.add(value)) {
        heard();
        this.#take(eventOf(line));
      }
    }
  }
  #take(event) {
    if (!event || event.event === 'alive') return;
    if (event.event === 'connected') this.token = event.token ?? '';
    this.#on.event(event);
  }
  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.#on.state(state);
  }
}
