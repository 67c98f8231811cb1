// A plan that waits for a person: what it would do, why, and the decision. Others are to look at.
import { get, Refusal } from './api.js';
import { bar, facts, faint, field, keepingFocus, section, trouble } from './bits.js';
import { askDecision } from './decide.js';
import { el, fill, link, name, when } from './dom.js';
import { count, moment, plural, short, visible } from './format.js';
import { changeCells, groupsOf, isApart, leadOf, rowsOf, totals } from './held_list.js';
import { WindowedTable } from './lists.js';
import { format } from './routes.js';

function reasonItem(reason) {
  return el('li', {},
    el('span', {}, visible(reason.text)),
    reason.group || reason.target || reason.rule
      ? el('small', { class: 'faint' }, [reason.target, reason.rule && `rule ${reason.rule}`, reason.group].filter(Boolean).map((text, at) => [at > 0 ? ' · ' : '', name(text)]))
      : null,
    bar(reason));
}

function allReasons(document) {
  const list = [...(document.reasons ?? [])];
  const known = new Set(list.map((reason) => JSON.stringify(reason)));
  for (const part of Object.values(document.targets ?? {}))
    for (const reason of part.reasons ?? []) {
      const key = JSON.stringify(reason);
      if (!known.has(key)) list.push(reason);
      known.add(key);
    }
  return list;
}

function reasonsPart(document, waits) {
  const reasons = allReasons(document);
  return waits || reasons.length > 0 ? section(waits ? 'Why it waits' : 'Why it was held', el('ul', { class: 'reasons' }, reasons.map(reasonItem))) : null;
}

function summary(document) {
  const read = document.summary;
  if (!read) return null;
  return section('What was read', facts([
    ['Groups', count(read.groups)], ['People', `${count(read.people)}, ${count(read.disabled)} of them disabled`],
    ['Member values', `${count(read.values)}, ${count(read.unresolved)} of them name nothing`],
  ]));
}

function approvalsLine(plan) {
  const { needed = 1, given = [] } = plan.approvals ?? {};
  if (needed <= 1 && given.length === 0) return null;
  return ['Approvals', el('span', {}, `${given.length} of ${needed}`, given.map((one) => [el('br'), name(one.by), `, ${moment(one.at)}`, one.reason ? [': ', visible(one.reason)] : null]))];
}

/// Where else to look.
function elsewhere(plans) {
  return plans.length > 0 ? link(format('held'), 'Look at the one that waits now.') : link(format('audit', { action: 'approve' }), 'Look at what was decided.');
}

/// A plan as it is drawn once: what somebody searches for in it and has opened stays while its head is told anew.
class DrawnPlan {
  #about;
  #document = {};
  #groups = [];
  #open = new Set();
  #names = '';
  #head = el('div', {});
  #reasons = el('div', {});
  #search = el('input', { type: 'search', placeholder: 'Name of a group or person' });
  #table;

  /// `reasons`: those that are known of it, to tell when the document is another one.
  constructor(digest, about) {
    this.digest = digest;
    this.reasons = '';
    this.#about = about;
    this.#table = new WindowedTable({
      label: 'Changes of the plan', columns: changeCells((key) => this.#toggle(key), this.#open), empty: 'No group or person of that name is in this plan.',
      rowClass: (row) => (row.change ? (isApart(row.change) ? 'apart' : '') : 'group'),
    });
    this.#search.addEventListener('input', () => this.#list());
  }

  /// Draws all of it below `place`.
  draw(place, document) {
    this.#read(document);
    if (this.#groups.length <= 3 && this.#groups.every((group) => group.changes.length <= 30)) for (const group of this.#groups) this.#open.add(group.key);
    fill(place, this.#head, this.#reasons,
      this.#groups.length > 0 ? section('What it would do', field('Search', this.#search), this.#table.node) : null, summary(document));
    this.#list();
  }

  update(document) {
    this.#read(document);
    this.#list();
  }

  /// `make({lead, sum})` gives the head.
  tell(waits, make) {
    if (this.#names !== JSON.stringify(this.#about.privileged_groups ?? [])) this.update(this.#document);
    const sum = totals(this.#groups);
    const lead = leadOf(this.#document, sum, waits);
    keepingFocus(this.#head, () => fill(this.#head, make({ lead, sum })));
    fill(this.#reasons, reasonsPart(this.#document, waits));
  }

  #read(document) {
    this.#document = document;
    this.#names = JSON.stringify(this.#about.privileged_groups ?? []);
    this.#groups = groupsOf(document, this.#about.privileged_groups ?? []);
  }
  #toggle(key) {
    if (!this.#open.delete(key)) this.#open.add(key);
    this.#list();
  }
  #list() {
    this.#table.set(rowsOf(this.#groups, this.#open, this.#search.value));
  }
}

/// The view. `context`: about, live, params, announce(text).
export function held(context) {
  const { about, live, params, announce } = context;
  const list = el('div', {});
  const place = el('div', {});
  const node = el('div', {}, list, place);
  const decided = new Map(); // digest -> what this person did with it, as a sentence, while it waits
  const ended = new Map(); // the same of those that were seen not waiting since: held again, they are to be decided again
  let drawn = null; // DrawnPlan
  let shownState = ''; // of the plan's head, or of what is there in its place

  function decide(plan, what, approves) {
    const after = (sentence) => {
      announce(sentence);
      refresh();
    };
    askDecision({
      plan, what, approves, token: () => live.token, onFailed: after,
      onDecided: (sentence) => {
        decided.set(plan.digest, sentence);
        after(sentence);
      },
    });
  }

  function decisions(plan, what) {
    if (decided.has(plan.digest)) return el('p', { class: 'done-box' }, decided.get(plan.digest));
    if (!about.may_decide)
      return el('p', { class: 'calm-box' }, 'Here it can be looked at. To decide, open the page by the control socket: ', el('code', {}, 'dirsyncd page'), ' tells how.');
    return el('div', { class: 'buttons' },
      el('button', { type: 'button', class: 'primary', onclick: () => decide(plan, what, true) }, 'Approve …'),
      el('button', { type: 'button', class: 'danger', onclick: () => decide(plan, what, false) }, 'Reject …'),
      el('span', { class: 'faint' }, 'as ', name(about.person)));
  }

  function waitingHead(plan, what) {
    const { lead, sum } = what;
    return section(`Plan ${short(plan.digest)}`,
      el('p', { class: 'lead' }, lead),
      sum.apart > 0 && faint(`${plural(sum.apart, 'more change is', 'more changes are')} shown that this approval does not send: leavers go first by themselves; the others wait or are blocked.`),
      facts([
        ['Waits since', when(plan.since)],
        ['Digest', el('code', {}, plan.digest)],
        approvalsLine(plan),
        plan.command && ['Carried out by', el('code', {}, `dirsyncd ${visible(plan.command)} --approve ${short(plan.digest)}`)],
      ]),
      decisions(plan, what));
  }

  function storedHead(digest, plans, { lead }) {
    return section(`Plan ${short(digest)}`,
      ended.has(digest) ? el('p', { class: 'done-box' }, ended.get(digest)) : null,
      el('p', { class: 'calm-box' }, 'This plan does not wait for anybody now: it was decided or applied, or another one came in its place. It is shown as it was stored, to look at. ', elsewhere(plans)),
      el('p', { class: 'lead' }, lead),
      facts([['Digest', el('code', {}, digest)]]));
  }

  /// Whether `state` is another one than what is shown; it is shown from now on.
  function isNews(state) {
    const text = JSON.stringify(state);
    if (text === shownState) return false;
    shownState = text;
    return true;
  }

  /// `is()`: whether the plan is drawn already; it is asked again after the wait, as another look may have drawn it.
  async function draw(digest, is) {
    const document = await get('/v1/plan', { digest });
    if (is()) return drawn.update(document);
    shownState = '';
    drawn = new DrawnPlan(document.digest ?? digest, about);
    drawn.draw(place, document);
  }

  async function showWaiting(plan) {
    const reasons = JSON.stringify(plan.reasons ?? null);
    const is = () => drawn?.digest === plan.digest;
    const again = is();
    // The digest is of the changes: its reasons may be others, with the run that held it last.
    if (!again || drawn.reasons !== reasons) {
      await draw(plan.digest, is);
      drawn.reasons = reasons;
    }
    if (!isNews(['waits', plan, decided.get(plan.digest), about.privileged_groups, about.may_decide, about.person])) return;
    drawn.tell(true, (what) => waitingHead(plan, what));
    if (again && !decided.has(plan.digest)) announce('What is known of this plan has changed.');
  }

  /// Of a plan that the address names and that does not wait, as rows of the audit trail and runs do.
  async function showStored(plans) {
    const is = () => drawn?.digest.startsWith(params.digest);
    if (!is()) await draw(params.digest, is);
    const { digest } = drawn;
    if (isNews(['stored', digest, plans.length > 0, ended.get(digest), about.privileged_groups]))
      drawn.tell(false, (what) => storedHead(digest, plans, what));
  }

  /// In the place of a plan.
  function showNone(state, ...children) {
    drawn = null;
    if (isNews(state)) keepingFocus(place, () => fill(place, children));
  }

  function showGone(plans) {
    const last = [...ended.values()].at(-1);
    showNone(['none', plans.length, last], last ? el('p', { class: 'done-box' }, last) : null,
      el('p', { class: 'calm-box' }, 'No plan waits for a person. ', elsewhere(plans)));
  }

  function showUnknown(plans, error) {
    const why = error.status === 404 ? 'The service knows no such plan: it was never stored, or its time is over.' : visible(error.message);
    showNone(['unknown', why, plans.length > 0], trouble(`Plan ${short(params.digest)} cannot be shown. ${why}`), el('p', {}, elsewhere(plans)));
  }

  function showChoices(plans, plan) {
    keepingFocus(list, () => fill(list, plans.length > 1 ? el('ul', { class: 'choices', 'aria-label': 'Plans that wait' }, plans.map((one) => el('li', {},
      el('a', { href: format('held', { digest: one.digest }), 'aria-current': one === plan ? 'true' : null }, short(one.digest), ' ',
        el('span', { class: 'faint' }, when(one.since, false)))))) : null));
  }

  function noteEnded(plans) {
    for (const { digest } of plans) ended.delete(digest);
    for (const [digest, sentence] of [...decided]) {
      if (plans.some((plan) => plan.digest === digest)) continue;
      decided.delete(digest);
      ended.set(digest, sentence);
    }
  }

  async function show() {
    const { plans } = await get('/v1/plans');
    noteEnded(plans);
    const wanted = params.digest ?? plans[0]?.digest;
    const plan = plans.find((one) => one.digest.startsWith(wanted ?? '-'));
    showChoices(plans, plan);
    if (plan) return showWaiting(plan);
    if (shownState.startsWith('["waits"') && drawn && !ended.has(drawn.digest)) announce('The plan that was shown here waits no more: somebody has decided, or the situation has changed.');
    if (!params.digest) return showGone(plans);
    return showStored(plans).catch((error) => {
      if (!(error instanceof Refusal) || error.status === 0 || error.status === 503) throw error;
      showUnknown(plans, error);
    });
  }

  async function refresh() {
    try {
      await show();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // What was there says more; the top of the page tells that nobody answers.
      if (place.childElementCount === 0) fill(place, trouble(error.message));
    }
  }

  return { title: 'Held plan', node, refresh };
}
