#!/bin/bash
# Becomes the systemd of box.sh, in whose namespaces it runs. PROGRAM, UNITS and FOLDER as there.
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
R=/mnt/root
mount -t proc proc $R/proc
mount -t sysfs -o ro sysfs $R/sys
mount -t cgroup2 cgroup2 $R/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs $R/dev
mkdir $R/dev/pts $R/dev/shm
mount -t tmpfs -o mode=1777 tmpfs $R/dev/shm
for n in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
  set -- $n
  mknod -m 666 $R/dev/$1 c $2 $3
done
mount -t devpts -o newinstance,ptmxmode=666 devpts $R/dev/pts
ln -s pts/ptmx $R/dev/ptmx
ln -s /proc/self/fd $R/dev/fd
mount -t tmpfs -o mode=755 tmpfs $R/run
for d in tmp var/tmp; do mount -t tmpfs -o mode=1777 tmpfs $R/$d; done
[ "$(stat -f -c %T $R/etc)" = overlayfs ] && [ "$(stat -f -c %T $R/tmp)" = tmpfs ] || { echo "not isolated" >&2; exit 9; }
mkdir -p $R/opt/box $R/run/systemd/system
mount --bind -o ro "$FOLDER" $R/opt/box
: >$R/usr/sbin/dirsyncd
mount --bind -o ro "$PROGRAM" $R/usr/sbin/dirsyncd

# What an earlier installation left on this machine is not what is tested.
rm -rf $R/etc/systemd/system/dirsyncd* $R/etc/dirsyncd $R/var/lib/dirsyncd $R/var/lib/private/dirsyncd
cp -r --no-dereference "$UNITS"/dirsyncd* $R/run/systemd/system/
cp "$UNITS"/sysusers.d/dirsyncd.conf $R/usr/lib/sysusers.d/
rm -f $R/etc/machine-id
echo 0123456789abcdef0123456789abcdef >$R/etc/machine-id

printf "[Unit]\nRequires=basic.target dbus.service\nAfter=basic.target\nAllowIsolate=yes\n" >$R/run/systemd/system/box.target
for u in udevd udev-trigger timesyncd networkd modules-load sysctl random-seed remount-fs binfmt tmpfiles-clean \
  tmpfiles-setup tmpfiles-setup-dev; do
  ln -sf /dev/null $R/run/systemd/system/systemd-$u.service
done
for u in sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount \
  dev-mqueue.mount dev-hugepages.mount tmp.mount; do
  ln -sf /dev/null $R/run/systemd/system/$u
done
# Not chroot, in which no user namespace can be made (PrivateUsers=).
cd $R
mkdir -p mnt/machine
pivot_root . mnt/machine
umount --lazy /mnt/machine
mount --make-rshared / # without it the folder of credentials is empty
export container=box
exec /lib/systemd/systemd --system --unit=box.target --show-status=no --log-target=journal --log-level=notice
