#!/usr/bin/env bash
# Installs, upgrades, removes and purges a dirsyncd package in a Debian root of its own, and looks at what each step leaves.
# Nothing outside of that root is touched, and no service manager runs in it: a stand-in of systemctl writes down what it is
# told. Argument: the package. Needs root, mmdebstrap and the machine's Debian mirror; build/package-root.tar keeps the root
# for the next time.
set -euo pipefail
package=$(realpath "$1")
cd "$(dirname "$0")/../.."
base=$PWD/build/package-root.tar
suite=bookworm

if [ -z "${DIRSYNC_PACKAGE_TEST_NAMESPACE:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "this test needs root"; exit 1; }
  if [ ! -e "$base" ]; then
    mmdebstrap --quiet --variant=minbase --include=systemd,init-system-helpers,ca-certificates "$suite" "$base.new.tar"
    mv "$base.new.tar" "$base"
  fi
  # Mounts end with this process, whatever becomes of it.
  DIRSYNC_PACKAGE_TEST_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child "$0" "$package"
fi

work=$(mktemp -d)
root=$work/root
finish() {
  umount --lazy "$root/proc" "$root/dev/null" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT
mkdir "$root"
# Devices are not unpacked: mknod is not allowed everywhere.
tar -C "$root" --exclude='./dev/*' -xf "$base"
mount -t proc proc "$root/proc"
touch "$root/dev/null"
mount --bind /dev/null "$root/dev/null"
cp /etc/resolv.conf "$root/etc/resolv.conf"

. tests/package/checks.sh
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
is() { # expected, command...
  local expected=$1 actual
  shift
  actual=$("$@")
  [ "$actual" = "$expected" ] || { printf '%s instead of %s\n' "$actual" "$expected" >&2; return 1; }
}
says() { grep -qF -- "$1" "$work/said" || { cat "$work/said" >&2; return 1; }; }
told() { grep -qE -- "$1" "$root/told"; }
step() { # title, command...
  printf '\n-- %s\n' "$1"
  : >"$root/told"
  shift
  inside "$@" >"$work/said" 2>&1 || { cat "$work/said"; echo "WRONG it failed"; failures=$((failures + 1)); }
}

# The stand-in: the service runs, unless nobody says so.
mkdir -p "$root/run/systemd/system"
inside dpkg-divert --quiet --local --rename --add /bin/systemctl
cat >"$root/bin/systemctl" <<'TEXT'
#!/bin/sh
echo "$*" >>/told
TEXT
chmod +x "$root/bin/systemctl"
rm -f "$root/usr/sbin/policy-rc.d"

# A second version, of the same contents.
cp "$package" "$root/first.deb"
dpkg-deb -R "$package" "$work/second"
version=$(dpkg-deb -f "$package" Version)
sed -i "s/^Version: .*/Version: $version.1/" "$work/second/DEBIAN/control"
dpkg-deb -b "$work/second" "$root/second.deb" >/dev/null

inside apt-get -qq update
step "install $version" apt-get -qq install -y --no-install-recommends /first.deb
holds "the program runs" is "dirsyncd ${version%-*}" inside dirsyncd --version
holds "the account is there" inside getent passwd dirsyncd
holds "its shell lets nobody in" inside sh -c 'getent passwd dirsyncd | grep -q nologin'
holds "/etc/dirsyncd is for root and the service" is "750 root dirsyncd" inside stat -c '%a %U %G' /etc/dirsyncd
holds "credentials are root's" is "700 root root" inside stat -c '%a %U %G' /etc/dirsyncd/credentials
holds "the state folder is the service's" is "700 dirsyncd dirsyncd" inside stat -c '%a %U %G' /var/lib/dirsyncd
holds "there is no configuration" is credentials ls "$root/etc/dirsyncd"
holds "it says what to do next" says docs/installing.md
holds "nothing is enabled" not inside sh -c 'ls /etc/systemd/system/*.wants/dirsyncd*'
holds "nothing is started" not told '(^| |-)(start|restart) '
holds "units are in place, and well formed" inside sh -c \
  'cd /lib/systemd/system && systemd-analyze verify --man=no dirsyncd.service dirsyncd-*.service dirsyncd-*.timer'
for file in doc/dirsyncd/README.md doc/dirsyncd/docs/installing.md doc/dirsyncd/docs/configuration.md doc/dirsyncd/copyright \
  doc/dirsyncd/changelog.Debian.gz doc/dirsyncd/examples/dirsyncd.toml man/man8/dirsyncd.8.gz man/man8/dirsyncd-reject.8.gz \
  man/man5/dirsyncd.toml.5.gz bash-completion/completions/dirsyncd zsh/vendor-completions/_dirsyncd \
  fish/vendor_completions.d/dirsyncd.fish; do
  holds "$file" test -e "$root/usr/share/$file"
done
holds "dpkg --verify finds nothing" is "" inside dpkg --verify dirsyncd

# What an operator does with it.
inside install -m 0640 -g dirsyncd /usr/share/doc/dirsyncd/examples/dirsyncd.toml /etc/dirsyncd/dirsyncd.toml
inside sh -c 'umask 077; for name in corp-bind vault; do echo secret >/etc/dirsyncd/credentials/$name; done'
inside sed -i 's/pvwa\.example\.com/pvwa.edited.example/' /etc/dirsyncd/dirsyncd.toml
holds "the example holds" inside dirsyncd config check
holds "the service can read it, and no secret" inside setpriv --reuid=dirsyncd --regid=dirsyncd --clear-groups sh -c \
  'cat /etc/dirsyncd/dirsyncd.toml && ! cat /etc/dirsyncd/credentials/vault'
holds "others can read nothing" inside setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c '! ls /etc/dirsyncd'
# A run makes the store; there is no directory to read.
inside dirsyncd sync --yes >"$work/sync" 2>&1 && code=0 || code=$?
holds "a run without its servers ends with 5" is 5 echo $code
holds "the store is the service's" is "600 dirsyncd" inside stat -c '%a %U' /var/lib/dirsyncd/dirsyncd.db
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/etc/systemd/system/dirsyncd.service.d"
ln -s /lib/systemd/system/dirsyncd.service "$root/etc/systemd/system/multi-user.target.wants/dirsyncd.service"
echo '[Service]' >"$root/etc/systemd/system/dirsyncd.service.d/site.conf"
kept() { (cd "$root" && find etc/dirsyncd var/lib/dirsyncd etc/systemd -printf '%p %m %U %G %l\n' | sort && sha256sum \
  etc/dirsyncd/dirsyncd.toml etc/dirsyncd/credentials/* var/lib/dirsyncd/*); }
kept >"$work/before"

step "upgrade to $version.1" apt-get -qq install -y --no-install-recommends /second.deb
holds "it is the new one" is "$version.1" inside dpkg-query -W -f '${Version}' dirsyncd
kept >"$work/after"
holds "configuration, credentials, drop-in and state are as they were" diff "$work/before" "$work/after"
holds "the service is restarted where it runs" told '^try-restart .*dirsyncd\.service$'
holds "it is neither stopped nor started" not told '(^| )(stop|start|restart) '
holds "units are read anew before" is daemon-reload sed -n '1s/.* //p' "$root/told"
holds "nothing is asked for that is there" not says docs/installing.md

step "upgrade where an administrator wants another mode" sh -c \
  'dpkg-statoverride --quiet --update --add root root 0700 /etc/dirsyncd && dpkg -i /first.deb && dpkg -i /second.deb'
holds "that mode stays" is "700 root root" inside stat -c '%a %U %G' /etc/dirsyncd
inside dpkg-statoverride --quiet --remove /etc/dirsyncd
inside chown root:dirsyncd /etc/dirsyncd
inside chmod 0750 /etc/dirsyncd

step "remove" apt-get -qq remove -y dirsyncd
holds "the program is gone" test ! -e "$root/usr/sbin/dirsyncd"
holds "the service is stopped" told '^stop .*dirsyncd\.service$'
kept >"$work/after"
holds "configuration, credentials, drop-in and state are as they were" diff "$work/before" "$work/after"
holds "it says what is kept" says '/var/lib/dirsyncd is kept'

step "install again" apt-get -qq install -y --no-install-recommends /second.deb
kept >"$work/after"
holds "configuration, credentials, drop-in and state are as they were" diff "$work/before" "$work/after"
holds "nothing is started" not told '(^| )(start|restart) '

step "purge" apt-get -qq purge -y dirsyncd
holds "configuration and credentials are gone" test ! -e "$root/etc/dirsyncd"
holds "state, audit trail and mark are gone" test ! -e "$root/var/lib/dirsyncd"
holds "it says so of the configuration" says 'removed /etc/dirsyncd'
holds "it says so of the state" says 'removed /var/lib/dirsyncd: state, audit trail and its mark'
holds "no enabled unit leads nowhere" not inside sh -c 'ls /etc/systemd/system/*.wants/dirsyncd*'
holds "nothing of the package is left" is "" inside sh -c 'dpkg -l dirsyncd 2>/dev/null | grep "^[a-z][a-z] " || true'

end_where_checks_failed
printf '\nAll of it holds.\n'
