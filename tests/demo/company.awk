# A sample company: 200 people, 40 groups, nesting, one cycle, names that need escaping.
# Writes company.ldif, vault.json and console.json below the folder `out`.
BEGIN {
  split("Ada Björn Chloé Dmitri Elif Fatou Grace Hiro Ines José", first, " ")
  split("Archer|O'Brien|Müller|de la Cruz|Smith, Jr.|Nakamura|Öztürk|Kowalski|Lee+Park|Zimmer \"Zed\"", last, "|")
  people = 200
  ldif = out "/company.ldif"
  head()
  for (i = 1; i <= people; i++) person(i)
  for (i = 1; i <= 16; i++) team(i)
  split("unix-admins win-admins dba network cloud storage appsupport siem vpn k8s legacy auditors-eu", pam, " ")
  split("operators gateways sensors dashboards plant-north plant-south alerts firmware edge lab cameras meters", iot, " ")
  for (i = 1; i <= 12; i++) source("pam-" pam[i], i)
  for (i = 1; i <= 12; i++) source("iot-" iot[i], i + 5)
  vault()
  console()
}
function head() {
  print "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n" > ldif
  print "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n" > ldif
  print "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n" > ldif
}
function uid(i) { return sprintf("u%03d", i) }
function surname(i) { return last[(int(i / 10) % 10) + 1] }
function name(i) { return sprintf("%s %s %d", first[(i % 10) + 1], surname(i), i) }
# RFC 4514, 2.4
function escaped(text) { gsub(/[",+\\<>;]/, "\\\\&", text); return text }
# Every tenth person is named by cn, which then needs escaping.
function dn(i) { return (i % 10 ? "uid=" uid(i) : "cn=" escaped(name(i))) ",ou=people,dc=example,dc=com" }
function person(i) {
  printf "dn: %s\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: %s\nmail: %s@example.com\n\n", dn(i), uid(i), name(i), surname(i), uid(i) > ldif
}
function group_dn(cn) { return "cn=" cn ",ou=groups,dc=example,dc=com" }
# Teams of about 12 people; odd ones hold the next; 15 and 16 hold each other.
function team(k,   i) {
  printf "dn: %s\nobjectClass: groupOfNames\ncn: team-%02d\n", group_dn(sprintf("team-%02d", k)), k > ldif
  for (i = k; i <= people; i += 16) print "member: " dn(i) > ldif
  if (k % 2) print "member: " group_dn(sprintf("team-%02d", k + 1)) > ldif
  if (k == 16) print "member: " group_dn("team-15") > ldif
  print "" > ldif
}
function source(cn, k,   i) {
  printf "dn: %s\nobjectClass: groupOfNames\ncn: %s\n", group_dn(cn), cn > ldif
  print "member: " group_dn(sprintf("team-%02d", (k - 1) % 16 + 1)) > ldif
  for (i = 1; i <= 3; i++) print "member: " dn((k * 37 + i * 53) % people + 1) > ldif
  print "" > ldif
}
function quoted(text) { gsub(/\\/, "&&", text); gsub(/"/, "\\\\\"", text); return "\"" text "\"" }
# The Vault knows 60 of the people already and can provision the others from the directory.
function vault(   i, file) {
  file = out "/vault.json"
  print "{\"users\": [" > file
  print " {\"id\": 2, \"username\": \"Administrator\", \"userType\": \"Built-InAdmins\", \"vaultAuthorization\": [\"AddUpdateUsers\", \"AuditUsers\"]}," > file
  print " {\"id\": 26, \"username\": \"svc-dirsync\", \"password\": \"Sync.Pass.1\", \"vaultAuthorization\": [\"AuditUsers\", \"AddUpdateUsers\"]}," > file
  print " {\"id\": 28, \"username\": \"local.operator\"}" > file
  for (i = 1; i <= 60; i++) printf ",{\"id\": %d, \"username\": \"%s\", \"source\": \"LDAP\", \"userDN\": %s}\n", 1000 + i, uid(i), quoted(dn(i)) > file
  print "], \"groups\": [{\"id\": 11, \"groupName\": \"Vault Admins\", \"location\": \"\\\\System\", \"members\": [2]}]," > file
  print "\"directories\": [{\"DomainName\": \"example.com\", \"DomainBaseContext\": \"dc=example,dc=com\", \"naming\": \"plain\", \"mappings\": [{\"MappingID\": 29, \"MappingName\": \"all\", \"LDAPBranch\": \"dc=example,dc=com\", \"DomainGroups\": [], \"VaultGroups\": []}], \"users\": [" > file
  for (i = 1; i <= people; i++) printf "%s{\"sAMAccountName\": \"%s\", \"userPrincipalName\": \"%s@example.com\", \"dn\": %s}\n", (i > 1 ? "," : ""), uid(i), uid(i), quoted(dn(i)) > file
  print "]}]}" > file
}
# 150 people have logged in to the console at least once.
function console(   i, file) {
  file = out "/console.json"
  print "{\"base\": \"seed\", \"users\": [" > file
  for (i = 1; i <= 150; i++) printf "%s{\"userName\": \"%s@example.com\", \"displayName\": %s, \"email\": \"%s@example.com\"}\n", (i > 1 ? "," : ""), uid(i), quoted(name(i)), uid(i) > file
  print "]}" > file
}
