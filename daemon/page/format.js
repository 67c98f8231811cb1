// How values become words. Pure: no document, no clock of its own.

/// Characters that would turn a line around, hide in it, or break it: shown by their numbers, as a name that
/// looks like another one must not pass for it.
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff]/gu;

/// A name as people see it; never empty.
export function visible(name) {
  const text = String(name ?? '');
  if (text === '') return '(no name)';
  return text.replace(unseen, (one) => `⟨${one.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/// "12,345"
export function count(number) {
  return Number(number ?? 0).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/// "1 group", "3 groups"
export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${Number(number) === 1 ? one : many}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number) => String(number).padStart(2, '0');

/// "1 Dec 2026, 03:17 UTC"; with seconds where they count. "not known" for what is no time.
export function moment(time, seconds = false) {
  const date = new Date(time ?? NaN);
  if (Number.isNaN(date.getTime())) return 'not known';
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds ? `:${two(date.getUTCSeconds())}` : ''}`;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/// "1 Dec" of "2026-12-01"
export function day(text) {
  const [, month, date] = String(text).split('-').map(Number);
  return `${date} ${months[month - 1] ?? ''}`;
}

/// "5 min ago", "in 3 days", "just now"
export function ago(time, now) {
  const then = new Date(time ?? NaN).getTime();
  if (Number.isNaN(then)) return '';
  const seconds = Math.round((now - then) / 1000);
  const size = Math.abs(seconds);
  if (size < 10) return 'just now';
  const words = size < 90 ? `${size} s`
    : size < 90 * 60 ? `${Math.round(size / 60)} min`
    : size < 36 * 3600 ? `${Math.round(size / 3600)} h`
    : plural(Math.round(size / 86400), 'day');
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/// "412 ms", "3.2 s", "4 min", "2.5 h"; "–" for nothing
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  const ms = Number(milliseconds);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${trim(ms / 1000)} s`;
  if (ms < 7_200_000) return `${trim(ms / 60_000)} min`;
  return `${trim(ms / 3_600_000)} h`;
}

function trim(number) {
  return number >= 10 ? String(Math.round(number)) : number.toFixed(1).replace(/\.0$/, '');
}

/// "13 KiB"
export function bytes(number) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Number(number ?? 0);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? count(size) : trim(size)} ${units[unit]}`;
}

/// The digits by which a person tells a plan from others, and which they type.
export function short(digest) {
  return String(digest ?? '').slice(0, 8);
}

/// The part of a DN that people call somebody by: "ada" of "uid=ada,ou=people,dc=example".
export function calledBy(dn) {
  const match = /^[^=,]+=((?:\\.|[^,+\\])*)/u.exec(String(dn ?? ''));
  return match ? match[1].replace(/\\([,+"\\<>;=# ])/gu, '$1') : String(dn ?? '');
}

const verbs = {
  'create-group': ['+', 'create the group', 'created the group'],
  'rename-group': ['~', 'rename the group', 'renamed the group'],
  'delete-group': ['−', 'delete the group', 'deleted the group'],
  add: ['+', 'add', 'added'],
  remove: ['−', 'remove', 'removed'],
  adopt: ['=', 'take over', 'taken over'],
};

/// The sign of a change; colour alone must not tell it.
export function sign(verb) {
  return verbs[verb]?.[0] ?? '·';
}

/// "add", "remove", "create the group"
export function toDo(verb) {
  return verbs[verb]?.[1] ?? String(verb ?? '');
}

const states = {
  ok: ['In order', 'good', 'Everything is as the rules want it.'],
  held: ['Held', 'act', 'A plan waits for a person; the rest of it is not sent before somebody decides.'],
  unconfirmed: ['Waiting', 'calm', 'Removals wait until further reads confirm that somebody is gone. Nobody has to act.'],
  blocked: ['Blocked', 'act', 'Something is due and cannot be sent. Somebody must clear the way.'],
  failed: ['Failed', 'bad', 'A change was not achieved, or something that should be there is not.'],
  unread: ['Not read', 'bad', 'It could not be read completely, so nothing was written there.'],
  'never run': ['No run yet', 'calm', 'No run has looked at it yet.'],
};

/// {word, tone, sentence} of a target; tones: good, calm, act, bad.
export function targetState(target) {
  const [word, tone, sentence] = states[target?.state] ?? [visible(target?.state), 'calm', ''];
  return { word, tone, sentence };
}

const verdicts = {
  'in-sync': ['in order', 'good'], wait: ['waiting', 'calm'], run: ['applied', 'good'],
  hold: ['held', 'act'], refuse: ['refused', 'bad'],
};

/// {word, tone} of how a run ended.
export function runEnd(run) {
  if (!run.finished) return { word: 'did not end', tone: 'bad' };
  const [word, tone] = verdicts[run.verdict] ?? [visible(run.verdict || 'ended'), 'calm'];
  if (run.failed > 0 || run.exit === 6) return { word: `${word}, some failed`, tone: 'bad' };
  if (run.exit === 1 || run.exit === 2 || run.exit === 5) return { word, tone: 'bad' };
  return { word, tone };
}

const triggers = {
  sync: 'a person asked', daemon: 'the schedule', feed: 'a change in the directory', leavers: 'somebody left',
  undo: 'an undo', adopt: 'groups were taken over', recover: 'a recovery', console: 'by hand',
};

export function trigger(name) {
  return triggers[name] ?? visible(name);
}

const feeds = {
  following: ['followed', 'good'], starting: ['starting', 'calm'], down: ['down', 'bad'], off: ['not followed', 'calm'],
};

/// {word, tone, sentence} of how a directory's changes are followed.
export function feedState(feed) {
  const [word, tone] = feeds[feed?.state] ?? [visible(feed?.state), 'calm'];
  const kind = feed?.kind && feed.kind !== 'none' ? ` by ${feed.kind}` : '';
  if (feed?.state === 'down') return { word, tone, sentence: `Its changes are found by the schedule alone: ${visible(feed.reason || 'the feed is down')}` };
  if (feed?.state === 'off') return { word, tone, sentence: 'Its changes are found by the schedule alone.' };
  return { word, tone, sentence: `Its changes are followed${kind}.` };
}

/// {word, tone} of the days that a certificate still holds.
export function certificateState(days) {
  if (days < 0) return { word: 'expired', tone: 'bad' };
  if (days < 7) return { word: 'a few days', tone: 'bad' };
  if (days < 30) return { word: 'soon', tone: 'act' };
  return { word: 'fine', tone: 'good' };
}

/// How full a limit is, for a bar: {share, over}; nothing without both figures.
export function fill(reason) {
  if (typeof reason?.count !== 'number' || typeof reason?.allowed !== 'number') return null;
  const most = Math.max(reason.count, reason.allowed, 1);
  return { share: reason.count / most, bound: reason.allowed / most, over: reason.count > reason.allowed };
}

/// "2026-12-01T03:17" of an input as the service takes it; '' for none.
export function asTime(local) {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local ?? '') ? `${local}:00Z` : '';
}
