#!/usr/bin/env bash
# Becomes the systemd of a root of its own, in namespaces of its own that walkthrough.sh makes. Its network has only lo.
#
#   boot.sh ROOT
set -euo pipefail
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
  read -r name major minor <<<"$device"
  mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$root/run"

# What belongs to the machine, and is not ours to change.
units=$root/etc/systemd/system
for unit in systemd-{udevd,udev-trigger,timesyncd,networkd,modules-load,sysctl,random-seed,remount-fs,binfmt}.service \
  sys-kernel-{debug,tracing,config}.mount sys-fs-fuse-connections.mount dev-mqueue.mount dev-hugepages.mount slapd.service; do
  ln -sf /dev/null "$units/$unit"
done
cat >"$units/walkthrough.target" <<'UNIT'
[Unit]
Requires=basic.target dbus.service
Wants=company-directory.service company-vault.service
After=basic.target
AllowIsolate=yes
UNIT

cd "$root"
mkdir -p mnt/machine
pivot_root . mnt/machine
umount --lazy /mnt/machine
mount --make-rshared / # without it the folder of credentials is empty
export container=walkthrough
exec /lib/systemd/systemd --system --unit=walkthrough.target --show-status=no --log-target=journal --log-level=notice
