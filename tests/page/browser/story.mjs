// From a held first plan to an approved one, to a leaver who is gone, as a person sees it in a browser; every view, in
// both themes, narrow and wide, by keys alone, with axe-core; and what other sites may not.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { Browser } from './driver.mjs';

const { DIRSYNCD, CONFIG, PAGE, LOOK, DRIVER, AXE, SCREENSHOTS, SERVICE, WORK, LDAP } = process.env;
const axe = readFileSync(AXE, 'utf8');
const dirsyncd = (...words) => execFileSync(DIRSYNCD, ['--config', CONFIG, ...words], { encoding: 'utf8' });
const status = () => JSON.parse(dirsyncd('status', '--json'));
const step = (text) => console.log(`# ${text}`);
const tab = '\uE004';
const enter = '\uE007';
const escape = '\uE00C';

function modify(records) {
  execFileSync('ldapmodify', ['-x', '-H', LDAP, '-D', 'cn=admin,dc=example,dc=com', '-w', 'secret'], { input: records, env: { ...process.env, LDAPTLS_CACERT: `${WORK}/ca.pem` } });
}

/// Status of a request that no browser makes.
function raw(url, options = {}) {
  return new Promise((resolve, reject) => {
    const call = ask(url, options, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    call.on('error', reject);
    call.end(options.body);
  });
}

/// No serious finding, and nothing that has to be moved sideways.
async function usable(browser, where) {
  await browser.post('/execute/sync', { script: `if (!window.axe) { ${axe} }`, args: [] });
  for (const theme of ['light', 'dark']) {
    await browser.theme(theme);
    for (const width of [360, 1600]) {
      await browser.size(width);
      const found = await browser.run(async () => {
        await Promise.allSettled(document.getAnimations().map((one) => one.finished)); // colours of the other theme
        const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
        return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html}: ${node.failureSummary}`).join(" ")}`);
      });
      assert.deepEqual(found, [], `${where}, ${theme}, ${width}`);
      const over = await browser.run(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${where}, ${width} px: ${over} px too wide`);
      await browser.screenshot(`${SCREENSHOTS}/${where}-${theme}-${width}.png`);
    }
    await browser.size(1200, 800);
    await browser.screenshot(`${SCREENSHOTS}/docs-${where}-${theme}.png`);
  }
  await browser.theme('light');
  await browser.size(1600);
}

const browser = await Browser.open(DRIVER, ['--host-resolver-rules=MAP evil.example 127.0.0.1']);
let again = null;
try {
  step('the page comes up, live, and says first what waits for a person');
  await browser.go(PAGE);
  await browser.says('Live', '#connection');
  await browser.says('waits for a person', '.attention');
  const paint = await browser.run(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  console.log(`first paint after ${Math.round(paint)} ms`);
  await usable(browser, 'now');
  assert.equal(await browser.run(() => performance.getEntriesByType('resource').every((one) => new URL(one.name).origin === location.origin)), true);

  step('by keys alone: past the menu, through it, into a view');
  await browser.run(() => { document.activeElement.blur(); });
  await browser.keys(tab);
  assert.equal(await browser.run(() => document.activeElement.id), 'skip');
  await browser.keys(enter);
  assert.equal(await browser.run(() => document.activeElement.id), 'heading');
  await browser.run(() => document.querySelector('#menu a').focus());
  await browser.keys(tab + enter);
  await browser.says('Held plan', '#heading');
  assert.equal(await browser.run(() => document.activeElement.id), 'heading');

  step('the held plan: reasons, figures, paths');
  await browser.says('Why it waits');
  await browser.find('code', status().held[0].digest);
  await usable(browser, 'held');
  await browser.type('input[type=search]', 'u00');
  await browser.click('[role=gridcell] button, [role=cell] button', 'Why');
  await browser.says('group that the rule selects', 'dialog');
  await browser.screenshot(`${SCREENSHOTS}/docs-path-light.png`);
  await browser.keys(escape);
  await browser.until('the dialog is closed', () => !document.querySelector('dialog'));

  step('another person has the same plan open, and is about to approve it');
  const digest = status().held[0].digest;
  const first = await browser.window();
  const second = await browser.newWindow();
  await browser.switchTo(second);
  await browser.go(`${PAGE}/#/held`);
  await browser.click('button.primary', 'Approve');
  await browser.type('dialog input', digest.slice(0, 8));

  step('a privileged group takes the digits; a wrong one does nothing');
  await browser.switchTo(first);
  await browser.click('button.primary', 'Approve');
  await browser.says('unix-admins', 'dialog');
  await browser.type('dialog input', '00000000');
  await browser.click('dialog button[type=submit]');
  await browser.says('Nothing was done', 'dialog');
  assert.equal(status().held[0].approvals.given.length, 0);
  await browser.type('dialog input', digest.slice(0, 8));
  await browser.type('dialog textarea', 'seen together with bob');
  await browser.click('dialog button[type=submit]');
  await browser.says('You approved it');

  step('it is applied, and the page shows it without being asked');
  await browser.click('#menu a', 'Now');
  await browser.says('Nothing waits for anybody.');
  await browser.until('both targets are in order', () => [...document.querySelectorAll('.card .badge')].filter((one) => one.innerText === 'In order').length === 2);
  const approval = JSON.parse(dirsyncd('log', '--json', '--action', 'approve').trim().split('\n').at(-1));
  assert.equal(approval.detail.includes('seen together with bob') || JSON.stringify(approval).includes('seen together with bob'), true);

  step('the second one is told that it is too late');
  await browser.switchTo(second);
  await browser.click('dialog button[type=submit]');
  await browser.says('was applied already', 'dialog');
  assert.equal(dirsyncd('log', '--json', '--action', 'approve', '--outcome', 'approved').trim().split('\n').length, 1);
  await browser.call('DELETE', `${browser.session}/window`);
  await browser.switchTo(first);

  step('people and groups: search, person, why, and somebody who leaves, seen live');
  await browser.click('#menu a', 'People and groups');
  await browser.type('input[type=search]', 'u039');
  await browser.says('u039', '.finds');
  const took = await browser.run(() => Math.max(...performance.getEntriesByType('resource').filter((one) => one.name.includes('/v1/search')).map((one) => one.duration)));
  console.log(`a search took ${Math.round(took)} ms at most`);
  await usable(browser, 'people');
  await browser.click('.found', 'u039');
  await browser.says('membership', '.facts');
  await browser.until('there are memberships', () => document.querySelectorAll('.rows .row').length > 0);
  await usable(browser, 'person');
  await browser.click('.rows .row a');
  await browser.says('The way');
  await browser.says('person', '.way');
  await usable(browser, 'why');
  await browser.run(() => window.history.back());
  await browser.until('there are memberships again', () => document.querySelectorAll('.rows .row').length > 0);
  modify('dn: uid=u039,ou=people,dc=example,dc=com\nchangetype: modify\nadd: employeeType\nemployeeType: disabled\n');
  await browser.says('Nothing because of dirsyncd.');

  step('names that would be markup, or turn the line, are texts');
  modify('dn: uid=odd,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\nuid: odd\ncn: <img src=x onerror=alert(1)>\nsn: x\nmail: odd@example.com\n');
  await browser.go(`${PAGE}/#/people?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
  await browser.says('Nobody of that name.');
  assert.equal(await browser.run(() => document.images.length), 0);

  step('history, a run, rows, health');
  await browser.click('#menu a', 'History');
  await browser.until('three plots', () => document.querySelectorAll('svg.plot').length === 3);
  assert.equal(await browser.run(() => [...document.querySelectorAll('svg.plot rect.mark')].every((one) => Math.abs(one.getBBox().height - Number(one.getAttribute('height'))) < 1)), true, 'bars are as high as their figures');
  await browser.run(() => document.querySelector('svg.plot').focus());
  await browser.keys('\uE012');
  await browser.until('the day is told', () => /\d+ [A-Z][a-z]{2}: fine/.test(document.querySelector('.readout').innerText));
  await usable(browser, 'history');
  await browser.click('.rows .row a');
  await browser.says('How the reads were proven');
  await usable(browser, 'run');
  await browser.click('#menu a', 'Audit trail');
  await browser.type('input[type=text]', 'u039');
  await browser.click('form button[type=submit]');
  await browser.says('u039', '.rows');
  await usable(browser, 'audit');
  await browser.click('.rows .row button');
  await browser.says('Hash', 'dialog');
  await browser.keys(escape);
  await browser.click('#menu a', 'Health');
  await browser.says('complete');
  await usable(browser, 'health');

  step('a plan that nobody wants is rejected, with a reason');
  const teams = ['team-03', 'team-05', 'team-07', 'team-09'].map((team) => `member: cn=${team},ou=groups,dc=example,dc=com\n`).join('');
  modify(`dn: cn=pam-unix-admins,ou=groups,dc=example,dc=com\nchangetype: modify\nadd: member\n${teams}`);
  await browser.until('the menu tells of it', () => !document.getElementById('held-count').hidden);
  await browser.click('#menu a', 'Held plan');
  await browser.says('Why it waits');
  await browser.click('button.danger', 'Reject');
  await browser.click('dialog button[type=submit]');
  await browser.says('Say why', 'dialog');
  await browser.type('dialog textarea', 'nobody asked for it');
  await browser.click('dialog button[type=submit]');
  await browser.says('You rejected it.');
  assert.deepEqual(status().held, []);

  step('the service goes away and comes back');
  await browser.click('#menu a', 'Health');
  await browser.says('complete');
  process.kill(Number(SERVICE), 'SIGTERM');
  await browser.says('The service does not answer', '#connection');
  await browser.says('complete');
  again = spawn(DIRSYNCD, ['--config', CONFIG, 'run'], { stdio: 'ignore' });
  await browser.says('Live', '#connection');

  step('by http_listen it is to look at alone');
  await browser.go(`${LOOK}/#/held`);
  await browser.says('To look at; nothing can be changed here.');
  assert.equal((await raw(`${LOOK}/v1/approve`, { method: 'POST' })).status, 405);
  assert.equal((await raw(`${LOOK}/v1/approve`, { method: 'POST', body: '{}' })).status, 413);
  assert.equal((await raw(`${LOOK}/v1/plan`)).status, 404);
  assert.match((await raw(`${LOOK}/metrics`, { headers: { Host: 'anything' } })).text, /dirsyncd_build_info/);

  step('another site, and a name that was made to mean us');
  const site = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><title>elsewhere</title><p>elsewhere</p>');
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  await browser.go(`http://127.0.0.1:${site.address().port}/`);
  const rows = () => dirsyncd('log', '--json').trim().split('\n').length;
  const calls = await browser.run(async (page) => {
    const outcome = [];
    for (const [path, options] of [['/v1/status', {}], ['/v1/approve', { method: 'POST', body: '{"digest": "aaaaaaaa"}', headers: { 'Dirsyncd-Token': 'x' } }], ['/v1/freeze', { method: 'POST', mode: 'no-cors', body: '{"reason": "x"}' }]])
      outcome.push(await fetch(page + path, options).then((answer) => answer.type, () => 'refused'));
    return outcome;
  }, PAGE);
  assert.deepEqual(calls, ['refused', 'refused', 'refused']);
  assert.deepEqual(status().frozen, [], 'what was sent without being answered did nothing');
  assert.ok(rows() > 0);
  site.close();
  await browser.go(`http://evil.example:${new URL(PAGE).port}/`);
  await browser.says('ask for it by localhost');
  assert.equal((await raw(`${PAGE}/v1/status`, { headers: { Host: 'evil.example' } })).status, 421);
  const guarded = await raw(`${PAGE}/`);
  assert.match(guarded.headers['content-security-policy'], /default-src 'self'/);

  const defects = (await browser.logs()).filter((one) => one.level === 'SEVERE' && /Content Security Policy|Uncaught|TypeError|ReferenceError/.test(one.message));
  assert.deepEqual(defects, []);
  step('done');
} finally {
  await browser.close().catch(() => {});
  again?.kill('SIGTERM');
}
