import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as words from '../../../daemon/page/format.js';

test('a name is seen as it is, with what would hide or turn it by its number', () => {
  assert.equal(words.visible('ada'), 'ada');
  assert.equal(words.visible('<b>'), '<b>');
  assert.equal(words.visible('\u202egnp.exe'), '⟨202E⟩gnp.exe');
  assert.equal(words.visible('a\u0000b\nc\u200b'), 'a⟨0000⟩b⟨000A⟩c⟨200B⟩');
  assert.equal(words.visible('مدير'), 'مدير');
  assert.equal(words.visible('x\ud800'), 'x⟨D800⟩');
  assert.equal(words.visible(''), '(no name)');
  assert.equal(words.visible(null), '(no name)');
});

test('figures have their thousands, and words their number', () => {
  assert.equal(words.count(1234567), '1,234,567');
  assert.equal(words.count(undefined), '0');
  assert.equal(words.plural(1, 'group'), '1 group');
  assert.equal(words.plural(0, 'person', 'people'), '0 people');
  assert.equal(words.bytes(13 * 1024), '13 KiB');
  assert.equal(words.bytes(900), '900 bytes');
});

test('times are UTC, and what is none is not known', () => {
  assert.equal(words.moment('2026-12-01T03:04:05.678Z'), '1 Dec 2026, 03:04 UTC');
  assert.equal(words.moment('2026-12-01T03:04:05.678Z', true), '1 Dec 2026, 03:04:05 UTC');
  assert.equal(words.moment('soon'), 'not known');
  assert.equal(words.day('2026-11-05'), '5 Nov');
  const now = Date.parse('2026-12-01T03:00:00Z');
  assert.equal(words.ago('2026-12-01T02:59:58Z', now), 'just now');
  assert.equal(words.ago('2026-12-01T02:55:00Z', now), '5 min ago');
  assert.equal(words.ago('2026-11-28T03:00:00Z', now), '3 days ago');
  assert.equal(words.ago('2026-12-01T05:00:00Z', now), 'in 2 h');
  assert.equal(words.asTime('2026-12-01T03:04'), '2026-12-01T03:04:00Z');
  assert.equal(words.asTime('yesterday'), '');
});

test('durations', () => {
  assert.equal(words.duration(412), '412 ms');
  assert.equal(words.duration(3200), '3.2 s');
  assert.equal(words.duration(240_000), '4 min');
  assert.equal(words.duration(9_000_000), '2.5 h');
  assert.equal(words.duration(null), '–');
});

test('every state of a target has a word and a sentence; one that is not known is shown', () => {
  for (const state of ['ok', 'held', 'unconfirmed', 'blocked', 'failed', 'unread', 'never run'])
    assert.match(words.targetState({ state }).sentence, /\.$/);
  assert.deepEqual(words.targetState({ state: '<new>' }), { word: '<new>', tone: 'calm', sentence: '' });
});

test('a run that failed is never shown as good', () => {
  const run = { finished: '2026-12-01T03:04:05Z', verdict: 'run', failed: 0, exit: 0 };
  assert.equal(words.runEnd(run).tone, 'good');
  assert.equal(words.runEnd({ ...run, failed: 2 }).tone, 'bad');
  assert.equal(words.runEnd({ ...run, exit: 5 }).tone, 'bad');
  assert.equal(words.runEnd({ ...run, finished: null }).tone, 'bad');
});

test('what a DN is called by', () => {
  assert.equal(words.calledBy('uid=ada,ou=people,dc=x'), 'ada');
  assert.equal(words.calledBy('cn=Doe\\, Jane,dc=x'), 'Doe, Jane');
  assert.equal(words.calledBy('no dn'), 'no dn');
});

test('how full a limit is', () => {
  assert.deepEqual(words.fill({ count: 12, allowed: 6 }), { share: 1, bound: 0.5, over: true });
  assert.deepEqual(words.fill({ count: 0, allowed: 0 }), { share: 0, bound: 0, over: false });
  assert.equal(words.fill({ count: 3 }), null);
});
