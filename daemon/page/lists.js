// Long lists: of 100,000 rows only those are made that somebody sees.
import { el } from './dom.js';

/// Which rows to show. Pure.
export function windowOf({ top, height, rowHeight, rows, more = 8 }) {
  if (rows <= 0 || rowHeight <= 0) return { first: 0, last: 0 };
  const first = Math.floor(Math.max(top, 0) / rowHeight) - more;
  const last = Math.ceil((Math.max(top, 0) + Math.max(height, rowHeight)) / rowHeight) + more;
  const from = Math.min(Math.max(first, 0), Math.max(rows - 1, 0));
  return { first: from, last: Math.min(Math.max(last, from + 1), rows) };
}

/// Where to scroll so that a row is seen; null: it is. Pure.
export function scrollFor({ row, top, height, rowHeight }) {
  if (row * rowHeight < top) return row * rowHeight;
  return (row + 1) * rowHeight > top + height ? (row + 1) * rowHeight - height : null;
}

/// A table of rows of one height. `columns`: [{title, cell(row) -> node or text, wide}]; `rowHeight` in pixels,
/// `narrowHeight` where columns stand below each other. `onOpen(row)`: somebody chose a row, by a click or the
/// return key. `onEnd()`: the last row is seen.
/// Arrow keys, page up and down, home and end move within it; the tabulator goes through the links of one row, and
/// leaves it.
export class WindowedTable {
  #rows = [];
  #made = new Map();
  #active = 0;
  #options;

  constructor(options) {
    this.#options = { rowHeight: 44, narrowHeight: 92, empty: 'Nothing.', ...options };
    const { label, columns, onOpen } = this.#options;
    this.head = el('div', { role: 'row', class: 'row head', 'aria-rowindex': 1 },
      columns.map((column) => el('span', { role: 'columnheader', class: column.wide ? 'cell wide' : 'cell' }, column.title)));
    this.body = el('div', { class: 'rows', role: 'rowgroup' });
    this.none = el('p', { class: 'faint none', hidden: true }, this.#options.empty);
    this.scroller = el('div', { class: 'scroller' }, this.body);
    this.table = el('div', { class: `windowed columns-${columns.length}`, role: onOpen ? 'grid' : 'table', 'aria-label': label },
      el('div', { role: 'rowgroup', class: 'head-group' }, this.head), this.scroller);
    this.node = el('div', { class: 'list' }, this.none, this.table);
    this.scroller.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.body.addEventListener('keydown', (event) => this.#key(event));
    this.body.addEventListener('focusin', (event) => this.#note(event.target));
    this.#watch();
  }

  get rows() {
    return this.#rows;
  }

  /// Focus and place stay where they are, as far as there are rows.
  set(rows) {
    const held = this.body.contains(document.activeElement) ? document.activeElement : null;
    const within = held ? [...held.closest('.row').querySelectorAll('a, button')].indexOf(held) : -1;
    this.#rows = rows;
    this.#active = Math.min(this.#active, Math.max(rows.length - 1, 0));
    this.none.hidden = rows.length > 0;
    this.table.hidden = rows.length === 0;
    this.table.setAttribute('aria-rowcount', rows.length + 1);
    for (const row of this.#made.values()) row.remove();
    this.#made.clear();
    this.#draw();
    if (!held || rows.length === 0) return;
    this.#focus(this.#active);
    if (within >= 0) this.#made.get(this.#active)?.querySelectorAll('a, button')[within]?.focus({ preventScroll: true });
  }

  #height() {
    return matchMedia('(max-width: 700px)').matches ? this.#options.narrowHeight : this.#options.rowHeight;
  }
  #watch() {
    new ResizeObserver(() => this.#draw()).observe(this.scroller);
  }

  #draw() {
    const rowHeight = this.#height();
    this.body.style.height = `${this.#rows.length * rowHeight}px`;
    const { first, last } = windowOf({
      top: this.scroller.scrollTop, height: this.scroller.clientHeight, rowHeight, rows: this.#rows.length,
    });
    for (const [at, row] of this.#made) {
      if ((at >= first && at < last) || row.contains(document.activeElement)) continue;
      row.remove();
      this.#made.delete(at);
    }
    let before = null;
    for (let at = last - 1; at >= first; at -= 1) {
      let row = this.#made.get(at);
      if (!row) {
        row = this.#make(at);
        this.#made.set(at, row);
        this.body.insertBefore(row, before);
      }
      before = row;
    }
    for (const [at, row] of this.#made) {
      row.style.transform = `translateY(${at * rowHeight}px)`;
      row.style.height = `${rowHeight}px`;
    }
    this.#markReachable(this.#made.has(this.#active) ? this.#active : first);
    if (last === this.#rows.length && last > 0) this.#options.onEnd?.();
  }

  #make(at) {
    const value = this.#rows[at];
    const { columns, onOpen, rowClass } = this.#options;
    return el('div', {
      role: 'row', class: `row ${rowClass?.(value) ?? ''} ${onOpen ? 'opens' : ''}`, 'aria-rowindex': at + 2, 'data-at': at, tabindex: -1,
      onclick: onOpen ? (event) => event.target.closest('a, button') || onOpen(value) : null,
    }, columns.map((column) => el('span', { role: onOpen ? 'gridcell' : 'cell', class: column.wide ? 'cell wide' : 'cell' }, column.cell(value))));
  }

  #note(target) {
    const row = target.closest('.row');
    if (!row) return;
    this.#active = Number(row.dataset.at);
    this.#markReachable(this.#active);
  }

  /// One row alone: a focus scrolls, which makes more rows, and the tabulator would walk through all of them.
  #markReachable(reachable) {
    for (const [at, row] of this.#made) {
      const tabIndex = at === reachable ? 0 : -1;
      row.tabIndex = tabIndex;
      for (const one of row.querySelectorAll('a, button')) one.tabIndex = tabIndex;
    }
  }

  #focus(at) {
    const rowHeight = this.#height();
    const to = scrollFor({ row: at, top: this.scroller.scrollTop, height: this.scroller.clientHeight, rowHeight });
    if (to !== null) this.scroller.scrollTop = to;
    this.#active = at;
    this.#draw();
    this.#made.get(at)?.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onRow = event.target.classList.contains('row');
    const page = Math.max(Math.floor(this.scroller.clientHeight / this.#height()) - 1, 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      event.preventDefault();
      const to = Math.min(Math.max(this.#active + moves[event.key], 0), this.#rows.length - 1);
      this.#focus(to);
    } else if (event.key === 'Enter' && onRow && this.#options.onOpen) {
      event.preventDefault();
      this.#options.onOpen(this.#rows[this.#active]);
    }
  }
}
