import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceOf } from '../../../daemon/page/api.js';
import { queryFor, toneOf } from '../../../daemon/page/audit.js';
import { confirms } from '../../../daemon/page/decide.js';
import { groupsOf, leadOf, rowsOf, totals, totalsSentence } from '../../../daemon/page/held_list.js';
import { newestOf } from '../../../daemon/page/history.js';
import { scrollFor, windowOf } from '../../../daemon/page/lists.js';
import { changesSomething, eventOf, LineSplitter, pause } from '../../../daemon/page/live.js';
import { stepsOf } from '../../../daemon/page/nested.js';
import { attention } from '../../../daemon/page/now.js';
import { niceBound, pieces, stacked } from '../../../daemon/page/plot.js';
import { format, parse, views } from '../../../daemon/page/routes.js';
import { digest, hostile, plan, status } from './answers.mjs';

test('of 100,000 rows a screenful is made, wherever somebody is', () => {
  const all = { height: 600, rowHeight: 44, rows: 100_000 };
  assert.deepEqual(windowOf({ ...all, top: 0 }), { first: 0, last: 22 });
  for (const top of [0, 1, 43, 44, 2_000_000, 4_399_400, 9_999_999]) {
    const { first, last } = windowOf({ ...all, top });
    assert.ok(first >= 0 && last <= 100_000 && first < last && last - first <= 32, `${top}: ${first} to ${last}`);
    if (top <= 4_399_400) assert.ok(first * 44 <= top && last * 44 >= Math.min(top + 600, 4_400_000));
  }
  assert.deepEqual(windowOf({ ...all, rows: 0, top: 0 }), { first: 0, last: 0 });
  assert.deepEqual(windowOf({ ...all, rows: 1, top: 0 }), { first: 0, last: 1 });
});

test('a row that is seen does not move the list', () => {
  const view = { top: 440, height: 440, rowHeight: 44 };
  assert.equal(scrollFor({ ...view, row: 10 }), null);
  assert.equal(scrollFor({ ...view, row: 19 }), null);
  assert.equal(scrollFor({ ...view, row: 20 }), 484);
  assert.equal(scrollFor({ ...view, row: 9 }), 396);
});

test('lines are whole, wherever the pieces of a stream end', () => {
  const text = '{"event":"a"}\n{"event":"b","text":"ä\\n"}\n';
  for (let at = 0; at <= text.length; at += 1) {
    const splitter = new LineSplitter();
    const lines = [...splitter.add(text.slice(0, at)), ...splitter.add(text.slice(at))];
    assert.deepEqual(lines.map((line) => eventOf(line).event), ['a', 'b']);
  }
  const short = new LineSplitter(10);
  assert.deepEqual(short.add('12345678901'), []);
  assert.deepEqual(short.add('2\nnext\n'), ['next']);
  assert.equal(eventOf('no JSON'), null);
  assert.equal(eventOf('[1]'), null);
  assert.equal(eventOf('null'), null);
});

test('it comes again, at growing distances', () => {
  assert.deepEqual([1, 2, 3, 4, 20].map(pause), [500, 1000, 2000, 4000, 15_000]);
  assert.ok(changesSomething({ event: 'decided' }));
  assert.ok(!changesSomething({ event: 'http_request' }));
});

test('an address leads where it was made, whatever names are in it', () => {
  for (const view of views)
    for (const user of hostile.filter((name) => name !== '')) assert.deepEqual(parse(format(view, { user, group: '' })), { view, params: { user } });
  assert.deepEqual(parse('#/nowhere?x=1'), { view: 'now', params: {} });
  assert.deepEqual(parse(''), { view: 'now', params: {} });
});

test('a plan is shown by group, privileged ones first', () => {
  const groups = groupsOf(plan, ['TIER0 OPERATORS']);
  assert.equal(groups.length, 3);
  assert.equal(groups[0].group, 'tier0 operators');
  assert.ok(groups[0].privileged && !groups[1].privileged);
  assert.equal(groups[0].adds + groups[0].removes, hostile.length);
  const sum = totals(groups);
  assert.deepEqual([sum.groups, sum.adds + sum.removes, sum.privileged.length], [3, 3 * hostile.length, 1]);
  assert.equal(totalsSentence(sum), '18 additions and 12 removals in 3 groups.');
});

test('what an approval does not send is counted apart', () => {
  const change = { verb: 'remove', group: 'ops', principal: 'ada' };
  const groups = groupsOf({ targets: { vault: { changes: [
    { ...change, part: 'leavers' }, { ...change, frozen: true }, { ...change, outcome: 'blocked' }, { ...change, outcome: 'unconfirmed' }, { ...change, part: 'rest' },
  ] } } }, []);
  assert.deepEqual([groups[0].removes, groups[0].apart], [1, 4]);
  const none = groupsOf({ targets: { vault: { changes: [{ ...change, part: 'leavers' }] } } }, ['ops']);
  assert.deepEqual(totals(none).privileged, []);
  assert.equal(totalsSentence(totals(none)), 'Nothing that an approval would send.');
});

test('rows of a plan: groups, open ones with their people; a search opens what it finds', () => {
  const groups = groupsOf(plan, []);
  assert.equal(rowsOf(groups, new Set(), '').length, 3);
  assert.equal(rowsOf(groups, new Set([groups[0].key]), '').length, 3 + hostile.length);
  const found = rowsOf(groups, new Set(), 'KAPITÄNSWITWEN');
  assert.equal(found.length, 6);
  assert.ok(found.filter((row) => row.change).every((row) => row.change.principal.startsWith('Donau')));
  assert.deepEqual(rowsOf(groups, new Set(), 'nobody has this'), []);
});

test('a plan of 100,000 rows is sorted and searched at once', () => {
  const changes = Array.from({ length: 100_000 }, (_, at) => ({ verb: 'add', group: `group-${at % 10_000}`, principal: `u${at}`, dn: `uid=u${at}` }));
  const groups = groupsOf({ targets: { vault: { changes } } }, ['group-7']);
  assert.equal(groups.length, 10_000);
  assert.equal(groups[0].group, 'group-7');
  assert.equal(rowsOf(groups, new Set(groups.map((group) => group.key)), '').length, 110_000);
  assert.equal(rowsOf(groups, new Set(), 'uid=u99999').length, 2);
});

test('a read that waits is told as one', () => {
  assert.match(leadOf({ reasons: [] }, totals([])), /takes it as the new level/);
  assert.equal(leadOf(plan, totals([])), 'Nothing that an approval would send.');
});

test('only the digits of that plan confirm it', () => {
  assert.ok(confirms(' 4BE1C0FF ', digest));
  assert.ok(confirms(digest, digest));
  for (const typed of ['', '4be1c0f', '4be1c0fa', 'yes', undefined, `${digest}0`]) assert.ok(!confirms(typed, digest), typed);
});

test('what waits for a person comes first, and nothing does where all is well', () => {
  assert.deepEqual(attention(status).map((one) => one.word), ['Frozen', 'Held', 'Blocked', 'Feed down']);
  assert.match(attention(status)[1].text, /4be1c0ff waits for a person: 12 removals, 5 allowed/);
  assert.deepEqual(attention({ targets: { vault: { state: 'ok' } }, held: [], blocked: [], frozen: [], feed: {} }), []);
  assert.deepEqual(attention({}), []);
});

test('plots: round bounds, bars on each other, gaps where nothing is known', () => {
  assert.deepEqual([0, 1, 3, 7, 10, 11, 4321].map(niceBound), [1, 1, 5, 10, 10, 20, 5000]);
  assert.deepEqual(stacked([{ a: 2, b: 3 }], [{ key: 'a' }, { key: 'b' }]), [[{ key: 'a', from: 0, to: 2 }, { key: 'b', from: 2, to: 5 }]]);
  const days = [{ x: 1 }, { x: null }, { x: 3 }, { x: 4 }];
  assert.deepEqual(pieces(days, 'x'), [[{ at: 0, value: 1 }], [{ at: 2, value: 3 }, { at: 3, value: 4 }]]);
});

test('filters go to the service as it takes them', () => {
  assert.deepEqual(queryFor({ user: 'ada', outcome: '', x: '1' }), { limit: 200, user: 'ada' });
  assert.deepEqual(queryFor({}, 42), { limit: 200, before: 42 });
  assert.equal(toneOf('failed'), 'bad');
  assert.equal(toneOf('a new one'), 'calm');
});

test('a refusal is the sentence of the service, or one of ours', () => {
  assert.equal(sentenceOf(409, { error: { code: 'store', text: 'the plan is another by now' } }), 'the plan is another by now');
  assert.match(sentenceOf(503, null), /busy/);
  assert.match(sentenceOf(500, 'text'), /500/);
});

test('the steps of a path', () => {
  assert.deepEqual(stepsOf('cn=a > cn=b > uid=x'), ['cn=a', 'cn=b', 'uid=x']);
  assert.deepEqual(stepsOf(''), []);
});

test('the newest runs come before the older ones that are known, each once', () => {
  const runs = (...numbers) => numbers.map((run) => ({ run }));
  assert.deepEqual(newestOf(runs(9, 8, 7), runs(8, 7, 6, 5)), runs(9, 8, 7, 6, 5));
  assert.deepEqual(newestOf(runs(3), []), runs(3));
});
