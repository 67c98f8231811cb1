# What the demo and its recording share: a sample company in a throw-away slapd, both API simulators on loopback and a
# configuration for them, in a folder of their own; all is stopped and removed at the end. To be sourced with $here, the
# folder of this file, and $bin, that of the programs; sets $work, and by start_company $vault_url and $console_url.
work=$(mktemp -d "${TMPDIR:-/tmp}/dirsyncd-demo.XXXXXX")
pids=()

cleanup() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" \
    -days 365 -subj "/CN=demo CA" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/srv.key" -out "$work/srv.csr" \
    -subj "/CN=localhost" 2>/dev/null
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$work/ext"
  openssl x509 -req -in "$work/srv.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -out "$work/srv.pem" \
    -days 365 -extfile "$work/ext" 2>/dev/null
}

start_slapd() {
  mkdir "$work/db"
  cat >"$work/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile $work/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile $work/ca.pem
TLSCertificateFile $work/srv.pem
TLSCertificateKeyFile $work/srv.key
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
rootpw secret
directory $work/db
index objectClass,entryUUID,uid,cn eq
access to * by * read
CONF
  /usr/sbin/slapadd -q -f "$work/slapd.conf" -l "$work/company.ldif"
  local tries
  for tries in 1 2 3 4 5; do
    ldap_port=$((20000 + RANDOM % 20000))
    /usr/sbin/slapd -d 0 -f "$work/slapd.conf" -h "ldaps://127.0.0.1:$ldap_port" 2>"$work/slapd.log" &
    local pid=$!
    for _ in $(seq 100); do
      if LDAPTLS_CACERT=$work/ca.pem ldapwhoami -x -H "ldaps://127.0.0.1:$ldap_port" >/dev/null 2>&1; then
        pids+=("$pid")
        return
      fi
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.05
    done
  done
  echo "slapd did not start: $(cat "$work/slapd.log")" >&2
  exit 1
}

start_simulator() { # name, state, arguments...; prints nothing, sets url
  local name=$1 state=$2
  shift 2
  "$bin/$name" --state "$state" --cert "$work/srv.pem" --key "$work/srv.key" "$@" >"$work/$name.out" &
  pids+=($!)
  for _ in $(seq 100); do
    url=$(sed -n 's/^listening //p' "$work/$name.out")
    [ -n "$url" ] && return
    sleep 0.05
  done
  echo "$name did not start" >&2
  exit 1
}

writes() { curl -sf --cacert "$work/ca.pem" "$1/_sim/counters" | sed 's/.*"writes":\([0-9]*\).*/\1/'; }

configuration() {
  umask 077
  mkdir "$work/credentials"
  printf 'secret' >"$work/credentials/corp-bind"
  printf 'Sync.Pass.1' >"$work/credentials/vault"
  printf 'Dirsync#2021' >"$work/credentials/console"
  cat >"$work/dirsyncd.toml" <<CONF
[service]
state_dir = "$work/state"

[directory.corp]
uris = ["ldaps://127.0.0.1:$ldap_port"]
base = "dc=example,dc=com"
bind = { method = "simple", dn = "cn=admin,dc=example,dc=com", password = { file = "$work/credentials/corp-bind" } }
tls = { ca_file = "$work/ca.pem" }
users = { base = "ou=people,dc=example,dc=com", filter = "(objectClass=inetOrgPerson)", disabled = "(employeeType=disabled)" }
groups = { base = "ou=groups,dc=example,dc=com" }

[target.vault]
kind = "cyberark-vault"
url = "$vault_url/PasswordVault"
auth = { method = "cyberark", user = "svc-dirsync", password = { file = "$work/credentials/vault" } }
tls = { ca_file = "$work/ca.pem" }
pace = { concurrency = 4, requests_per_second = 500 }
domain = "example.com"

[target.console]
kind = "pulse-console"
url = "$console_url"
auth = { user = "svc-dirsync@root.local", password = { file = "$work/credentials/console" } }
tls = { ca_file = "$work/ca.pem" }
pace = { concurrency = 4, requests_per_second = 500 }

[[rule]]
name = "privileged"
directory = "corp"
target = "vault"
groups = "(cn=pam-*)"
group_name = "{cn|remove_prefix:pam-}"
member_name = "{uid}"
create_groups = true

[[rule]]
name = "plant"
directory = "corp"
target = "console"
groups = "(cn=iot-*)"
group_name = "{cn|remove_prefix:iot-}"
member_name = "{mail}"
create_groups = true
roles = ["Device Administrator"]
CONF
}

change_directory() {
  LDAPTLS_CACERT=$work/ca.pem ldapmodify -x -H "ldaps://127.0.0.1:$ldap_port" -D "cn=admin,dc=example,dc=com" -w secret >/dev/null <<'LDIF'
dn: cn=team-07,ou=groups,dc=example,dc=com
changetype: modify
delete: member
member: uid=u023,ou=people,dc=example,dc=com
-
add: member
member: uid=u001,ou=people,dc=example,dc=com

dn: uid=u039,ou=people,dc=example,dc=com
changetype: modify
add: employeeType
employeeType: disabled
LDIF
}

digest() { "$bin/dirsyncd" --config "$work/dirsyncd.toml" plan --json | sed 's/.*"digest":"\([0-9a-f]*\)".*/\1/'; }

start_company() {
  awk -v out="$work" -f "$here/company.awk"
  certificates
  start_slapd
  start_simulator vault_sim "$work/vault.json" --profile pam-14.4
  vault_url=$url
  start_simulator console_sim "$work/console.json" --set-name doc-2.0.2
  console_url=$url
  configuration
}

# The service, with the page at that port of 127.0.0.1; sets $service_pid.
start_service() { # port
  sed -i "s|^state_dir = .*|&\nhttp_listen = \"127.0.0.1:$1\"|" "$work/dirsyncd.toml"
  printf '\n[schedule]\ninterval = "2s"\njitter = "0s"\n' >>"$work/dirsyncd.toml"
  "$bin/dirsyncd" --config "$work/dirsyncd.toml" run >"$work/service.log" 2>&1 &
  service_pid=$!
  pids+=("$service_pid")
  for _ in $(seq 200); do
    [ -S "$work/state/control.sock" ] && return
    kill -0 "$service_pid" 2>/dev/null || break
    sleep 0.05
  done
  echo "the service did not start: $(tail -n 5 "$work/service.log")" >&2
  exit 1
}
