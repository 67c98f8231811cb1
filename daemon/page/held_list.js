// What a plan would do: its groups, their changes, and how they are listed.
import { dialog, facts, faint } from './bits.js';
import { badge, el, link, name } from './dom.js';
import { count, plural, sign, toDo, visible } from './format.js';
import { drawnPath, stepsOf } from './nested.js';
import { format, whoOf } from './routes.js';

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

/// What a plan is about, as a sentence. A document without targets is of a read. Pure.
export function leadOf(document, sum, waits = true) {
  if (!document.targets && !waits) return 'A read of a directory differed so much from the last accepted one that nothing was decided on it.';
  if (!document.targets) return 'A read of a directory differs so much from the last accepted one that nothing is decided on it. To approve takes it as the new level.';
  const { adds, removes, others } = sum;
  return !waits && adds + removes + others === 0 ? 'It has nothing that an approval would have sent.' : totalsSentence(sum);
}

function whyDialog(row) {
  const { change, group } = row;
  const steps = stepsOf(change.path);
  dialog(`${toDo(change.verb)}: ${visible(change.principal || change.group)}`,
    facts([
      ['Group', name(group.group)], ['Target', name(group.target)],
      change.principal && ['Member', name(change.principal)],
      change.dn && ['In the directory', link(format('person', { user: whoOf(change) }), name(change.dn))],
      ['Why', visible(change.why || 'not told')],
      change.detail && ['Besides', visible(change.detail)],
      change.rule && ['Rule', name(change.rule)],
      change.matched && ['Known to be that person by', visible(change.matched)],
    ]),
    steps.length > 0 ? drawnPath(steps, group.group, group.target) : faint('No path was kept of it.'),
    change.principal ? el('p', {}, link(format('why', { user: whoOf(change), group: group.group, target: group.target }), 'All that is known of this membership')) : null);
}

/// Columns of the list. `open`: keys of the groups whose changes are seen; `toggle(key)` opens and closes one.
export function changeCells(toggle, open) {
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
