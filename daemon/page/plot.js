// Plots over days, as SVG, each with a table of its figures beside it.
import { el, fill, freshId } from './dom.js';
import { count, day } from './format.js';

/// A round bound that is not below `most`: 1, 2 or 5 times a power of ten. Pure.
export function niceBound(most) {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((times) => times * power).find((bound) => bound >= most * (1 - 1e-9));
}

/// Bars of a stack, from below: [{at, from, to}] with values between 0 and `bound`. Pure.
export function stacked(days, parts) {
  return days.map((one) => {
    let below = 0;
    return parts.map((part) => {
      const from = below;
      below += Number(one[part.key] ?? 0);
      return { key: part.key, from, to: below };
    });
  });
}

/// The points of a line, in pieces: where nothing is known there is a gap. Pure.
export function pieces(days, key) {
  const all = [];
  let piece = [];
  days.forEach((one, at) => {
    const value = one[key];
    if (value === null || value === undefined) {
      if (piece.length > 0) all.push(piece);
      piece = [];
    } else {
      piece.push({ at, value: Number(value) });
    }
  });
  if (piece.length > 0) all.push(piece);
  return all;
}

const wide = 640;
const high = 190;
const left = 56;
const below = 26;
const above = 10;

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children.flat()) element.append(child);
  return element;
}

/// `days`: [{day, ...}]; `parts`: [{key, title, tone}]; `kind`: 'bars' on top of each other, or 'lines'; `show`:
/// how a figure is written; `mark`: {value, title}, a bound that is drawn across.
export function plot({ title, days, parts, kind, show = count, mark = null, columns = parts }) {
  const inner = wide - left - 8;
  const step = inner / Math.max(days.length, 1);
  const sums = kind === 'bars' ? stacked(days, parts).map((bars) => bars.at(-1)?.to ?? 0)
    : days.flatMap((one) => parts.map((part) => Number(one[part.key] ?? 0)));
  const bound = niceBound(Math.max(0, ...sums, mark ? mark.value : 0));
  const y = (value) => above + (high - above - below) * (1 - value / bound);
  const x = (at) => left + step * at;

  const lines = [0, 0.5, 1].flatMap((share) => [
    svg('line', { x1: left, x2: wide - 8, y1: y(bound * share), y2: y(bound * share), class: 'grid' }),
    svg('text', { x: left - 8, y: y(bound * share) + 4, class: 'tick', 'text-anchor': 'end' }, show(bound * share)),
  ]);
  const dates = days.map((one, at) => (at % 7 === (days.length - 1) % 7
    ? svg('text', { x: x(at) + step / 2, y: high - 8, class: 'tick', 'text-anchor': 'middle' }, day(one.day)) : null)).filter(Boolean);
  const marks = [];
  if (kind === 'bars') {
    stacked(days, parts).forEach((bars, at) => bars.forEach((bar, part) => {
      if (bar.to === bar.from) return;
      marks.push(svg('rect', {
        x: x(at) + step * 0.15, width: step * 0.7, y: y(bar.to), height: Math.max(y(bar.from) - y(bar.to), 1), class: `mark ${parts[part].tone}`,
      }));
    }));
  } else {
    for (const part of parts)
      for (const piece of pieces(days, part.key)) {
        const points = piece.map(({ at, value }) => `${x(at) + step / 2},${y(value)}`);
        if (piece.length > 1) marks.push(svg('polyline', { points: points.join(' '), class: `line ${part.tone}` }));
        for (const { at, value } of piece) marks.push(svg('circle', { cx: x(at) + step / 2, cy: y(value), r: 3, class: `mark ${part.tone}` }));
      }
  }
  if (mark) {
    marks.push(svg('line', { x1: left, x2: wide - 8, y1: y(mark.value), y2: y(mark.value), class: 'bound' }));
    marks.push(svg('text', { x: wide - 12, y: y(mark.value) - 5, class: 'tick', 'text-anchor': 'end' }, mark.title));
  }
  const cursor = svg('rect', { x: 0, y: above, width: step, height: high - above - below, class: 'cursor' });
  const summary = `${title}, ${days.length} days. The table beside it has the same figures; arrow keys go from day to day.`;
  const drawing = svg('svg', { viewBox: `0 0 ${wide} ${high}`, class: 'plot', role: 'img', 'aria-label': summary, tabindex: 0 },
    lines, marks, dates, cursor);

  const said = el('p', { class: 'readout', 'aria-live': 'polite' }, 'Point at a day for its figures.');
  let shown = -1;
  const tell = (at) => {
    if (at < 0 || at >= days.length || at === shown) return;
    shown = at;
    cursor.setAttribute('x', x(at));
    cursor.classList.add('on');
    fill(said, el('strong', {}, day(days[at].day)), ': ',
      parts.map((part, n) => `${n > 0 ? ', ' : ''}${part.title} ${figure(days[at][part.key], show)}`).join(''));
  };
  drawing.addEventListener('pointermove', (event) => {
    const box = drawing.getBoundingClientRect();
    tell(Math.floor(((event.clientX - box.left) * (wide / box.width) - left) / step));
  });
  drawing.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    tell(shown < 0 ? days.length - 1 : Math.min(Math.max(shown + (event.key === 'ArrowLeft' ? -1 : 1), 0), days.length - 1));
  });

  const heading = freshId('plot');
  return el('section', { class: 'plotted', 'aria-labelledby': heading },
    el('h3', { id: heading }, title),
    el('div', { class: 'beside' },
      el('div', { class: 'drawn' },
        el('ul', { class: 'legend' }, parts.map((part) => el('li', { class: part.tone }, part.title))),
        drawing, said),
      table(title, days, columns, show)));
}

function figure(value, show) {
  return value === null || value === undefined ? '–' : show(value);
}

function table(title, days, columns, show) {
  const newest = [...days].reverse();
  return el('div', { class: 'table-beside', tabindex: 0, role: 'region', 'aria-label': `${title}: table` },
    el('table', {},
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Day'), columns.map((one) => el('th', { scope: 'col', class: 'number' }, one.title)))),
      el('tbody', {}, newest.map((one) => el('tr', {}, el('th', { scope: 'row' }, day(one.day)),
        columns.map((column) => el('td', { class: 'number' }, figure(one[column.key], column.show ?? show))))))));
}
