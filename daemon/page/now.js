// Now: what waits for a person, first; then how everything stands.
import { get } from './api.js';
import { facts, faint, section, showing } from './bits.js';
import { badge, el, link, name, when } from './dom.js';
import { count, duration, feedState, moment, plural, short, targetState, visible } from './format.js';
import { format } from './routes.js';

/// What somebody has to look at, worst first: [{word, tone, text, to}]. Pure.
export function attention(status) {
  const list = [];
  for (const freeze of status.frozen ?? [])
    list.push({
      word: 'Frozen', tone: 'act', to: null,
      text: `${freeze.removals ? 'Removals' : 'Changes'} of ${freeze.target ? visible(freeze.target) : 'all targets'} are frozen by ${visible(freeze.by)}`
        + `${freeze.until ? ` until ${moment(freeze.until)}` : ''}: ${visible(freeze.reason)}`,
    });
  for (const plan of status.held ?? []) {
    const reasons = (plan.reasons ?? []).map((reason) => visible(reason.text));
    const more = (plan.approvals?.needed ?? 1) - (plan.approvals?.given?.length ?? 0);
    list.push({
      word: 'Held', tone: 'act', to: format('held', { digest: plan.digest }),
      text: `Plan ${short(plan.digest)} waits for ${more > 1 ? `${more} people` : 'a person'}: ${reasons[0] ?? 'look at it'}`
        + `${reasons.length > 1 ? `, and ${plural(reasons.length - 1, 'more reason')}` : ''}`,
    });
  }
  const blocked = (status.blocked ?? []).length;
  if (blocked > 0)
    list.push({ word: 'Blocked', tone: 'bad', to: format('health'), text: `${plural(blocked, 'change is', 'changes are')} due and cannot be sent.` });
  for (const [target, state] of Object.entries(status.targets ?? {}))
    if (['failed', 'unread'].includes(state.state))
      list.push({ word: targetState(state).word, tone: 'bad', to: format('history'), text: `${visible(target)}: ${targetState(state).sentence}` });
  for (const [directory, feed] of Object.entries(status.feed ?? {}))
    if (feed.state === 'down') list.push({ word: 'Feed down', tone: 'act', to: null, text: `${visible(directory)}: ${feedState(feed).sentence}` });
  return list;
}

function card(target, state) {
  const { word, tone, sentence } = targetState(state);
  const aside = state.set_aside?.length ?? 0;
  const waiting = state.waiting?.length ?? 0;
  return el('article', { class: `card ${tone}` },
    el('h3', {}, name(target), ' ', badge({ word, tone })),
    el('p', {}, sentence),
    facts([
      ['Last success', when(state.last_success)],
      waiting > 0 && ['Waited for', `${plural(waiting, 'person', 'people')} whom it does not know yet`],
      aside > 0 && ['Set aside', link(format('health'), plural(aside, 'object'))],
    ]));
}

function feedRow(directory, feed) {
  const { word, tone, sentence } = feedState(feed);
  return el('li', {}, el('strong', {}, name(directory)), ' ', badge({ word, tone }), ' ', el('span', {}, visible(sentence)),
    feed.since ? [' ', el('span', { class: 'faint' }, 'since ', when(feed.since, false))] : null);
}

function shown(status) {
  const waits = attention(status);
  const delay = status.revocation_delay ?? {};
  const unconfirmed = (status.unconfirmed ?? []).length;
  return [
    section('What waits for a person', waits.length === 0
      ? el('p', { class: 'calm-box' }, 'Nothing waits for anybody.')
      : el('ul', { class: 'attention' }, waits.map((one) => el('li', { class: one.tone },
        badge(one), el('span', {}, one.text), one.to ? link(one.to, 'Look') : null))),
    unconfirmed > 0 && faint(`${plural(unconfirmed, 'removal waits', 'removals wait')} for further reads; nobody has to act.`)),
    section('Targets', el('div', { class: 'cards' }, Object.entries(status.targets ?? {}).map(([target, state]) => card(target, state)))),
    section('Directories', el('ul', { class: 'plain' }, Object.entries(status.feed ?? {}).map(([directory, feed]) => feedRow(directory, feed)))),
    section('How fast a leaver is out', delay.worst_ms === null || delay.worst_ms === undefined
      ? faint('No removal of the last 24 hours whose time is known.')
      : facts([
        ['Half of them within', duration(delay.p50_ms)],
        ['99 % within', duration(delay.p99_ms)],
        ['The longest', duration(delay.worst_ms)],
        delay.over_target !== null && ['Later than wished', count(delay.over_target)],
      ])),
    status.daemon?.since ? faint('The service runs since ', when(status.daemon.since), '.') : null,
  ];
}

export function now() {
  const node = el('div', {});
  const refresh = () => showing(node, get('/v1/status'), shown);
  return { title: 'Now', node, refresh };
}
