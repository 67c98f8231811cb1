#!/usr/bin/env bash
# Follows docs/installing.md word by word, from the package to a service that runs, in a Debian root of its own with a systemd of
# its own; a directory and a Vault stand beside it. What is followed are the blocks after a line <!-- walkthrough -->.
#
#   walkthrough.sh PACKAGE VAULT_SIM [--record FILE]
#
# --record writes what the terminal showed as a page. Needs root, mmdebstrap and the machine's Debian mirror;
# build/walkthrough-root.tar keeps the root for the next time.
set -euo pipefail
package=$(realpath "$1") simulator=$(realpath "$2")
record=
[ "${3:-}" != --record ] || record=$(realpath -m "$4")
cd "$(dirname "$0")/../.."
here=$PWD/tests/package/walkthrough
page=docs/installing.md
base=$PWD/build/walkthrough-root.tar
most_minutes=10

if [ -z "${DIRSYNC_WALKTHROUGH_NAMESPACE:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "the walkthrough needs root"; exit 1; }
  if [ ! -e "$base" ]; then
    mkdir -p build
    mmdebstrap --quiet --variant=minbase \
      --include=systemd,systemd-sysv,dbus,ca-certificates,sudo,slapd,ldap-utils,curl,procps bookworm "$base.new.tar"
    mv "$base.new.tar" "$base"
  fi
  # Mounts, and all that runs, end with this process, whatever becomes of it.
  DIRSYNC_WALKTHROUGH_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child --mount-proc \
    "$here/../walkthrough.sh" "$package" "$simulator" ${record:+--record "$record"}
fi

work=$(mktemp -d)
root=$work/root
groups=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET)/dirsyncd-walkthrough-${work##*.}
box=
finish() {
  [ -z "$box" ] || { kill -KILL "$box" && wait "$box"; } 2>/dev/null || true
  for _ in $(seq 100); do # control groups of processes that are still ending stay a little longer
    find "$groups" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.05
  done
  umount --lazy "$root/proc" "$root/dev/null" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT

. tests/package/checks.sh
eventually() { # command...
  for _ in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  "$@"
}

# The machine as its administrator finds it: with the package in a folder and what that depends on within reach, because the
# running root has no network.
prepare() {
  mkdir "$root"
  tar -C "$root" --exclude='./dev/*' -xf "$base" # mknod is not allowed everywhere
  "$here/company.sh" "$root" "$simulator"
  install -D -m 0644 "$package" "$root/home/ada/build/package/$(basename "$package")"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  rm -f "$root/usr/sbin/policy-rc.d"
  mount -t proc proc "$root/proc"
  touch "$root/dev/null"
  mount --bind /dev/null "$root/dev/null"
  local apt=(chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive apt-get -qq)
  "${apt[@]}" update
  "${apt[@]}" install --download-only -y "/home/ada/build/package/$(basename "$package")"
  umount "$root/proc" "$root/dev/null"
  echo 'nameserver 127.0.0.1' >"$root/etc/resolv.conf"
  mkdir "$root/opt/walkthrough"
  cp "$here/follow.sh" "$here/answers" "$root/opt/walkthrough"
  awk -f "$here/commands.awk" "$page" >"$root/opt/walkthrough/commands"
}

boot() {
  mkdir "$groups"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -euc 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' bash "$groups" \
    unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup "$here/boot.sh" "$root" &
  box=$!
  eventually is_up || { echo "systemd did not start"; exit 1; }
}
is_up() {
  init=$(cat "/proc/$box/task/$box/children") && init=${init%% *} && [ -n "$init" ] &&
    [ "$(cat "/proc/$init/comm")" = systemd ] && inside systemctl is-active walkthrough.target
}
inside() {
  nsenter --target "$init" --mount --pid --uts --ipc --net --cgroup --root --wd=/ -- \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}
inside_as_ada() {
  inside setpriv --reuid=ada --regid=ada --init-groups env --chdir=/home/ada HOME=/home/ada USER=ada PATH=/usr/local/bin:/usr/bin:/bin "$@"
}

# Who should be in the Vault's groups, from the LDIF alone, and who is, from the Vault alone.
wanted_and_there() {
  inside curl -sf --cacert /srv/company/ca.pem https://pvwa.example.com/_sim/state >"$work/vault.json"
  python3 - "$root/srv/company/company.ldif" "$work/vault.json" <<'PYTHON'
import json, sys
entries = {}
for block in open(sys.argv[1], encoding="utf-8").read().split("\n\n"):
    pairs = [line.split(": ", 1) for line in block.splitlines() if ": " in line]
    if pairs:
        entries[pairs[0][1]] = pairs[1:]
def values(dn, name):
    return [value for key, value in entries[dn] if key == name]
def people(dn, seen):
    if dn in seen:
        return set()
    seen.add(dn)
    if values(dn, "uid"):
        return {values(dn, "uid")[0]}
    return set().union(*(people(member, seen) for member in values(dn, "member")))
wanted = {values(dn, "cn")[0][4:]: people(dn, set()) for dn in entries if dn.startswith("cn=pam-")}
vault = json.load(open(sys.argv[2]))
names = {user["id"]: user["username"] for user in vault["users"]}
there = {group["groupName"]: {names[member] for member in group["members"]} for group in vault["groups"]}
assert wanted and all(wanted.values())
for group, members in wanted.items():
    assert there.get(group) == members, f"{group}: wanted {sorted(members)}, there {sorted(there.get(group, []))}"
PYTHON
}
in_order() { inside dirsyncd status --json | grep -q '"in_sync":true' && ! inside dirsyncd status --json | grep -q '"in_sync":false'; }
secrets_in() { grep -E 'Bind\.Pass\.7|Vault\.Pass\.8' "$1"; }
run_of_the_service() { inside journalctl -q -o cat -u dirsyncd | grep -q 'verdict=in-sync'; }

prepare
boot
company_answers() {
  inside env LDAPTLS_CACERT=/srv/company/ca.pem ldapwhoami -x -H ldaps://ldap.example.com &&
    inside curl -sf --cacert /srv/company/ca.pem https://pvwa.example.com/_sim/counters
}
eventually company_answers || { inside journalctl -q -n 30 -o cat -u company-vault -u company-directory; echo "the company's servers did not start"; exit 1; }
inside install -m 0666 /dev/null /opt/walkthrough/transcript

began=$SECONDS
inside_as_ada /opt/walkthrough/follow.sh /opt/walkthrough/{commands,answers,transcript} || failures=1
took=$((SECONDS - began))
cp "$root/opt/walkthrough/transcript" build/walkthrough.txt

holds "every command of $page did what it should, and asked what was known" [ $failures = 0 ]
holds "the service is active" inside systemctl is-active dirsyncd
holds "it is started with the machine" inside systemctl is-enabled dirsyncd
holds "a run of the service found everything in sync" eventually run_of_the_service
holds "status is in order" in_order
holds "the Vault's groups are the company's" wanted_and_there
holds "doctor finds nothing that fails" inside dirsyncd doctor
holds "the audit chain holds" inside dirsyncd log verify
inside journalctl -q -o cat >"$work/journal"
holds "no password was shown" not secrets_in build/walkthrough.txt
holds "no password is in the journal" not secrets_in "$work/journal"
holds "no password is in the configuration" not secrets_in "$root/etc/dirsyncd/dirsyncd.toml"
holds "it took less than $most_minutes minutes" [ "$took" -lt $((most_minutes * 60)) ]
printf '\n%d s from the package to a verified service; what the terminal showed: build/walkthrough.txt\n' "$took"
end_where_checks_failed
[ -z "$record" ] || "$here/page.sh" build/walkthrough.txt "$record"
