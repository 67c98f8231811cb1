// A plan that waits for a person: what it would do, why, and the decision.
import { get, post } from './api.js';
import { bar, dialog, facts, faint, field, section, trouble } from './bits.js';
import { append, badge, el, fill, link, name, when } from './dom.js';
import { count, moment, plural, short, sign, toDo, visible } from './format.js';
import { WindowedTable } from './lists.js';
import { drawnPath, stepsOf } from './nested.js';
import { format } from './routes.js';

const folded = (text) => String(text ?? '').normalize('NFC').toLowerCase();

/// Groups of a plan's document, those of privileged names and with removals first. Pure.
/// [{key, target, group, adds, removes, others, privileged, changes}]; changes that no approval would send
/// (leavers, blocked, unconfirmed, frozen) are in `apart`.
export function groupsOf(document, privilegedNames) {
  const privileged = new Set(privilegedNames.map(folded));
  const all = new Map();
  for (const [target, part] of Object.entries(document.targets ?? {}))
    for (const change of part.changes ?? []) {
      const key = JSON.stringify([target, change.group]);
      if (!all.has(key))
        all.set(key, { key, target, group: change.group, adds: 0, removes: 0, others: 0, apart: 0, privileged: privileged.has(folded(change.group)), changes: [] });
      const group = all.get(key);
      group.changes.push(change);
      if (isApart(change)) group.apart += 1;
      else if (change.verb === 'add' || change.verb === 'adopt') group.adds += 1;
      else if (change.verb === 'remove') group.removes += 1;
      else group.others += 1;
    }
  return [...all.values()].sort((one, other) => Number(other.privileged) - Number(one.privileged) || other.removes - one.removes
    || (one.target < other.target ? -1 : one.target > other.target ? 1 : 0) || (one.group < other.group ? -1 : one.group > other.group ? 1 : 0));
}

/// Whether an approval of the plan would not send it. Pure.
export function isApart(change) {
  return change.part === 'leavers' || change.frozen === true || ['blocked', 'unconfirmed'].includes(change.outcome);
}

/// Rows of a list: a group, and below it, where it is open, its changes; only those in which `text` stands.
/// Pure.
export function rowsOf(groups, open, text) {
  const part = folded(text).trim();
  const rows = [];
  for (const group of groups) {
    const fits = part === '' || folded(group.group).includes(part);
    const changes = fits ? group.changes
      : group.changes.filter((change) => [change.principal, change.dn].some((one) => folded(one).includes(part)));
    if (!fits && changes.length === 0) continue;
    rows.push({ group });
    if (open.has(group.key) || (part !== '' && !fits)) for (const change of changes) rows.push({ group, change });
  }
  return rows;
}

/// What an approval sends, in figures. Pure.
export function totals(groups) {
  const sum = { adds: 0, removes: 0, others: 0, apart: 0, groups: 0, privileged: [] };
  for (const group of groups) {
    sum.adds += group.adds;
    sum.removes += group.removes;
    sum.others += group.others;
    sum.apart += group.apart;
    if (group.adds + group.removes + group.others === 0) continue;
    sum.groups += 1;
    if (group.privileged) sum.privileged.push(group);
  }
  return sum;
}

/// "12 additions and 3 removals in 4 groups". Pure.
export function totalsSentence(sum) {
  const parts = [
    sum.adds > 0 && plural(sum.adds, 'addition'), sum.removes > 0 && plural(sum.removes, 'removal'),
    sum.others > 0 && plural(sum.others, 'group to make, rename or delete', 'groups to make, rename or delete'),
  ].filter(Boolean);
  if (parts.length === 0) return 'Nothing that an approval would send.';
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return `${list} in ${plural(sum.groups, 'group')}.`;
}

/// What somebody decides about, as a sentence. A document without targets is of a read. Pure.
export function leadOf(document, sum) {
  if (document.targets) return totalsSentence(sum);
  return 'A read of a directory differs so much from the last accepted one that nothing is decided on it. To approve takes it as the new level.';
}

/// Whether what somebody typed confirms that plan. Pure.
export function confirms(typed, digest) {
  const text = String(typed ?? '').trim().toLowerCase();
  return text.length >= 8 && String(digest).startsWith(text);
}

function whyDialog(row) {
  const { change, group } = row;
  const steps = stepsOf(change.path);
  dialog(`${toDo(change.verb)}: ${visible(change.principal || change.group)}`,
    facts([
      ['Group', name(group.group)], ['Target', name(group.target)],
      change.principal && ['Member', name(change.principal)],
      change.dn && ['In the directory', link(format('person', { user: change.dn }), name(change.dn))],
      ['Why', visible(change.why || 'not told')],
      change.detail && ['Besides', visible(change.detail)],
      change.rule && ['Rule', name(change.rule)],
      change.matched && ['Known to be that person by', visible(change.matched)],
    ]),
    steps.length > 0 ? drawnPath(steps, group.group, group.target) : faint('No path was kept of it.'),
    change.principal ? el('p', {}, link(format('why', { user: change.dn || change.principal, group: group.group, target: group.target }), 'All that is known of this membership')) : null);
}

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

function changeCells(toggle, open) {
  return [
    {
      title: 'Change', wide: true,
      cell: (row) => (row.change
        ? el('span', { class: 'change' }, el('span', { class: `sign ${row.change.verb}`, 'aria-hidden': 'true' }, sign(row.change.verb)),
          el('span', {}, el('span', { class: 'unseen' }, `${toDo(row.change.verb)} `), name(row.change.principal || row.change.group),
            row.change.dn ? el('small', {}, name(row.change.dn)) : null))
        : el('span', { class: 'change' }, el('button', {
          type: 'button', class: 'twist', 'aria-expanded': String(open.has(row.group.key)), onclick: () => toggle(row.group.key),
        }, open.has(row.group.key) ? '▾ ' : '▸ ', name(row.group.group)),
        row.group.privileged ? badge({ word: 'privileged', tone: 'act' }) : null)),
    },
    {
      title: 'What',
      cell: (row) => (row.change
        ? el('span', { class: 'words' }, visible(row.change.why || row.change.detail || ''),
          isApart(row.change) ? badge({ word: row.change.part === 'leavers' ? 'goes first' : row.change.frozen ? 'frozen' : row.change.outcome, tone: 'calm' }) : null)
        : el('span', { class: 'sums' },
          row.group.adds > 0 && el('span', { class: 'add' }, `+${count(row.group.adds)}`),
          row.group.removes > 0 && el('span', { class: 'remove' }, `−${count(row.group.removes)}`),
          row.group.others > 0 && el('span', {}, `${count(row.group.others)} of the group`),
          row.group.apart > 0 && el('span', { class: 'faint' }, `${count(row.group.apart)} not by this approval`))),
    },
    {
      title: 'Where',
      cell: (row) => (row.change
        ? el('button', { type: 'button', class: 'quiet', onclick: () => whyDialog(row), 'aria-label': `Why and by which path: ${visible(row.change.principal || row.change.group)}` }, 'Why')
        : name(row.group.target)),
    },
  ];
}

/// The view. `context`: about, live, params, announce(text).
export function held(context) {
  const { about, live, params, announce } = context;
  const list = el('div', {});
  const place = el('div', {});
  const node = el('div', {}, list, place);
  const decided = new Map(); // digest -> what became of it, as a sentence
  let shownDigest = null;
  let shownState = '';

  async function decide(plan, lead, sum, approves) {
    const reason = el('textarea', { rows: 3, maxlength: 1000, required: !approves });
    const typed = el('input', { type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', class: 'digits' });
    const asks = approves && sum.privileged.length > 0;
    const said = el('div', {});
    const word = approves ? 'Approve' : 'Reject';
    const button = el('button', { type: 'submit', class: approves ? 'primary' : 'danger' }, `${word} this plan`);
    const form = el('form', { class: 'decision', novalidate: true },
      el('p', {}, lead),
      facts([['Digest', el('code', {}, plan.digest)]]),
      asks ? el('div', { class: 'act-box' },
        el('p', {}, `It changes ${plural(sum.privileged.length, 'privileged group')}:`),
        el('ul', {}, sum.privileged.slice(0, 20).map((group) => el('li', {}, name(group.group), ' ', el('span', { class: 'faint' }, `+${count(group.adds)} −${count(group.removes)}`))),
          sum.privileged.length > 20 ? el('li', {}, `and ${plural(sum.privileged.length - 20, 'more', 'more')}`) : null),
        field('To confirm, type the first 8 digits of the digest', typed)) : null,
      field(approves ? 'Why (may stay empty)' : 'Why', reason, 'Kept in the audit trail, with your name.'),
      said, el('div', { class: 'buttons' }, button));
    const box = dialog(`${word} plan ${short(plan.digest)}`, form);
    (asks ? typed : reason).focus();
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      fill(said);
      if (!approves && reason.value.trim() === '') {
        append(said, [trouble('Say why: whoever made the change in the directory will ask.')]);
        reason.focus();
        return;
      }
      if (asks && !confirms(typed.value, plan.digest)) {
        append(said, [trouble(`These are not the first digits of this plan's digest, which begins with ${short(plan.digest)}. Nothing was done.`)]);
        typed.focus();
        return;
      }
      if (button.disabled) return;
      button.disabled = true;
      try {
        const answer = await post(approves ? '/v1/approve' : '/v1/reject', { digest: plan.digest, reason: reason.value.trim() }, live.token);
        const given = answer.approvals;
        const sentence = !approves ? 'You rejected it. Nobody is asked again before the plan changes.'
          : given && given.given < given.needed ? `You approved it. ${given.given} of ${given.needed} approvals are there; another person must approve it as well.`
          : plan.command ? `You approved it; dirsyncd ${visible(plan.command)} carries it out if it is still the same.`
          : 'You approved it. The next run applies it if it is still the same.';
        decided.set(plan.digest, sentence);
        box.close();
        announce(sentence);
      } catch (error) {
        append(said, [trouble(error.status === 0 ? `${error.message} Whether the decision was recorded is not known: this page looks again before anything else can be decided.` : visible(error.message))]);
        announce(error.message);
        if (error.status !== 0) button.disabled = false;
      }
      refresh();
    });
  }

  function decisions(plan, lead, sum) {
    if (decided.has(plan.digest)) return el('p', { class: 'done-box' }, decided.get(plan.digest));
    if (!about.may_decide)
      return el('p', { class: 'calm-box' }, 'Here it can be looked at. To decide, open the page by the control socket: ', el('code', {}, 'dirsyncd page'), ' tells how.');
    return el('div', { class: 'buttons' },
      el('button', { type: 'button', class: 'primary', onclick: () => decide(plan, lead, sum, true) }, 'Approve …'),
      el('button', { type: 'button', class: 'danger', onclick: () => decide(plan, lead, sum, false) }, 'Reject …'),
      el('span', { class: 'faint' }, 'as ', name(about.person)));
  }

  function approvalsLine(plan) {
    const { needed = 1, given = [] } = plan.approvals ?? {};
    if (needed <= 1 && given.length === 0) return null;
    return ['Approvals', el('span', {}, `${given.length} of ${needed}`, given.map((one) => [el('br'), name(one.by), `, ${moment(one.at)}`, one.reason ? [': ', visible(one.reason)] : null]))];
  }

  function shown(plan, document) {
    const groups = groupsOf(document, about.privileged_groups ?? []);
    const sum = totals(groups);
    const lead = leadOf(document, sum);
    const open = new Set(groups.length <= 3 && groups.every((group) => group.changes.length <= 30) ? groups.map((group) => group.key) : []);
    const search = el('input', { type: 'search', placeholder: 'Name of a group or person' });
    const update = () => table.set(rowsOf(groups, open, search.value));
    const toggle = (key) => {
      if (!open.delete(key)) open.add(key);
      update();
    };
    const table = new WindowedTable({
      label: 'Changes of the plan', columns: changeCells(toggle, open), empty: 'No group or person of that name is in this plan.',
      rowClass: (row) => (row.change ? (isApart(row.change) ? 'apart' : '') : 'group'),
    });
    search.addEventListener('input', update);
    const part = [
      section(`Plan ${short(plan.digest)}`,
        el('p', { class: 'lead' }, lead),
        sum.apart > 0 && faint(`${plural(sum.apart, 'more change is', 'more changes are')} shown that this approval does not send: leavers go first by themselves; the others wait or are blocked.`),
        facts([
          ['Waits since', when(plan.since)],
          ['Digest', el('code', {}, plan.digest)],
          approvalsLine(plan),
          plan.command && ['Carried out by', el('code', {}, `dirsyncd ${visible(plan.command)} --approve ${short(plan.digest)}`)],
        ]),
        decisions(plan, lead, sum)),
      section('Why it waits', el('ul', { class: 'reasons' }, allReasons(document).map(reasonItem))),
      groups.length > 0 ? section('What it would do', field('Search', search), table.node) : null,
      summary(document),
    ];
    fill(place, part);
    if (groups.length > 0) update();
  }

  function summary(document) {
    const read = document.summary;
    if (!read) return null;
    return section('What was read', facts([
      ['Groups', count(read.groups)], ['People', `${count(read.people)}, ${count(read.disabled)} of them disabled`],
      ['Member values', `${count(read.values)}, ${count(read.unresolved)} of them name nothing`],
    ]));
  }

  async function refresh() {
    let plans;
    try {
      ({ plans } = await get('/v1/plans'));
      const wanted = params.digest ?? plans[0]?.digest;
      const plan = plans.find((one) => one.digest.startsWith(wanted ?? '-'));
      fill(list, plans.length > 1 ? el('ul', { class: 'choices', 'aria-label': 'Plans that wait' }, plans.map((one) => el('li', {},
        el('a', { href: format('held', { digest: one.digest }), 'aria-current': one === plan ? 'true' : null }, short(one.digest), ' ',
          el('span', { class: 'faint' }, when(one.since, false)))))) : null);
      if (!plan) {
        if (shownDigest && !decided.has(shownDigest)) announce('The plan that was shown here waits no more: somebody has decided, or the situation has changed.');
        shownDigest = null;
        shownState = '';
        fill(place, gone(plans));
        return;
      }
      const state = JSON.stringify([plan, decided.get(plan.digest)]);
      if (state === shownState) return;
      const document = await get('/v1/plan', { digest: plan.digest });
      if (shownDigest === plan.digest && shownState !== '') announce('What is known of this plan has changed.');
      shownDigest = plan.digest;
      shownState = state;
      shown(plan, document);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (place.childElementCount === 0) fill(place, trouble(error.message));
    }
  }

  function gone(plans) {
    const last = [...decided.values()].at(-1);
    return [
      last ? el('p', { class: 'done-box' }, last) : null,
      el('p', { class: 'calm-box' }, params.digest ? `Plan ${short(params.digest)} waits for nobody any more. ` : 'No plan waits for a person. ',
        plans.length > 0 ? link(format('held'), 'Look at the one that waits now.') : link(format('audit', { action: 'approve' }), 'Look at what was decided.')),
    ];
  }

  return { title: 'Held plan', node, refresh };
}
