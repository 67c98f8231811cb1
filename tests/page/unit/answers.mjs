// Answers of the service as they are, with the names that directories really have.

export const hostile = [
  '<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', '\u202egnp.exe', 'مدير النظام', 'x'.repeat(500), '',
  'Donaudampfschifffahrtsgesellschaftskapitänswitwenrente', "O'Brien & Söhne", 'javascript:alert(1)', 'a\u0000b\nc',
];

export const digest = '4be1c0ffee0123456789abcdef0123456789abcdef0123456789abcdef012345';
const time = '2026-12-01T03:04:05.000Z';

export const about = {
  version: '0.1.0', host: 'sync1', may_decide: true, person: 'uid:1000 (ann)', targets: ['vault', 'console'],
  directories: ['corp'], privileged_groups: ['Tier0 Operators'],
};

export const changes = (group) => hostile.map((principal, at) => ({
  n: at + 1, verb: at % 3 === 0 ? 'remove' : 'add', group, principal, dn: `uid=${principal},ou=people`, id: `id-${at}`, rule: 'all',
  path: `cn=pam-ops,ou=groups > cn=${principal} > uid=${principal},ou=people`, why: `because of ${principal}`, part: 'rest',
}));

export const plan = {
  run: null, digest, verdict: 'hold', reasons: [{ code: 'removals', text: '12 removals, 5 allowed', count: 12, allowed: 5 }],
  summary: { groups: 3, people: 20, disabled: 1, values: 40, unresolved: 2 },
  targets: {
    vault: { kind: 'cyberark-vault', verdict: 'hold', reasons: [], notices: [], changes: [...changes('tier0 operators'), ...changes('<b>ops</b>')] },
    console: { kind: 'pulse-console', verdict: 'hold', reasons: [{ code: 'first-plan', text: 'the first plan', rule: 'plant' }], notices: [], changes: changes('gateways') },
  },
};

export const plans = { plans: [{ digest, since: time, approvals: { needed: 1, given: [] }, command: '', reasons: plan.reasons }] };

export const status = {
  targets: {
    vault: { state: 'held', last_success: time, set_aside: hostile.map((principal) => ({ group: '<b>', principal, reason: principal, attempts: 2, next_try: time })), waiting: hostile, effective: [], unresolved: [], in_sync: false },
    console: { state: 'ok', last_success: null, set_aside: [], waiting: [], effective: [], unresolved: [], in_sync: true },
  },
  held: plans.plans, blocked: changes('<i>').map((change) => ({ ...change, target: 'vault', code: 'protected', reason: change.principal, since: time })),
  unconfirmed: [], freeze: null, frozen: [{ target: null, removals: true, reason: '<u>', by: 'uid:0 (root)', since: time, until: null }],
  feed: { corp: { kind: 'syncrepl', state: 'down', since: time, reason: '<s>' } },
  revocation_delay: { p50_ms: 12, p99_ms: 400, worst_ms: 61_000, over_target: 1 }, daemon: { running: true, pid: 1, since: time },
};

export const search = {
  people: hostile.map((principal, at) => ({ id: `id-${at}`, dn: `uid=${principal},ou=people`, names: at % 2 ? [{ target: 'vault', principal }] : [] })),
  groups: hostile.map((group) => ({ target: 'vault', group, id: '7', managed: true, members: 3 })), more: true,
};

export const who = { group: hostile[0], target: 'vault', at: null, foreign: hostile, members: hostile.map((principal) => ({ principal, dn: principal, id: principal, rule: 'all', since: time, path: `cn=a > uid=${principal}` })) };
export const person = { user: 'ada', at: null, people: hostile.map((one) => ({ id: `id-${one}`, dn: `uid=${one}`, names: [{ target: 'vault', principal: one }] })), memberships: hostile.map((group) => ({ target: 'vault', group, principal: hostile[0], dn: 'uid=ada', id: 'id', rule: 'all', since: time, path: 'cn=a > cn=b > uid=ada' })) };
export const why = {
  user: 'ada', group: hostile[0], target: 'vault', at: null, member: true, decision: 'granted', text: hostile[1], rule: 'all', paths: [hostile],
  run: 7, plan: digest, since: time, history: [{ time, run: 7, verb: 'add', result: 'done', actor: hostile[0], why: hostile[1] }],
};
export const runs = { runs: [{ run: 7, started: time, finished: time, trigger: 'feed', actor: hostile[0], verdict: 'run', exit: 0, digest, planned: 3, done: 3, failed: 0, unconfirmed: 0 }] };
export const run = { ...runs.runs[0], report: { plan, certificates: { corp: { server: hostile[0], complete: false, failing: hostile[1], clauses: [{ name: 'band', holds: false, detail: hostile[0] }] } } } };
export const log = { rows: hostile.map((principal, at) => ({ seq: 100 - at, time, run: 7, phase: 'change', target: 'vault', verb: 'add', group: principal, principal, dn: principal, id: principal, rule: 'all', path: `cn=a > uid=${principal}`, plan: digest, actor: principal, result: 'done', detail: principal, prev: digest, hash: digest, delay_ms: 12 })), more: false, pruned: 3 };
export const days = { days: Array.from({ length: 30 }, (_, at) => ({ day: `2026-11-${String(at + 1).padStart(2, '0')}`, runs: at, runs_held: 1, runs_failed: 0, added: at, removed: 2, others: 0, failed: 0, delays: at % 2, p50_ms: at % 2 ? 10 : null, p99_ms: at % 2 ? 20 : null, worst_ms: at % 2 ? 30 : null, over_target: null })), target_ms: 1000 };
export const health = { certificates: [{ side: hostile[0], ends: time, days: 3 }], run: 7, proofs: [{ side: 'corp', server: hostile[0], complete: true, failing: null, detail: '', entries: 4, values: 5 }], store: { folder: '/var/lib/dirsyncd', bytes: 123456, audit_rows: 9, pruned: 0 } };

export const answers = {
  '/v1/page': about, '/v1/plans': plans, '/v1/plan': plan, '/v1/status': status, '/v1/search': search, '/v1/who': who, '/v1/person': person,
  '/v1/why': why, '/v1/runs': runs, '/v1/run': run, '/v1/log': log, '/v1/days': days, '/v1/health': health,
};
