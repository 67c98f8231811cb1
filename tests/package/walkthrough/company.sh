#!/usr/bin/env bash
# Puts a company into a root that is not running yet: the demo's people and groups in a directory, ldap.example.com, and a
# simulated Vault, pvwa.example.com, both as services of the root; its CA; and ada, who administers the machine.
#
#   company.sh ROOT VAULT_SIM
set -euo pipefail
root=$1 simulator=$2
here=$(cd "$(dirname "$0")" && pwd)
company=$root/srv/company

mkdir -p "$company/db"
awk -v out="$company" -f "$here/../../demo/company.awk"
rm "$company/console.json"
sed -i 's/"svc-dirsync", "password": "[^"]*"/"svc-dirsyncd", "password": "Vault.Pass.8"/' "$company/vault.json"
cat >>"$company/company.ldif" <<'LDIF'
dn: ou=services,dc=example,dc=com
objectClass: organizationalUnit
ou: services

dn: cn=dirsyncd,ou=services,dc=example,dc=com
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: dirsyncd
userPassword: Bind.Pass.7
LDIF

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$company/ca.key" -out "$company/ca.pem" -days 400 \
  -subj "/CN=Example CA" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$company/server.key" -out "$company/server.csr" \
  -subj "/CN=Example servers" 2>/dev/null
printf 'subjectAltName=DNS:ldap.example.com,DNS:pvwa.example.com\nextendedKeyUsage=serverAuth\n' >"$company/names"
openssl x509 -req -in "$company/server.csr" -CA "$company/ca.pem" -CAkey "$company/ca.key" -CAcreateserial \
  -out "$company/server.pem" -days 400 -extfile "$company/names" 2>/dev/null
rm "$company/ca.key"

# Nobody but dirsyncd's account reads anything.
cat >"$company/slapd.conf" <<'CONF'
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile /srv/company/ca.pem
TLSCertificateFile /srv/company/server.pem
TLSCertificateKeyFile /srv/company/server.key
database mdb
suffix "dc=example,dc=com"
directory /srv/company/db
index objectClass,entryUUID,uid,cn eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=dirsyncd,ou=services,dc=example,dc=com" read by * none
CONF
install -m 0755 "$simulator" "$company/vault_sim"
# Its libraries are its own, so that the package has to bring all that it needs.
mkdir "$company/lib"
for library in $(ldd "$simulator" | grep -oE '/[^ ]+'); do
  [ -e "$root$library" ] || cp --dereference "$library" "$company/lib"
done

service() { # name, lines of [Service]
  printf '[Service]\n%s\n' "$2" >"$root/etc/systemd/system/company-$1.service"
}
service directory 'ExecStartPre=/usr/sbin/slapadd -q -f /srv/company/slapd.conf -l /srv/company/company.ldif
ExecStart=/usr/sbin/slapd -d 0 -s 0 -f /srv/company/slapd.conf -h ldaps://ldap.example.com'
service vault 'Environment=LD_LIBRARY_PATH=/srv/company/lib
ExecStart=/srv/company/vault_sim --state /srv/company/vault.json --profile pam-14.4 --port 443 \
  --cert /srv/company/server.pem --key /srv/company/server.key'

echo sync1 >"$root/etc/hostname"
cat >"$root/etc/hosts" <<'TEXT'
127.0.0.1 localhost ldap.example.com pvwa.example.com
127.0.1.1 sync1.example.com sync1
TEXT
chroot "$root" useradd --create-home --shell /bin/bash ada
echo 'ada ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/ada"
chmod 0440 "$root/etc/sudoers.d/ada"
install -m 0644 "$company/ca.pem" "$root/home/ada/corp-ca.crt"
