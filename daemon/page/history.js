// History: runs, changes and how fast leavers were out, over 30 days.
import { get } from './api.js';
import { facts, faint, section, showing, trouble } from './bits.js';
import { badge, el, link, name, stamp, when } from './dom.js';
import { count, duration, moment, runEnd, short, sign, toDo, trigger, visible } from './format.js';
import { WindowedTable } from './lists.js';
import { plot } from './plot.js';
import { format, whoOf } from './routes.js';

function plots(document) {
  const days = document.days.map((one) => ({ ...one, runs_fine: one.runs - one.runs_held - one.runs_failed }));
  return [
    plot({
      title: 'Runs', kind: 'bars', days,
      parts: [{ key: 'runs_fine', title: 'fine', tone: 'good' }, { key: 'runs_held', title: 'held', tone: 'act' }, { key: 'runs_failed', title: 'failed', tone: 'bad' }],
    }),
    plot({
      title: 'Changes', kind: 'bars', days,
      parts: [{ key: 'added', title: 'added', tone: 'good' }, { key: 'removed', title: 'removed', tone: 'calm' }, { key: 'others', title: 'of groups', tone: 'other' }, { key: 'failed', title: 'failed', tone: 'bad' }],
    }),
    plot({
      title: 'How long removals took, from the directory’s change', kind: 'lines', days, show: duration,
      mark: document.target_ms ? { value: document.target_ms, title: `wished: ${duration(document.target_ms)}` } : null,
      parts: [{ key: 'p50_ms', title: 'half of them', tone: 'good' }, { key: 'p99_ms', title: '99 %', tone: 'calm' }, { key: 'worst_ms', title: 'the longest', tone: 'bad' }],
      columns: [{ key: 'delays', title: 'removals', show: count }, { key: 'p50_ms', title: 'half' }, { key: 'p99_ms', title: '99 %' }, { key: 'worst_ms', title: 'longest' }],
    }),
  ];
}

const runsAtOnce = 200;

/// The newest runs in place of those that are known, before which the older ones stay. Pure.
export function newestOf(newest, known) {
  const last = newest.at(-1)?.run ?? Infinity;
  return [...newest, ...known.filter((one) => one.run < last)];
}

export function history(context) {
  const { go } = context;
  const drawn = el('div', {});
  const told = el('div', {});
  let known = [];
  let more = true;
  let asking = false;
  const table = new WindowedTable({
    label: 'Runs, newest first', empty: 'No run yet.', onOpen: (run) => go('run', { run: run.run }), onEnd: older,
    columns: [
      { title: 'Run', cell: (run) => link(format('run', { run: run.run }), run.run) },
      { title: 'Began', cell: (run) => stamp(run.started) },
      { title: 'Because', wide: true, cell: (run) => [trigger(run.trigger), el('small', {}, name(run.actor))] },
      { title: 'End', cell: (run) => badge(runEnd(run)) },
      { title: 'Done', cell: (run) => `${count(run.done)} of ${count(run.planned)}${run.failed > 0 ? `, ${count(run.failed)} failed` : ''}` },
    ],
  });
  async function older() {
    if (!more || asking || known.length === 0) return;
    asking = true;
    try {
      const { runs } = await get('/v1/runs', { limit: runsAtOnce, before: known.at(-1).run });
      more = runs.length === runsAtOnce;
      known = [...known, ...runs];
      table.set(known);
    } catch {
      // The top of the page tells when nobody answers; scrolling on asks again.
    } finally {
      asking = false;
    }
  }
  let drawnAt = 0;
  const refresh = () => {
    // Somebody reads further down: new runs do not move what they read.
    const runs = known.length > 0 && table.scroller.scrollTop > 0 ? null : showing(told, get('/v1/runs', { limit: runsAtOnce }), (document) => {
      if (document.runs.length < runsAtOnce) more = false;
      known = newestOf(document.runs, known);
      table.set(known);
      return null;
    });
    // Figures of days change slowly, and take the service longer.
    if (Date.now() - drawnAt < 30_000) return runs;
    drawnAt = Date.now();
    return Promise.all([runs, showing(drawn, get('/v1/days', { days: 30 }), plots)]);
  };
  return { title: 'History', node: el('div', {}, section('Thirty days', drawn), section('Runs', told, table.node)), refresh };
}

/// Changes of a run's report, in order. Pure.
export function changesOf(report) {
  return Object.entries(report?.plan?.targets ?? {}).flatMap(([target, part]) => (part.changes ?? []).map((change) => ({ ...change, target })));
}

export function run(context) {
  const { params, go } = context;
  const place = el('div', {});
  const table = new WindowedTable({
    label: 'Changes of the run', empty: 'It had nothing to change.', onOpen: (row) => row.principal && go('why', { user: whoOf(row), group: row.group, target: row.target }),
    columns: [
      { title: 'Change', wide: true, cell: (row) => [el('span', { class: `sign ${row.verb}`, 'aria-hidden': 'true' }, sign(row.verb)), ' ', el('span', { class: 'unseen' }, `${toDo(row.verb)} `), name(row.principal || row.group), row.dn ? el('small', {}, link(format('person', { user: whoOf(row) }), name(row.dn))) : null] },
      { title: 'Group', cell: (row) => [link(format('group', { group: row.group, target: row.target }), name(row.group)), el('small', {}, name(row.target))] },
      { title: 'Outcome', cell: (row) => [visible(row.outcome || 'not run'), el('small', {}, visible(row.detail || row.why || ' '))] },
    ],
  });
  const refresh = () => showing(place, get('/v1/run', { run: params.run }), (document) => {
    table.set(changesOf(document.report));
    const end = runEnd(document);
    const reasons = document.report?.plan?.reasons ?? [];
    return [
      document.pruned ? trouble(`The audit trail may tell of it no more: ${visible(document.pruned)}`) : null,
      facts([
        ['Began', when(document.started)], ['Ended', document.finished ? moment(document.finished, true) : 'It did not end.'],
        ['Because', `${trigger(document.trigger)}`], ['By whom', name(document.actor)], ['End', badge(end)],
        document.digest && ['Plan', el('span', {}, el('code', {}, short(document.digest)), ' ', link(format('held', { digest: document.digest }), 'look at it'))],
        ['Changes', `${count(document.done)} done of ${count(document.planned)}, ${count(document.failed)} failed, ${count(document.unconfirmed)} wait for further reads`],
      ]),
      reasons.length > 0 ? section('Reasons', el('ul', { class: 'reasons' }, reasons.map((reason) => el('li', {}, visible(reason.text))))) : null,
      section('How the reads were proven', proofs(document.report?.certificates ?? {})),
    ];
  });
  const node = el('div', {}, place, section('Changes', table.node), el('p', {}, link(format('audit', { run: params.run }), 'Its rows in the audit trail')));
  return { title: `Run ${params.run ?? ''}`, node, refresh };
}

function proofs(certificates) {
  const sides = Object.entries(certificates);
  if (sides.length === 0) return faint('It read no side as a whole.');
  return sides.map(([side, certificate]) => el('details', {},
    el('summary', {}, name(side), ' ', badge(certificate.complete ? { word: 'complete', tone: 'good' } : { word: `not complete: ${visible(certificate.failing)}`, tone: 'bad' })),
    el('ul', { class: 'plain' }, (certificate.clauses ?? []).map((clause) => el('li', {}, badge(clause.holds ? { word: 'holds', tone: 'good' } : { word: 'fails', tone: 'bad' }), ' ', el('strong', {}, visible(clause.name)), ' ', el('span', { class: 'faint' }, visible(clause.detail || '')))))));
}
