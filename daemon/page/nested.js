// The way by which somebody comes into a group, drawn.
import { el, name } from './dom.js';
import { calledBy } from './format.js';

/// The DNs of "cn=a > cn=b > uid=x", as changes and members have it. Pure.
export function stepsOf(path) {
  return String(path ?? '') === '' ? [] : String(path).split(' > ');
}

/// `steps`: DNs from the source group to the person; `group`: the target's, `target`: its name.
export function drawnPath(steps, group, target) {
  const last = steps.length - 1;
  const kinds = steps.map((_, at) => (at === last ? 'person' : at === 0 ? 'group that the rule selects' : 'nested group'));
  return el('ol', { class: 'way', 'aria-label': 'The way from the target group to the person' },
    el('li', { class: 'target' }, el('span', { class: 'kind' }, `group in ${target ?? 'the target'}`), el('strong', {}, name(group))),
    steps.map((dn, at) => el('li', { class: at === last ? 'person' : 'source' },
      el('span', { class: 'kind' }, kinds[at]), el('strong', {}, name(calledBy(dn))), el('small', {}, name(dn)))));
}
