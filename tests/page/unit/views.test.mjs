// Every view, made of answers with the names that directories really have.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { about, answers, digest } from './answers.mjs';
import { useFakeDocument } from './fake_document.mjs';
import { answering, begin, buttons, calls, context, posted, settle, shown, stage } from './stage.mjs';

const folder = new URL('../../../daemon/page/', import.meta.url);
beforeEach(begin);

const { now } = await import('../../../daemon/page/now.js');
const { held } = await import('../../../daemon/page/held.js');
const { people, person, group, why } = await import('../../../daemon/page/people.js');
const { history, run } = await import('../../../daemon/page/history.js');
const { audit } = await import('../../../daemon/page/audit.js');
const { health } = await import('../../../daemon/page/health.js');

const made = {
  now: [now], held: [held], people: [people, { q: 'a' }], person: [person, { user: 'ada' }], group: [group, { group: 'ops', target: 'vault' }],
  why: [why, { user: 'ada', group: 'ops' }], history: [history], run: [run, { run: '7' }], audit: [audit, { user: 'ada' }], health: [health],
};

for (const [name, [make, params]] of Object.entries(made))
  test(`${name}: names are texts, whatever stands in them`, async () => {
    const view = await shown(make, params);
    const text = view.node.textContent;
    assert.ok(text.length > 40, text);
    assert.ok(!text.includes('undefined') && !text.includes('[object'), text.match(/.{30}(undefined|\[object).{30}/)?.[0]);
    assert.ok(!text.includes('\u202e') && !text.includes('\u0000'), 'unseen characters are shown');
    const tags = new Set([...view.node.all()].map((element) => element.tagName));
    for (const tag of ['IMG', 'SCRIPT', 'B', 'I', 'U', 'S', 'IFRAME']) assert.ok(!tags.has(tag), tag);
    for (const element of view.node.all())
      for (const attribute of ['href', 'src']) {
        const value = element.getAttribute(attribute);
        assert.ok(value === null || value.startsWith('#/'), value);
      }
  });

for (const [name, [make, params]] of Object.entries(made))
  test(`${name}: who is not answered is told why, in a sentence`, async () => {
    stage.refuse = () => ({ status: 400, document: { error: { code: 'usage', text: 'dirsyncd never had anything in it' } } });
    const view = await shown(make, params);
    assert.match(view.node.textContent, /dirsyncd never had anything in it/);
  });

test('while nobody answers, what was there stays', async () => {
  const view = await shown(now, {});
  const before = view.node.textContent;
  stage.refuse = () => ({ status: 0 });
  await view.refresh();
  assert.equal(view.node.textContent, before);
});

async function opened(button, params = {}) {
  const view = await shown(held, params);
  await buttons(view.node, button)[0].dispatch('click');
  const dialog = stage.body.querySelector('dialog');
  return { view, dialog, form: dialog.querySelector('form'), input: dialog.querySelector('input'), reason: dialog.querySelector('textarea') };
}

test('a plan with privileged groups is approved by its digits alone, and once', async () => {
  const { view, dialog, form, input, reason } = await opened('Approve');
  assert.match(dialog.textContent, /tier0 operators/);
  input.value = 'yes';
  await form.dispatch('submit');
  assert.deepEqual(posted(), []);
  assert.match(dialog.textContent, /not the first digits.*Nothing was done/);
  input.value = digest.slice(0, 8);
  reason.value = ' seen with bob ';
  await Promise.all([form.dispatch('submit'), form.dispatch('submit')]);
  assert.equal(posted().length, 1);
  assert.equal(posted()[0].path, '/v1/approve');
  assert.equal(posted()[0].headers['Dirsyncd-Token'], 'secret');
  assert.deepEqual(JSON.parse(posted()[0].body), { digest, reason: 'seen with bob' });
  await settle();
  assert.match(view.node.textContent, /You approved it\. The next run applies it/);
  assert.equal(buttons(view.node, 'Approve').length, 0);
  assert.ok(stage.said.some((text) => text.startsWith('You approved it.')));
});

test('nobody rejects without a reason', async () => {
  const { dialog, form, reason } = await opened('Reject');
  await form.dispatch('submit');
  assert.deepEqual(posted(), []);
  assert.match(dialog.textContent, /Say why/);
  reason.value = 'not today';
  await form.dispatch('submit');
  assert.equal(posted()[0].path, '/v1/reject');
});

test('a decision that comes too late is told, and can be taken anew', async () => {
  const { dialog, form, input } = await opened('Approve');
  input.value = digest;
  stage.refuse = (path, options) => options.method === 'POST' && { status: 409, document: { error: { code: 'store', text: 'plan: the situation has changed since' } } };
  await form.dispatch('submit');
  assert.match(dialog.textContent, /the situation has changed since/);
  assert.equal(dialog.querySelector('button[type]').disabled, false);
});

test('where nobody knows whether it was recorded nothing is sent again', async () => {
  const { dialog, form, input } = await opened('Approve');
  input.value = digest;
  stage.refuse = (path, options) => options.method === 'POST' && { status: 0 };
  await form.dispatch('submit');
  stage.refuse = null;
  assert.match(dialog.textContent, /Whether the decision was recorded is not known/);
  await form.dispatch('submit');
  assert.equal(posted().length, 1);
});

test('who only looks has no buttons, and is told where they are', async () => {
  const view = held({ ...context(), about: { ...about, may_decide: false, person: null } });
  stage.body.append(view.node);
  await view.refresh();
  assert.equal(buttons(view.node, 'Approve').length + buttons(view.node, 'Reject').length, 0);
  assert.match(view.node.textContent, /dirsyncd page/);
});

test('a plan that somebody else decided goes, and that is said', async () => {
  const view = await shown(held, {});
  const before = answers['/v1/plans'];
  answers['/v1/plans'] = { plans: [] };
  await view.refresh();
  answers['/v1/plans'] = before;
  assert.match(view.node.textContent, /No plan waits for a person/);
  assert.match(stage.said.at(-1), /waits no more/);
});

test('the focus stays where it was when a view is shown anew', async () => {
  const view = await shown(now, {});
  const link = [...view.node.all()].find((element) => element.tagName === 'A');
  link.focus();
  const before = answers['/v1/status'].daemon.pid;
  answers['/v1/status'].daemon.pid = before + 1;
  await view.refresh();
  answers['/v1/status'].daemon.pid = before;
  assert.ok(!link.isConnected);
  assert.equal(document.activeElement.getAttribute('href'), link.getAttribute('href'));
  assert.ok(view.node.contains(document.activeElement));
});

test('of a long list a few rows are made, and keys move through all of them', async () => {
  const { WindowedTable } = await import('../../../daemon/page/lists.js');
  let chosen = null;
  const table = new WindowedTable({ label: 'x', columns: [{ title: 'n', cell: (row) => String(row) }], onOpen: (row) => { chosen = row; } });
  stage.body.append(table.node);
  table.set(Array.from({ length: 100_000 }, (_, at) => at));
  const rows = () => table.body.childNodes;
  assert.ok(rows().length < 40, String(rows().length));
  rows()[0].focus();
  const key = (name) => document.activeElement.dispatch('keydown', { target: document.activeElement, key: name });
  await key('End');
  assert.equal(document.activeElement.getAttribute('aria-rowindex'), '100001');
  assert.ok(rows().length < 40, String(rows().length));
  await key('ArrowUp');
  await key('Enter');
  assert.equal(chosen, 99_998);
  table.set([1, 2]);
  assert.equal(document.activeElement.getAttribute('aria-rowindex'), '3');
});

test('of a long list one row alone is reached by the tabulator, with its links', async () => {
  const { WindowedTable } = await import('../../../daemon/page/lists.js');
  const { el } = await import('../../../daemon/page/dom.js');
  const cell = (row) => [el('a', { href: `#/${row}` }, 'a'), el('button', { type: 'button' }, 'b')];
  const table = new WindowedTable({ label: 'x', columns: [{ title: 'n', cell }] });
  stage.body.append(table.node);
  table.set(Array.from({ length: 100_000 }, (_, at) => at));
  const reached = () => [...table.body.all()].filter((one) => one.tabIndex === 0).map((one) => `${one.tagName} ${one.closest('.row').dataset.at}`);
  const row = (at) => [`DIV ${at}`, `A ${at}`, `BUTTON ${at}`];
  assert.deepEqual(reached(), row(0));
  await table.body.childNodes[3].querySelector('a').dispatch('focusin');
  assert.deepEqual(reached(), row(3));
  table.scroller.scrollTop = 44 * 500;
  await table.scroller.dispatch('scroll');
  assert.deepEqual(reached(), row(492), 'one that is there, while the active one is not');
  table.scroller.scrollTop = 0;
  await table.scroller.dispatch('scroll');
  assert.deepEqual(reached(), row(3));
});

test('whoever clears a search and types the same again finds the same', async () => {
  const view = await shown(people, { q: 'ada' });
  const input = view.node.querySelector('input');
  const search = async (text) => {
    input.value = text;
    await view.refresh();
  };
  await search('');
  assert.match(view.node.textContent, /Type a part of a name/);
  await search('ada');
  assert.doesNotMatch(view.node.textContent, /Type a part of a name/);
  assert.match(view.node.textContent, /People \(/);
});

test('a search that comes after its field was cleared shows nothing', async () => {
  const view = await shown(people, { q: '' });
  const input = view.node.querySelector('input');
  input.value = 'ada';
  const late = view.refresh();
  input.value = '';
  await Promise.all([late, view.refresh()]);
  assert.match(view.node.textContent, /Type a part of a name/);
  assert.doesNotMatch(view.node.textContent, /People \(/);
});

test('a run and the audit trail link people by their ids', async () => {
  const links = (node) => node.querySelectorAll('a').map((link) => link.getAttribute('href'));
  const view = await shown(run, { run: '7' });
  assert.ok(links(view.node).includes('#/person?user=id-0'));
  assert.ok(!links(view.node).some((link) => link.includes('user=uid')));
  const [row] = answers['/v1/log'].rows;
  const rows = await answering('/v1/log', { rows: [{ ...row, id: 'id-0' }], more: false, pruned: 0 }, () => shown(audit, {}));
  await buttons(rows.node, '100')[0].dispatch('click');
  assert.ok(links(stage.body.querySelector('dialog')).includes('#/person?user=id-0'));
});

test('why: a person of the address by id has their name in the heading', async () => {
  const { whoOf } = await import('../../../daemon/page/routes.js');
  await answering('/v1/why', { ...answers['/v1/why'], paths: [['cn=ops', 'uid=ada,ou=people']] }, () => shown(why, { user: 'id-0', group: 'ops' }));
  assert.deepEqual(stage.titles, ['ada in ops']);
  assert.deepEqual([whoOf({ id: 'i', dn: 'd' }), whoOf({ id: '', dn: 'd', principal: 'p' }), whoOf({ principal: 'p' })], ['i', 'd', 'p']);
});

test('the page begins, follows its address, and tells what it hears', async () => {
  stage.body = useFakeDocument(['view', 'heading', 'connection', 'activity', 'said', 'menu', 'who', 'host', 'version', 'skip']);
  const heard = {};
  globalThis.addEventListener = (name, call) => { heard[name] = call; };
  globalThis.location = { hash: '#/people?q=ada' };
  globalThis.window = { scrollTo() {}, history: { replaceState() {} } };
  const every = {};
  globalThis.setInterval = (call, time) => { every[time] = call; };
  let tell;
  let end;
  let busy = false;
  const before = globalThis.fetch;
  globalThis.fetch = async (request, options) => {
    if (request !== '/v1/events') return before(request, options);
    if (busy) return { ok: false, status: 503, json: async () => ({ error: { code: 'busy', text: 'too many' } }) };
    const lines = new ReadableStream({ start: (controller) => { tell = (event) => controller.enqueue(new TextEncoder().encode(`${JSON.stringify(event)}\n`)); end = () => controller.close(); } });
    return { ok: true, status: 200, body: lines };
  };
  await import('../../../daemon/page/main.js');
  await settle();
  const byId = (id) => document.getElementById(id);
  assert.equal(byId('connection').textContent, 'Live');
  assert.equal(byId('heading').textContent, 'People and groups');
  assert.match(byId('who').textContent, /uid:1000 \(ann\)/);
  location.hash = '#/now';
  heard.hashchange();
  await settle();
  assert.match(document.title, /^Now – dirsyncd sync1$/);
  assert.equal(document.activeElement, byId('heading'));
  tell({ event: 'connected', token: 'abc' });
  tell({ event: 'progress', what: 'corp', done: 10, total: 20 });
  await settle();
  assert.match(byId('activity').textContent, /corp, 10 of 20/);
  const asked = calls.length;
  tell({ event: 'run_finished' });
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(byId('activity').textContent, '');
  assert.ok(calls.slice(asked).some((call) => call.path === '/v1/status'));

  const askedOf = async (act) => {
    const from = calls.length;
    act();
    await settle();
    return calls.slice(from).map((call) => call.path);
  };
  await answering('/v1/page', { ...about, host: 'sync2' }, async () => {
    const reload = await askedOf(() => tell({ event: 'reloaded' }));
    assert.ok(reload.includes('/v1/page') && reload.includes('/v1/status'), reload.join());
    assert.equal(byId('host').textContent, 'sync2');
  });

  busy = true;
  end();
  await new Promise((resolve) => setTimeout(resolve, 600)); // what is lost is tried again after half a second
  assert.equal(byId('connection').textContent, 'Not live: too many pages are open here; asked every minute');
  assert.equal(byId('connection').className, 'busy');
  const minute = await askedOf(every[60_000]);
  assert.ok(minute.includes('/v1/page') && minute.includes('/v1/status'), minute.join());
  assert.deepEqual(await askedOf(every[10_000]), []);
  globalThis.fetch = before;
});

test('nothing on the page reads markup, and nothing comes from elsewhere', () => {
  for (const file of readdirSync(folder).filter((name) => /\.(js|html|css|svg)$/.test(name))) {
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('http://www.w3.org/', '');
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser|createContextualFragment/, file);
    assert.doesNotMatch(text, /https?:\/\//, file);
    assert.doesNotMatch(text, / style="| on[a-z]+="|<script(?![^>]*src=)/, file);
    assert.doesNotMatch(text, /localStorage|sessionStorage|document\.cookie|indexedDB/, file);
  }
});
