// The page: its menu, and which view is shown.
import { get } from './api.js';
import { audit } from './audit.js';
import { el, fill, name } from './dom.js';
import { count, visible } from './format.js';
import { health } from './health.js';
import { held } from './held.js';
import { history, run } from './history.js';
import { changesSomething, Live } from './live.js';
import { now } from './now.js';
import { group, people, person, why } from './people.js';
import { format, menuEntry, parse } from './routes.js';

const made = { now, held, people, person, group, why, history, run, audit, health };
const menu = [['now', 'Now'], ['held', 'Held plan'], ['people', 'People and groups'], ['history', 'History'], ['audit', 'Audit trail'], ['health', 'Health']];

const place = document.getElementById('view');
const heading = document.getElementById('heading');
const connection = document.getElementById('connection');
const activity = document.getElementById('activity');
const said = document.getElementById('said');

let about = { version: '', host: '', may_decide: false, person: null, targets: [], directories: [], privileged_groups: [] };
let view = null;
let shownHash = '';
let timer = 0;

/// For a screen reader; nothing is seen of it. Said again when it is the same.
function announce(text) {
  said.textContent = '';
  requestAnimationFrame(() => {
    said.textContent = visible(text);
  });
}

function retitle(title) {
  heading.replaceChildren(name(title));
  document.title = `${visible(title)} – dirsyncd ${about.host}`.trim();
}

function go(to, params = {}) {
  location.hash = format(to, params);
}

/// The address follows what somebody types, without a step back for each letter.
function replace(to, params) {
  shownHash = format(to, params);
  window.history.replaceState(null, '', shownHash);
}

function show(moves) {
  const { view: wanted, params } = parse(location.hash);
  if (moves && location.hash === shownHash) return;
  shownHash = location.hash;
  view?.close?.();
  for (const open of document.querySelectorAll('dialog[open]')) open.close();
  view = made[wanted]({ about, live, params, go, replace, announce, retitle });
  retitle(view.title);
  fill(place, view.node);
  for (const entry of document.querySelectorAll('#menu a')) {
    const is = entry.dataset.view === menuEntry(wanted);
    if (is) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
  if (moves) {
    window.scrollTo(0, 0);
    (view.focus ?? heading).focus({ preventScroll: true });
  }
  Promise.resolve(view.refresh()).catch(fail);
}

function fail(error) {
  console.error(error);
  announce('This page has a defect: a part of it could not be shown.');
}

/// Many events of one run come to one look; what somebody searches for stays as it is.
function lookAgain() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    counted();
    if (view && !view.once) Promise.resolve(view.refresh()).catch(fail);
  }, 150);
}

/// How many plans wait stands in the menu.
async function counted() {
  try {
    const { plans } = await get('/v1/plans');
    const number = document.getElementById('held-count');
    number.hidden = plans.length === 0;
    fill(number, count(plans.length), el('span', { class: 'unseen' }, plans.length === 1 ? ' plan waits' : ' plans wait'));
  } catch {
    // Told by the connection.
  }
}

function heard(event) {
  if (event.event === 'progress') {
    activity.textContent = `A run is under way: ${visible(event.what)}, ${count(event.done)}${event.total > 0 ? ` of ${count(event.total)}` : ''}`;
    return;
  }
  if (event.event === 'run_finished' || event.event === 'leavers_run') activity.textContent = '';
  if (event.event === 'decided') announce(`${event.actor ?? 'Somebody'} has decided: ${event.what ?? ''}.`);
  // Names of targets and of privileged groups may be others now.
  if (event.event === 'reloaded') begin().catch(fail);
  else if (changesSomething(event)) lookAgain();
}

const connectionWords = {
  connected: 'Live',
  lost: 'The service does not answer; what is shown may be old. This page tries again by itself.',
  busy: 'Not live: too many pages are open here; asked every minute',
};

let wasLost = false;
function connected(state) {
  const lost = state === 'lost';
  connection.className = state;
  connection.textContent = connectionWords[state];
  if (state !== 'connected') activity.textContent = '';
  if (lost && !wasLost) announce('The service does not answer. This page tries again by itself.');
  if (!lost && wasLost) announce('The service answers again.');
  if (!lost) begin().catch(fail);
  wasLost = lost;
}

const live = new Live({ state: connected, event: heard });

/// Also after a service that went away has come back, or read its configuration again: it may be another one by then.
async function begin() {
  try {
    Object.assign(about, await get('/v1/page'));
  } catch {
    return;
  }
  fill(document.getElementById('who'), about.may_decide ? ['You decide here as ', name(about.person)] : 'To look at; nothing can be changed here.');
  fill(document.getElementById('host'), name(about.host));
  document.getElementById('version').textContent = about.version;
  counted();
  if (view === null) show(false);
  else if (!view.once) Promise.resolve(view.refresh()).catch(fail);
}

fill(document.getElementById('menu'), menu.map(([key, title]) => el('li', {}, el('a', { href: format(key), 'data-view': key }, title,
  key === 'held' ? [' ', el('span', { id: 'held-count', class: 'number', hidden: true })] : null))));
addEventListener('hashchange', () => show(true));
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault(); // the address says which view it is
  heading.focus();
});
/// While nothing tells of a reload, each look is one from the beginning.
function eachMinute() {
  if (document.visibilityState !== 'visible') return;
  if (live.state === 'busy') begin().catch(fail);
  else lookAgain();
}

setInterval(() => ['starting', 'lost'].includes(live.state) && document.visibilityState === 'visible' && lookAgain(), 10_000);
setInterval(eachMinute, 60_000);
begin().then(() => view === null && show(false));
live.start();
