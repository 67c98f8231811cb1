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

/// Follows /v1/events, and begins again when that ends. `on.state`: 'connected', 'lost'; `on.event`: each
/// object. The token of the connection that is open stands in `token`; '' while there is none.
export class Live {
  token = '';
  state = 'starting';
  #on;
  #stopped = false;
  #attempt = 0;
  #wake = null;

  constructor(on) {
    this.#on = on;
  }
  start() {
    this.#follow();
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#hurry());
  }
  stop() {
    this.#stopped = true;
  }

  #hurry() {
    this.#attempt = 0;
    this.#wake?.();
  }
  async #follow() {
    while (!this.#stopped) {
      try {
        await this.#read();
      } catch {
        // Told by the state; the reason is the browser's, and says nothing to a person.
      }
      this.token = '';
      this.#set('lost');
      this.#attempt += 1;
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause(this.#attempt));
      });
      this.#wake = null;
    }
  }
  async #read() {
    const response = await fetch('/v1/events', { cache: 'no-store', credentials: 'omit' });
    if (!response.ok || !response.body) throw new Error('no events');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const splitter = new LineSplitter();
    this.#attempt = 0;
    this.#set('connected');
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of splitter.add(value)) {
        const event = eventOf(line);
        if (!event) continue;
        if (event.event === 'connected') this.token = event.token ?? '';
        this.#on.event(event);
      }
    }
  }
  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.#on.state(state);
  }
}
