// People and groups: who is in, and why.
import { get, onlyLast } from './api.js';
import { facts, faint, field, forget, section, showing, trouble } from './bits.js';
import { append, badge, el, fill, link, name, when } from './dom.js';
import { asTime, calledBy, count, moment, plural, visible } from './format.js';
import { WindowedTable } from './lists.js';
import { drawnPath, stepsOf } from './nested.js';
import { format } from './routes.js';

/// What somebody is called in a list: by the targets' names, else by the directory's. Pure.
export function personLabel(person) {
  const names = [...new Set((person.names ?? []).map((one) => one.principal))];
  return names.length > 0 ? names.join(', ') : calledBy(person.dn);
}

/// By what `why` and the others find that person again. Pure.
export function personKey(person) {
  return person.id || person.names?.[0]?.principal || person.dn;
}

function found(document) {
  const people = document.people.map((person) => el('li', {}, el('a', { href: format('person', { user: personKey(person) }), class: 'found' },
    el('strong', {}, name(personLabel(person))), el('small', {}, name(person.dn)),
    person.names.length === 0 ? badge({ word: 'has nothing', tone: 'calm' }) : null)));
  const groups = document.groups.map((group) => el('li', {}, el('a', { href: format('group', { group: group.group, target: group.target }), class: 'found' },
    el('strong', {}, name(group.group)), el('small', {}, name(group.target), `, ${plural(group.members, 'member')}`))));
  return [
    el('div', { class: 'two' },
      section(`People (${count(people.length)}${document.more ? ' or more' : ''})`, people.length > 0 ? el('ul', { class: 'plain finds' }, people) : faint('Nobody of that name.')),
      section(`Groups (${count(groups.length)}${document.more ? ' or more' : ''})`, groups.length > 0 ? el('ul', { class: 'plain finds' }, groups) : faint('No group of that name.'))),
    document.more ? faint('There are more; type more of the name.') : null,
  ];
}

/// Search as somebody types.
export function people(context) {
  const { params, replace, announce } = context;
  const input = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', value: params.q ?? '', maxlength: 500 });
  const results = el('div', { class: 'results', 'aria-live': 'off' });
  const ask = onlyLast();
  let timer = 0;
  async function search() {
    const q = input.value.trim();
    replace('people', { q });
    if (q === '') {
      ask.stop();
      forget(results);
      fill(results, faint('Type a part of a name, or of a DN. Groups are those of the targets.'));
      return;
    }
    await showing(results, ask('/v1/search', { q, limit: 50 }), (document) => {
      announce(`${plural(document.people.length, 'person', 'people')} and ${plural(document.groups.length, 'group')} found.`);
      return found(document);
    });
  }
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, 80);
  });
  const node = el('div', {}, el('search', {}, field('Person or group', input)), results);
  return { title: 'People and groups', node, refresh: search, focus: input, close: () => clearTimeout(timer), once: true };
}

/// "As of" a time; the present where it is empty.
function asOf(context, view) {
  const { params, go } = context;
  const input = el('input', { type: 'datetime-local', value: (params.at ?? '').slice(0, 16) });
  const form = el('form', { class: 'inline' }, field('As of (UTC)', input), el('button', { type: 'submit' }, 'Show'),
    params.at ? link(format(view, { ...params, at: '' }), 'Back to now') : null);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(view, { ...params, at: asTime(input.value) });
  });
  return form;
}

function pathCell(path) {
  const steps = stepsOf(path);
  return steps.length > 2 ? `through ${plural(steps.length - 2, 'nested group')}` : steps.length > 0 ? 'direct' : 'not kept';
}

export function person(context) {
  const { params, go, retitle } = context;
  const user = params.user ?? '';
  const place = el('div', {});
  const table = new WindowedTable({
    label: 'What this person has', empty: 'Nothing because of dirsyncd.', onOpen: (row) => go('why', { user, group: row.group, target: row.target, at: params.at }),
    columns: [
      { title: 'Group', wide: true, cell: (row) => link(format('why', { user, group: row.group, target: row.target, at: params.at }), name(row.group)) },
      { title: 'Target', cell: (row) => name(row.target) },
      { title: 'Since', cell: (row) => when(row.since) },
      { title: 'Rule', cell: (row) => name(row.rule) },
      { title: 'Way', cell: (row) => pathCell(row.path) },
    ],
  });
  const group = el('input', { type: 'text', autocomplete: 'off', required: true });
  const ask = el('form', { class: 'inline' }, field('Why in, or not in, this group of a target', group), el('button', { type: 'submit' }, 'Tell why'));
  ask.addEventListener('submit', (event) => {
    event.preventDefault();
    if (group.value.trim() !== '') go('why', { user, group: group.value.trim(), at: params.at });
  });
  const refresh = () => showing(place, get('/v1/person', { user, at: params.at }), (document) => {
    table.set(document.memberships);
    const [first, ...others] = document.people;
    if (!first) return faint('Nobody of that name is known: no directory that was read has such an entry, and nothing was ever done for one.');
    retitle(personLabel(first));
    return facts([
      ['In the directory', name(first.dn)], ['Id', el('code', {}, visible(first.id))],
      others.length > 0 && ['May also mean', others.map((one) => el('div', {}, link(format('person', { user: personKey(one), at: params.at }), name(personLabel(one))), ' ', el('small', {}, name(one.dn))))],
      ['As of', document.at ? moment(document.at) : 'now'], ['Has', plural(document.memberships.length, 'membership')],
    ]);
  });
  const node = el('div', {}, asOf(context, 'person'), place, section('Memberships', table.node), section('Why', ask),
    el('p', {}, link(format('audit', { user }), 'What happened to them, in the audit trail')));
  return { title: calledBy(user), node, refresh };
}

export function group(context) {
  const { params, go } = context;
  const place = el('div', {});
  const others = el('div', {});
  const to = (row) => ({ user: row.id || row.principal, group: params.group, target: params.target, at: params.at });
  const table = new WindowedTable({
    label: 'Members because of dirsyncd', empty: 'Nobody is in it because of dirsyncd.', onOpen: (row) => go('why', to(row)),
    columns: [
      { title: 'Member', wide: true, cell: (row) => [link(format('why', to(row)), name(row.principal)), el('small', {}, name(row.dn))] },
      { title: 'Since', cell: (row) => when(row.since) },
      { title: 'Rule', cell: (row) => name(row.rule) },
      { title: 'Way', cell: (row) => pathCell(row.path) },
    ],
  });
  const search = el('input', { type: 'search' });
  let members = [];
  const update = () => {
    const part = search.value.trim().toLowerCase();
    table.set(part === '' ? members : members.filter((row) => `${row.principal}\n${row.dn}`.toLowerCase().includes(part)));
  };
  search.addEventListener('input', update);
  const refresh = () => showing(place, get('/v1/who', { group: params.group, target: params.target, at: params.at }), (document) => {
    members = document.members;
    update();
    fill(others, document.at ? null : document.foreign === null ? faint('Who else is in it is not known: no run has read its members yet.')
      : document.foreign.length === 0 ? faint('Nobody else is in it.')
      : section('In it without dirsyncd', el('ul', { class: 'names' }, document.foreign.slice(0, 1000).map((one) => el('li', {}, name(one)))),
        document.foreign.length > 1000 ? faint(`and ${plural(document.foreign.length - 1000, 'more', 'more')}`) : null));
    return facts([['Target', name(document.target)], ['As of', document.at ? moment(document.at) : 'now'], ['Members', count(document.members.length)]]);
  });
  const node = el('div', {}, asOf(context, 'group'), place, section('Members', field('Search', search), table.node), others,
    el('p', {}, link(format('audit', { group: params.group, target: params.target }), 'What happened to it, in the audit trail')));
  return { title: params.group ?? '', node, refresh };
}

function history(rows) {
  if (rows.length === 0) return faint('Nothing happened to this membership that is known.');
  return el('div', { class: 'wide-table', tabindex: 0, role: 'region', 'aria-label': 'What happened' }, el('table', {},
    el('thead', {}, el('tr', {}, ['When', 'What', 'Run', 'By whom', 'Why'].map((title) => el('th', { scope: 'col' }, title)))),
    el('tbody', {}, rows.map((row) => el('tr', {},
      el('td', {}, when(row.time, false)), el('td', {}, `${row.verb ?? 'not known'} ${row.result ?? ''}`),
      el('td', {}, row.run ? link(format('run', { run: row.run }), row.run) : '–'),
      el('td', {}, row.actor ? name(row.actor) : '–'), el('td', {}, visible(row.why ?? '–')))))));
}

function whyShown(document) {
  return [
    el('p', { class: 'lead' }, badge({ word: document.member ? 'in' : 'not in', tone: document.member ? 'good' : 'calm' }), ' ', visible(document.text)),
    facts([
      ['Decision', document.decision], document.rule && ['Rule', name(document.rule)],
      document.since && ['Since', when(document.since)], document.run && ['Run', link(format('run', { run: document.run }), document.run)],
      document.plan && ['Plan', link(format('held', { digest: document.plan }), el('code', {}, document.plan))], ['As of', document.at ? moment(document.at) : 'now'],
    ]),
    document.paths.length > 0 ? section('The way', document.paths.map((steps) => drawnPath(steps, document.group, document.target))) : null,
    section('What happened', history(document.history)),
  ];
}

export function why(context) {
  const { params, retitle } = context;
  const place = el('div', {});
  const refresh = () => showing(place, get('/v1/why', { user: params.user, group: params.group, target: params.target, at: params.at }), (document) => {
    // The address may have an id, by which nobody calls anybody.
    const dn = document.paths[0]?.at(-1);
    if (dn) retitle(`${calledBy(dn)} in ${params.group}`);
    return whyShown(document);
  });
  const node = el('div', {}, asOf(context, 'why'),
    el('p', {}, link(format('person', { user: params.user, at: params.at }), 'All that this person has'), ' · ',
      link(format('group', { group: params.group, target: params.target, at: params.at }), 'All who are in this group')), place);
  if (!params.user || !params.group) append(node, [trouble('It takes a person and a group.')]);
  return { title: `${calledBy(params.user)} in ${params.group ?? ''}`, node, refresh };
}
