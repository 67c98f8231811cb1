#!/usr/bin/env bash
# The page in a real browser (chromium by chromedriver), against the real service with slapd and both simulators.
# Arguments: the folder of the programs, the root of the sources, a folder for screenshots. With
# DIRSYNC_UPDATE_GOLDEN=1 the screenshots of docs/page are made anew.
set -euo pipefail
bin=$1
source=$2
out=$3
here=$source/tests/demo
. "$here/stage.sh"

for program in node chromedriver; do
  command -v "$program" >/dev/null || { echo "$program is not installed; ./dev test installs it" >&2; exit 1; }
done
axe=$source/build/npm/node_modules/axe-core/axe.min.js
[ -f "$axe" ] || { echo "$axe is not there; ./dev test installs axe-core" >&2; exit 1; }

start_company
# Two groups take a typed confirmation; the limit itself does not matter to a first plan, which is held anyway.
printf '\n[limits]\nprivileged_groups = { names = ["unix-admins"], additions = 500, removals = 500 }\n' >>"$work/dirsyncd.toml"
port=$((20000 + RANDOM % 20000))
start_service $((port + 1))
python3 "$here/forward.py" "$port" "$work/state/control.sock" &
pids+=($!)
chromedriver --port=$((port + 2)) --log-level=SEVERE >"$work/chromedriver.log" 2>&1 &
pids+=($!)
mkdir -p "$out/screenshots"

code=0
DIRSYNCD=$bin/dirsyncd CONFIG=$work/dirsyncd.toml PAGE=http://localhost:$port LOOK=http://localhost:$((port + 1)) \
  DRIVER=http://127.0.0.1:$((port + 2)) AXE=$axe SCREENSHOTS=$out/screenshots SERVICE=$service_pid WORK=$work \
  LDAP=ldaps://127.0.0.1:$ldap_port node "$source/tests/page/browser/story.mjs" || code=$?
[ $code = 0 ] || tail -n 20 "$work/service.log" "$work/chromedriver.log" >&2
if [ $code = 0 ] && [ "${DIRSYNC_UPDATE_GOLDEN:-}" = 1 ]; then
  mkdir -p "$source/docs/page"
  for shot in "$out"/screenshots/docs-*.png; do cp "$shot" "$source/docs/page/${shot##*/docs-}"; done
fi
exit $code
