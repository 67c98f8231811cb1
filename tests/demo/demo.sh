#!/usr/bin/env bash
# dirsyncd at work on a sample company: a throw-away slapd and both API simulators on loopback, all stopped at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
. "$here/stage.sh"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1;36m' plain=$'\033[0m'; else bold= plain=; fi
say() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }
show() {
  printf '%s$ dirsyncd %s%s\n' "$bold" "$*" "$plain"
  local code=0
  "$bin/dirsyncd" --config "$work/dirsyncd.toml" "$@" || code=$?
  [ $code = 0 ] || printf '(exit %d)\n' "$code"
}

say "A company of 200 people and 40 groups in slapd, a simulated Vault and a simulated console"
start_company
show config check

say "What would a first run do, and why? (the beginning)"
show plan >"$work/plan.txt"
head -n 26 "$work/plan.txt"
printf '   ...\n'
tail -n 3 "$work/plan.txt"

say "A first plan waits for a person: nothing was written"
show sync --json >/dev/null
printf 'writes so far: Vault %s, console %s\n' "$(writes "$vault_url")" "$(writes "$console_url")"

say "Approve exactly this plan, then run it"
show approve "$(digest)"
show sync --yes | tail -n 1
printf 'writes so far: Vault %s, console %s\n' "$(writes "$vault_url")" "$(writes "$console_url")"

say "Once more: everything is so already, nothing is written"
show sync --yes | tail -n 1
printf 'writes so far: Vault %s, console %s\n' "$(writes "$vault_url")" "$(writes "$console_url")"

say "In LDAP: u023 leaves team-07, u001 joins it, u039 is disabled. What follows?"
change_directory
show plan
show sync --yes | tail -n 1

say "The audit trail"
show log --limit 12
show log verify

say "Where things stand"
show status
show runs
say "Everything is stopped and removed"
