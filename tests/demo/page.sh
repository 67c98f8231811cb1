#!/usr/bin/env bash
# The sample company with the service and its page, until it is stopped: a throw-away slapd and both API simulators on
# loopback. The page is on http_listen to look at, and through a small forwarder of the control socket with decisions.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
. "$here/stage.sh"

start_company
port=$((20000 + RANDOM % 20000))
listen=$((port + 1))
start_service "$listen"
python3 "$here/forward.py" "$port" "$work/state/control.sock" &
pids+=($!)

cat <<TEXT
The service of a company of 200 people runs, and its first plan waits for you.

  with decisions:      http://localhost:$port/
  to look at alone:    http://localhost:$listen/

In another terminal, people come, go and leave:

  LDAPTLS_CACERT=$work/ca.pem ldapmodify -x -H ldaps://127.0.0.1:$ldap_port -D cn=admin,dc=example,dc=com -w secret
  $bin/dirsyncd --config $work/dirsyncd.toml status

Control-C stops and removes everything.
TEXT
trap 'exit 0' INT TERM
wait "$service_pid"
