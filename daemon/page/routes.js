// Where somebody is on the page, as the part of the address behind "#". Pure.

export const views = ['now', 'held', 'people', 'person', 'group', 'why', 'history', 'run', 'audit', 'health'];

/// {view, params} of "#/person?user=ada"; the first view for what is none.
export function parse(hash) {
  const text = String(hash ?? '').replace(/^#\/?/, '');
  const at = text.indexOf('?');
  const view = at < 0 ? text : text.slice(0, at);
  const params = {};
  for (const [name, value] of new URLSearchParams(at < 0 ? '' : text.slice(at + 1))) params[name] = value;
  return views.includes(view) ? { view, params } : { view: 'now', params: {} };
}

/// The other way; parts without a value are left out.
export function format(view, params = {}) {
  const query = queryOf(params);
  return `#/${view}${query}`;
}

/// By what the service finds the person of a change or row again: a DN may be longer than it takes, and another
/// tomorrow.
export function whoOf(row) {
  return row.id || row.dn || row.principal;
}

/// "?a=1&b=2", or nothing.
export function queryOf(params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== '') query.append(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/// Which of the entries of the menu a view belongs to.
export function menuEntry(view) {
  if (['person', 'group', 'why'].includes(view)) return 'people';
  return view === 'run' ? 'history' : view;
}
