// Rows of the audit trail.
import { get, onlyLast } from './api.js';
import { dialog, facts, faint, field, section, showing } from './bits.js';
import { badge, el, fill, link, name, stamp } from './dom.js';
import { count, duration, moment, visible } from './format.js';
import { WindowedTable } from './lists.js';
import { drawnPath, stepsOf } from './nested.js';
import { format, whoOf } from './routes.js';

const filters = [
  ['user', 'Person'], ['group', 'Group'], ['target', 'Target'], ['run', 'Run'],
  ['action', 'What', ['', 'add', 'remove', 'create-group', 'rename-group', 'delete-group', 'approve', 'freeze', 'hold', 'run', 'read', 'change', 'recovered', 'adopt', 'forget', 'store']],
  ['outcome', 'Outcome', ['', 'done', 'already', 'failed', 'unknown', 'unconfirmed', 'skipped', 'blocked', 'approved', 'rejected', 'refused', 'expired', 'frozen', 'thawed']],
];

/// The tone of a row's result. Pure.
export function toneOf(result) {
  if (['failed', 'unknown', 'refused', 'refuse'].includes(result)) return 'bad';
  if (['hold', 'held', 'blocked', 'rejected', 'frozen', 'unconfirmed'].includes(result)) return 'act';
  return ['done', 'already', 'approved', 'in-sync', 'run', 'thawed'].includes(result) ? 'good' : 'calm';
}

/// Parts of the address that are filters, as the service takes them. Pure.
export function queryFor(params, before = null, limit = 200) {
  const query = { limit };
  for (const [key] of filters) if (params[key]) query[key] = params[key];
  if (params.since) query.since = params.since;
  if (params.until) query.until = params.until;
  if (before !== null) query.before = before;
  return query;
}

function rowDialog(row) {
  const steps = stepsOf(row.path);
  dialog(`Row ${row.seq}`,
    facts([
      ['When', moment(row.time, true)], ['What', visible([row.phase, row.verb].filter(Boolean).join(', '))],
      ['Result', badge({ word: visible(row.result || 'none'), tone: toneOf(row.result) })],
      row.detail && ['Detail', visible(row.detail)],
      row.target && ['Target', name(row.target)],
      row.group && ['Group', link(format('group', { group: row.group, target: row.target }), name(row.group))],
      row.principal && ['Member', link(format('why', { user: whoOf(row), group: row.group, target: row.target }), name(row.principal))],
      row.dn && ['In the directory', link(format('person', { user: whoOf(row) }), name(row.dn))],
      row.id && ['Id', el('code', {}, visible(row.id))],
      row.rule && ['Rule', name(row.rule)],
      row.actor && ['By whom', name(row.actor)],
      row.run > 0 && ['Run', link(format('run', { run: row.run }), row.run)],
      row.plan && ['Plan', link(format('held', { digest: row.plan }), el('code', {}, row.plan))],
      row.delay_ms !== undefined && ['From the directory’s change', duration(row.delay_ms)],
      ['Hash', el('code', {}, row.hash)],
    ]),
    steps.length > 0 && row.principal ? drawnPath(steps, row.group, row.target) : null);
}

export function audit(context) {
  const { params, go, announce } = context;
  const told = el('div', {});
  const ask = onlyLast();
  let rows = [];
  let more = false;
  let asking = false;

  const table = new WindowedTable({
    label: 'Rows, newest first', empty: 'No row fits.', onOpen: rowDialog, onEnd: older,
    columns: [
      { title: 'Row', cell: (row) => el('button', { type: 'button', class: 'quiet', onclick: () => rowDialog(row), 'aria-label': `Row ${row.seq}, all of it` }, count(row.seq)) },
      { title: 'When', cell: (row) => stamp(row.time) },
      { title: 'What', cell: (row) => [visible(row.verb || row.phase), el('small', {}, name(row.actor || ' '))] },
      { title: 'Whom', wide: true, cell: (row) => (row.principal || row.group ? [name(row.principal || row.group), el('small', {}, row.group && row.principal ? name(row.group) : '', row.target ? [' ', name(row.target)] : '')] : el('small', {}, visible(row.detail || ' '))) },
      { title: 'Result', cell: (row) => badge({ word: visible(row.result || '–'), tone: toneOf(row.result) }) },
    ],
  });

  async function older() {
    if (!more || asking || rows.length === 0) return;
    asking = true;
    try {
      const document = await get('/v1/log', queryFor(params, rows.at(-1).seq));
      rows = [...rows, ...document.rows];
      more = document.more;
      table.set(rows);
      tell(document);
    } catch {
      // The top of the page tells when nobody answers; scrolling on asks again.
    } finally {
      asking = false;
    }
  }

  function tell(document) {
    fill(told, faint(`${count(rows.length)} rows${more ? ', and more below' : ''}.`,
      document.pruned > 0 ? ` Rows up to ${count(document.pruned)} were pruned: a signed checkpoint vouches for them.` : ''));
  }

  function newest() {
    // Somebody reads further down: new rows do not move what they read.
    if (rows.length > 0 && table.scroller.scrollTop > 0) return Promise.resolve();
    return showing(told, ask('/v1/log', queryFor(params)), (document) => {
      rows = document.rows;
      more = document.more;
      table.set(rows);
      return faint(`${count(rows.length)} rows${more ? ', and more below' : ''}.`);
    });
  }

  const inputs = filters.map(([key, label, choices]) => {
    const input = choices
      ? el('select', {}, choices.map((choice) => el('option', { value: choice, selected: choice === (params[key] ?? '') }, choice === '' ? 'any' : choice)))
      : el('input', { type: key === 'run' ? 'number' : 'text', min: key === 'run' ? 0 : null, value: params[key] ?? '' });
    return [key, label, input];
  });
  const since = el('input', { type: 'datetime-local', value: (params.since ?? '').slice(0, 16) });
  const until = el('input', { type: 'datetime-local', value: (params.until ?? '').slice(0, 16) });
  const form = el('form', { class: 'filters' },
    inputs.map(([, label, input]) => field(label, input)), field('Since (UTC)', since), field('Until (UTC)', until),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, 'Show'), link(format('audit'), 'All rows')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = Object.fromEntries(inputs.map(([key, , input]) => [key, input.value.trim()]));
    const time = (input) => (input.value === '' ? '' : `${input.value.slice(0, 16)}:00Z`);
    announce('Rows are looked for.');
    go('audit', { ...chosen, since: time(since), until: time(until) });
  });
  return { title: 'Audit trail', node: el('div', {}, section('Filters', form), section('Rows', told, table.node)), refresh: newest };
}
