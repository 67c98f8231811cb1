// Health: what may need a person soon.
import { get } from './api.js';
import { facts, faint, section, showing } from './bits.js';
import { badge, el, link, name, when } from './dom.js';
import { bytes, certificateState, count, moment, plural, visible } from './format.js';
import { WindowedTable } from './lists.js';
import { format } from './routes.js';

function smallTable(label, titles, rows) {
  return el('div', { class: 'wide-table', tabindex: 0, role: 'region', 'aria-label': label }, el('table', {},
    el('thead', {}, el('tr', {}, titles.map((title) => el('th', { scope: 'col' }, title)))),
    el('tbody', {}, rows.map((cells) => el('tr', {}, cells.map((cell, at) => (at === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell))))))));
}

export function health() {
  const top = el('div', {});
  const blockedNote = el('div', {});
  const blocked = new WindowedTable({
    label: 'What is due and cannot be sent', empty: 'Nothing is blocked.',
    columns: [
      { title: 'Member', wide: true, cell: (row) => [name(row.principal || row.group), el('small', {}, visible(row.reason))] },
      { title: 'Group', cell: (row) => [name(row.group), el('small', {}, name(row.target))] },
      { title: 'What', cell: (row) => visible(`${row.verb}, ${row.code}`) },
      { title: 'Since', cell: (row) => when(row.since, false) },
    ],
  });
  const aside = new WindowedTable({
    label: 'Objects that are set aside', empty: 'Nothing is set aside.',
    columns: [
      { title: 'Object', wide: true, cell: (row) => [name(row.principal || row.group), el('small', {}, visible(row.reason))] },
      { title: 'Group', cell: (row) => [name(row.group), el('small', {}, name(row.target))] },
      { title: 'Attempts', cell: (row) => count(row.attempts) },
      { title: 'Next try', cell: (row) => when(row.next_try, false) },
    ],
  });
  const shown = ([figures, status]) => {
    blocked.set(status.blocked ?? []);
    aside.set(Object.entries(status.targets ?? {}).flatMap(([target, state]) => (state.set_aside ?? []).map((one) => ({ ...one, target }))));
    return [
      section('Certificates', figures.certificates.length === 0 ? faint('None was seen since the service began.')
        : smallTable('Certificates of the sides', ['Side', 'Holds for', 'Until', ''], figures.certificates.map((one) => [
          name(one.side), one.days < 0 ? 'not any more' : plural(one.days, 'day'), moment(one.ends), badge(certificateState(one.days))]))),
      section('How the last reads were proven', figures.proofs.length === 0 ? faint('No run has read yet.')
        : [smallTable('Reads of the sides', ['Side', 'Read', 'Entries', 'Server'], figures.proofs.map((one) => [
          name(one.side), [badge(one.complete ? { word: 'complete', tone: 'good' } : { word: `not complete: ${visible(one.failing)}`, tone: 'bad' }), one.detail ? el('small', {}, visible(one.detail)) : null],
          count(one.entries), name(one.server)])),
        el('p', {}, link(format('run', { run: figures.run }), `All clauses, in run ${figures.run}`))]),
      section('The store', facts([
        ['Folder', name(figures.store.folder)], ['Size', bytes(figures.store.bytes)], ['Audit rows', count(figures.store.audit_rows)],
        figures.store.pruned > 0 && ['Pruned before', count(figures.store.pruned)]])),
    ];
  };
  const refresh = () => showing(top, Promise.all([get('/v1/health'), get('/v1/status')]), shown);
  const node = el('div', {}, section('Blocked', blockedNote, blocked.node), section('Set aside', aside.node), top);
  return { title: 'Health', node, refresh };
}
