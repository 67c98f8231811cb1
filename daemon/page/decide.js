// The decision on a plan that waits: what a person is asked, and what is sent.
import { post } from './api.js';
import { append, el, fill, name } from './dom.js';
import { dialog, facts, field, trouble } from './bits.js';
import { count, plural, short, visible } from './format.js';

const mostBytes = 500;

/// Whether what somebody typed confirms that plan. Pure.
export function confirms(typed, digest) {
  const text = String(typed ?? '').trim().toLowerCase();
  return text.length >= 8 && String(digest).startsWith(text);
}

/// A reason as it is kept: in one line. Pure.
export function inOneLine(text) {
  return String(text ?? '').split(/[\n\r\t]+/).map((part) => part.trim()).filter(Boolean).join(' ');
}

/// Why the service would not keep that reason; '' where it would. Pure.
export function flawOfReason(text) {
  const bytes = new TextEncoder().encode(inOneLine(text)).length;
  return bytes > mostBytes ? `The reason is ${count(bytes)} bytes long; the service keeps ${mostBytes}. Say it in fewer words.` : '';
}

/// What became of a decision. `answer`: the service's. Pure.
export function decidedSentence(plan, approves, answer) {
  const given = answer.approvals;
  if (!approves) return 'You rejected it. Nobody is asked again before the plan changes.';
  if (given && given.given < given.needed) return `You approved it. ${given.given} of ${given.needed} approvals are there; another person must approve it as well.`;
  if (plan.command) return `You approved it; dirsyncd ${visible(plan.command)} carries it out if it is still the same.`;
  return 'You approved it. The next run applies it if it is still the same.';
}

/// Why it failed. A decision of which nobody answered may have been recorded. Pure.
export function failedSentence(error) {
  if (error.status !== 0 || error.code === 'late') return visible(error.message);
  return `${error.message} Whether the decision was recorded is not known: this page looks again before anything else can be decided.`;
}

function privilegedBox(sum, typed) {
  const shown = sum.privileged.slice(0, 20);
  const more = sum.privileged.length - shown.length;
  return el('div', { class: 'act-box' },
    el('p', {}, `It changes ${plural(sum.privileged.length, 'privileged group')}:`),
    el('ul', {}, shown.map((group) => el('li', {}, name(group.group), ' ', el('span', { class: 'faint' }, `+${count(group.adds)} −${count(group.removes)}`))),
      more > 0 ? el('li', {}, `and ${plural(more, 'more', 'more')}`) : null),
    field('To confirm, type the first 8 digits of the digest', typed));
}

/// The field of the reason; it tells while somebody types that it is too long.
function reasonField(approves) {
  const input = el('textarea', { rows: 3, required: !approves });
  const flaw = el('p', { class: 'trouble', role: 'status', hidden: true });
  input.addEventListener('input', () => {
    const sentence = flawOfReason(input.value);
    flaw.hidden = sentence === '';
    flaw.textContent = sentence;
  });
  const hint = `Kept in the audit trail, with your name, in one line of at most ${mostBytes} bytes.`;
  return { input, node: [field(approves ? 'Why (may stay empty)' : 'Why', input, hint), flaw] };
}

/// Asks a person for the decision on `plan`, and sends it. `what`: {lead, sum} of it; `token()`: that of the
/// connection. `onDecided(sentence)`; `onFailed(sentence)`.
export function askDecision({ plan, what, approves, token, onDecided, onFailed }) {
  const { lead, sum } = what;
  const reason = reasonField(approves);
  const typed = el('input', { type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', class: 'digits' });
  const asks = approves && sum.privileged.length > 0;
  const said = el('div', {});
  const word = approves ? 'Approve' : 'Reject';
  const button = el('button', { type: 'submit', class: approves ? 'primary' : 'danger' }, `${word} this plan`);
  const form = el('form', { class: 'decision', novalidate: true },
    el('p', {}, lead),
    facts([['Digest', el('code', {}, plan.digest)]]),
    asks ? privilegedBox(sum, typed) : null,
    reason.node, said, el('div', { class: 'buttons' }, button));
  const box = dialog(`${word} plan ${short(plan.digest)}`, form);
  (asks ? typed : reason.input).focus();

  /// [what is wrong, where]
  function flaw() {
    if (!approves && inOneLine(reason.input.value) === '') return ['Say why: whoever made the change in the directory will ask.', reason.input];
    if (asks && !confirms(typed.value, plan.digest)) return [`These are not the first digits of this plan's digest, which begins with ${short(plan.digest)}. Nothing was done.`, typed];
    const long = flawOfReason(reason.input.value);
    return long === '' ? null : [`${long} Nothing was done.`, reason.input];
  }

  async function send() {
    button.disabled = true;
    try {
      const body = { digest: plan.digest, reason: inOneLine(reason.input.value) };
      const sentence = decidedSentence(plan, approves, await post(approves ? '/v1/approve' : '/v1/reject', body, token()));
      box.close();
      onDecided(sentence);
    } catch (error) {
      const sentence = failedSentence(error);
      append(said, [trouble(sentence)]);
      button.disabled = error.status === 0 && error.code !== 'late';
      onFailed(sentence);
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fill(said);
    const wrong = flaw();
    if (wrong) {
      append(said, [trouble(wrong[0])]);
      wrong[1].focus();
    } else if (!button.disabled) await send();
  });
}
