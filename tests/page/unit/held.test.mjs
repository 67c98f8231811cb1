// The held plan: what stays while others decide, what is told of plans that wait no more, and what is sent.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { held } from '../../../daemon/page/held.js';
import { about, answers, digest, plan, plans } from './answers.mjs';
import { answering, begin, buttons, calls, posted, settle, shown, stage } from './stage.mjs';

beforeEach(begin);

const waiting = plans.plans[0];
const approvedOnce = { plans: [{ ...waiting, approvals: { needed: 2, given: [{ by: 'uid:1001 (bob)', at: waiting.since, reason: '' }] } }] };
const other = 'a'.repeat(64);
const input = (node) => node.querySelector('input');
const planCalls = () => calls.filter((call) => call.path === '/v1/plan');

async function opened(button, more = {}) {
  const view = await shown(held, {}, more);
  await buttons(view.node, button)[0].dispatch('click');
  const dialog = stage.body.querySelector('dialog');
  const reason = dialog.querySelector('textarea');
  const type = async (text) => {
    reason.value = text;
    await reason.dispatch('input');
  };
  return { view, dialog, reason, type, digits: input(dialog), submit: () => dialog.querySelector('form').dispatch('submit') };
}

test('a reason goes in one line', async () => {
  const { reason, submit } = await opened('Reject');
  reason.value = ' not today \r\n\n\tand not tomorrow\n';
  await submit();
  assert.equal(JSON.parse(posted()[0].body).reason, 'not today and not tomorrow');
});

test('a reason that the service would not keep is told while it is typed, and not sent', async () => {
  const { dialog, type, submit } = await opened('Reject');
  await type('ä'.repeat(251));
  assert.match(dialog.textContent, /The reason is 502 bytes long; the service keeps 500\./);
  await submit();
  assert.deepEqual(posted(), []);
  assert.match(dialog.textContent, /502 bytes long.*Nothing was done/);
  await type('ä'.repeat(250));
  assert.equal(dialog.querySelectorAll('p').find((one) => one.getAttribute('role') === 'status').textContent, '');
  await submit();
  assert.equal(posted().length, 1);
});

test('a decision that is late can be sent again', async () => {
  const { dialog, digits, submit } = await opened('Approve');
  digits.value = digest;
  const before = AbortSignal.timeout;
  AbortSignal.timeout = () => AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  stage.refuse = (path, options) => options.method === 'POST' && { status: 0 };
  await submit();
  AbortSignal.timeout = before;
  assert.match(dialog.textContent, /Nobody knows whether it was done: look at the plan again/);
  stage.refuse = null;
  await submit();
  assert.equal(posted().length, 2);
});

test('people are linked by their ids, as their DNs may be too long', async () => {
  const view = await shown(held, {});
  await buttons(view.node, 'Why')[0].dispatch('click');
  const links = stage.body.querySelector('dialog').querySelectorAll('a').map((link) => link.getAttribute('href'));
  assert.equal(links[0], '#/person?user=id-0');
  assert.match(links[1], /^#\/why\?user=id-0&/);
});

test('a plan that waits for nobody is shown to look at, and that is said', async () => {
  const view = await shown(held, { digest: other }, {});
  assert.match(view.node.textContent, /does not wait for anybody now/);
  assert.match(view.node.textContent, /What it would do/);
  assert.equal(planCalls().at(-1).request, `/v1/plan?digest=${other}`);
  assert.equal(buttons(view.node, 'Approve').length + buttons(view.node, 'Reject').length, 0);
  assert.ok(view.node.querySelectorAll('a').some((link) => link.getAttribute('href') === '#/held'));
});

for (const [status, sentence] of [[404, /knows no such plan/], [400, /no such plan: aaaaaaaa/]])
  test(`a plan that nobody knows is told as such (${status})`, async () => {
    stage.refuse = (path) => path === '/v1/plan' && { status, document: { error: { code: 'store', text: 'no such plan: aaaaaaaa' } } };
    const view = await shown(held, { digest: other });
    assert.match(view.node.textContent, /Plan aaaaaaaa cannot be shown\./);
    assert.match(view.node.textContent, sentence);
  });

test('another person’s approval leaves what somebody looks for, and where they are', async () => {
  const view = await shown(held, {});
  const search = input(view.node);
  search.value = 'gateways';
  await search.dispatch('input');
  await buttons(view.node, '▾')[0].dispatch('click');
  search.focus();
  const rows = view.node.querySelector('.scroller').textContent;
  await answering('/v1/plans', approvedOnce, () => view.refresh());
  assert.match(view.node.textContent, /1 of 2.*uid:1001 \(bob\)/);
  assert.equal(input(view.node), search);
  assert.equal(document.activeElement, search);
  assert.equal(view.node.querySelector('.scroller').textContent, rows);
  assert.match(rows, /▸ gateways/);
  assert.equal(planCalls().length, 1);
  assert.match(stage.said.at(-1), /has changed/);
});

test('whoever is at a button stays there when the head is told anew', async () => {
  const view = await shown(held, {});
  buttons(view.node, 'Reject')[0].focus();
  await answering('/v1/plans', approvedOnce, () => view.refresh());
  assert.equal(document.activeElement, buttons(view.node, 'Reject')[0]);
});

test('two looks at once show a plan whole', async () => {
  const view = await shown(held, {});
  const again = held({ about, params: {}, live: {}, announce() {} });
  stage.body.append(again.node);
  await Promise.all([again.refresh(), again.refresh()]);
  assert.equal(again.node.textContent, view.node.textContent);
});

test('a plan that is held again is to be decided again', async () => {
  const { view, digits, submit } = await opened('Approve');
  digits.value = digest;
  await submit();
  await settle();
  assert.equal(buttons(view.node, 'Approve').length, 0);
  await answering('/v1/plans', { plans: [] }, () => view.refresh());
  await answering('/v1/plans', { plans: [] }, () => view.refresh());
  assert.match(view.node.textContent, /You approved it\..*No plan waits/);
  await view.refresh();
  assert.equal(buttons(view.node, 'Approve').length, 1);
});

test('a plan of the address that is decided meanwhile stays to look at', async () => {
  const view = await shown(held, { digest });
  input(view.node).value = 'gateways';
  await answering('/v1/plans', { plans: [] }, () => view.refresh());
  assert.match(view.node.textContent, /does not wait for anybody now/);
  assert.equal(input(view.node).value, 'gateways');
  assert.equal(buttons(view.node, 'Approve').length, 0);
  assert.match(stage.said.at(-1), /waits no more/);
  await view.refresh();
  assert.equal(buttons(view.node, 'Approve').length, 1);
});

test('groups that became privileged by a reload are shown as such', async () => {
  const mine = { ...about, privileged_groups: [] };
  const view = await shown(held, {}, { about: mine });
  const badges = () => view.node.querySelectorAll('.badge').filter((one) => one.textContent === 'privileged').length;
  assert.equal(badges(), 0);
  mine.privileged_groups = ['gateways'];
  await view.refresh();
  assert.equal(badges(), 1);
  await buttons(view.node, 'Approve')[0].dispatch('click');
  assert.match(stage.body.querySelector('dialog').textContent, /1 privileged group:gateways/);
});

test('other reasons of the same plan are read anew, in their place', async () => {
  const view = await shown(held, {});
  const search = input(view.node);
  const reasons = [{ code: 'removals', text: '13 removals, 5 allowed', count: 13, allowed: 5 }];
  await answering('/v1/plan', { ...plan, reasons }, () => answering('/v1/plans', { plans: [{ ...waiting, reasons }] }, () => view.refresh()));
  assert.match(view.node.textContent, /13 removals, 5 allowed/);
  assert.equal(input(view.node), search);
  assert.ok(answers['/v1/plan'].reasons !== reasons);
});
