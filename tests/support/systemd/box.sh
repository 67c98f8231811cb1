#!/bin/bash
# A systemd of its own in namespaces of its own, which ends with this process. Needs root with CAP_SYS_ADMIN.
#
#   box.sh PROGRAM UNITS FOLDER
#
# The box sees PROGRAM as /usr/sbin/dirsyncd, the tree UNITS (systemd/ of the sources) as installed, and FOLDER, read-only, as
# /opt/box. Its files are a copy-on-write view of the machine's: nothing that happens inside reaches them, and /tmp, /run and /dev
# are empty ones of its own (systemd cleans /tmp when it starts). Its network has only lo.
set -eu
program=$(realpath "$1") units=$(realpath "$2") folder=$(realpath "$3")
[ -x "$program" ] && [ -f "$units/dirsyncd.service" ] && [ -d "$folder" ] || { echo "box.sh PROGRAM UNITS FOLDER" >&2; exit 2; }

# Control groups of its own, so that two boxes, or a box and the machine, have none in common.
groups=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET)$(sed -n 's/^0:://p' /proc/self/cgroup)/dirsyncd-box-$$
mkdir "$groups"
forget_groups() {
  for _ in $(seq 100); do # those of processes that are still ending stay a little longer
    find "$groups" -depth -type d -exec rmdir {} + 2>/dev/null && return
    sleep 0.05
  done
}
trap '[ -z "${box:-}" ] || kill -KILL "$box"' TERM INT
trap forget_groups EXIT

# setpriv ends it with this process, --kill-child all that runs inside.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin GROUPS_OF_BOX="$groups" PROGRAM="$program" UNITS="$units" FOLDER="$folder" \
  setpriv --pdeathsig KILL bash -euc 'echo $$ >"$GROUPS_OF_BOX/cgroup.procs"; exec "$@"' bash \
  unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup bash "$(dirname "$0")/box_init.sh" &
box=$!
wait "$box" || status=$?
wait "$box" 2>/dev/null || : # a signal had ended the first
exit "${status:-0}"
