// Small parts that several views have.
import { Refusal } from './api.js';
import { el, fill, freshId } from './dom.js';
import { count, fill as fullness } from './format.js';

/// A part of a view with its heading.
export function section(title, ...children) {
  const id = freshId('section');
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), children);
}

/// A sentence that something went wrong, which a screen reader says at once.
export function trouble(sentence) {
  return el('p', { class: 'trouble', role: 'alert' }, sentence);
}

export function faint(...children) {
  return el('p', { class: 'faint' }, children);
}

/// Words and what they stand for: [[word, value], ...].
export function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.filter(Boolean).map(([word, value]) => [el('dt', {}, word), el('dd', {}, value)]));
}

/// A figure against its bound, as a bar and in words.
export function bar(reason) {
  const full = fullness(reason);
  if (!full) return null;
  const filled = el('span', { class: full.over ? 'filled over' : 'filled' });
  const bound = el('span', { class: 'bound' });
  filled.style.width = `${full.share * 100}%`;
  bound.style.left = `${Math.min(full.bound * 100, 99)}%`;
  return el('span', { class: 'figure' },
    el('span', { class: 'bar', 'aria-hidden': 'true' }, filled, bound),
    el('span', {}, `${count(reason.count)} of ${count(reason.allowed)} allowed`));
}

/// A dialog of the browser's own: it keeps the focus, and gives it back.
export function dialog(title, ...children) {
  const id = freshId('dialog');
  const node = el('dialog', { 'aria-labelledby': id },
    el('div', { class: 'dialog-head' }, el('h2', { id }, title),
      el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => node.close() }, '✕')),
    children);
  node.addEventListener('close', () => node.remove());
  document.body.append(node);
  node.showModal();
  return node;
}

export function field(label, input, hint = null) {
  const id = freshId('field');
  input.id = id;
  if (hint) {
    const hintId = `${id}-hint`;
    input.setAttribute('aria-describedby', hintId);
    return el('div', { class: 'field' }, el('label', { for: id }, label), input, el('small', { id: hintId, class: 'faint' }, hint));
  }
  return el('div', { class: 'field' }, el('label', { for: id }, label), input);
}

const keyOf = (element) => `${element.tagName} ${element.getAttribute('href') ?? element.getAttribute('aria-label') ?? element.textContent}`;

/// Makes a change below `place`; who was at a link or button there is at the same one afterwards.
export function keepingFocus(place, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const key = focused ? keyOf(focused) : '';
  change();
  if (!focused || focused.isConnected) return;
  const again = [...place.querySelectorAll('a[href], button, input, select, summary, [tabindex]')].find((one) => keyOf(one) === key);
  again?.focus({ preventScroll: true });
}

const shownBefore = new WeakMap();

/// For who fills `place` by other means: what it showed before is no reason to leave it as it is.
export function forget(place) {
  shownBefore.delete(place);
}

/// What was there stays below it.
function noteAbove(place, sentence) {
  const first = place.firstChild;
  if (first?.className === 'trouble') first.remove();
  place.insertBefore(trouble(sentence), place.firstChild);
}

/// Shows what a call gives, or why it gives nothing; what was there stays until then, and for good where it is
/// the same (but for how long ago things were).
export async function showing(place, call, make) {
  place.setAttribute('aria-busy', 'true');
  try {
    const told = await call;
    const state = `${Math.floor(Date.now() / 60_000)} ${JSON.stringify(told)}`;
    if (shownBefore.get(place) === state) return;
    keepingFocus(place, () => fill(place, make(told)));
    shownBefore.set(place, state);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (!(error instanceof Refusal)) throw error;
    // While nobody answers, what was there says more than that; the top of the page tells it.
    if (error.status === 0 && error.code !== 'late' && place.childElementCount > 0) return;
    forget(place);
    if (error.status === 0) noteAbove(place, error.message);
    else fill(place, trouble(error.message));
  } finally {
    place.removeAttribute('aria-busy');
  }
}
