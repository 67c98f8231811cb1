#pragma once
#include <cstdio>
#include <string>
#include <vector>

namespace dirsync::test {

/// "00000000-0000-4000-8000-00000000002a" for 42.
inline std::string uuid(unsigned number) {
  char text[37];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012x", number);
  return text;
}

inline std::string base64(std::string const& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned bits = 0;
    for (std::size_t next = at; next < at + 3; ++next)
      bits = bits << 8 | (next < bytes.size() ? static_cast<unsigned char>(bytes[next]) : 0U);
    for (std::size_t digit = 0; digit < 4; ++digit)
      text.push_back(at + digit > bytes.size() ? '=' : kDigits[bits >> (18 - 6 * digit) & 63]);
  }
  return text;
}

/// Base64 (RFC 2849) keeps every byte as it is.
inline std::string ldif_line(std::string const& name, std::string const& value) {
  return name + ":: " + base64(value) + "\n";
}

/// The suffix, ou=people and ou=groups (RFC 2849).
inline std::string ldif_tree() {
  return "dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: "
         "example\n\n"
         "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: people\n\n"
         "dn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n\n";
}

inline std::string person_dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=example,dc=com"; }
inline std::string group_dn(std::string const& cn) { return "cn=" + cn + ",ou=groups,dc=example,dc=com"; }

inline std::string ldif_person(std::string const& uid, unsigned number, std::string const& dn = {}) {
  return "dn: " + (dn.empty() ? person_dn(uid) : dn) + "\nobjectClass: inetOrgPerson\nuid: " + uid +
         "\ncn: " + uid + "\nsn: " + uid + "\nmail: " + uid + "@example.com\nentryUUID: " + uuid(number) +
         "\n\n";
}

/// `members`: lines such as "member: ...".
inline std::string ldif_group(std::string const& cn, unsigned number, std::vector<std::string> const& members,
                              std::string const& object_class = "groupOfNames") {
  auto text = "dn: " + group_dn(cn) + "\nobjectClass: " + object_class + "\ncn: " + cn +
              "\nentryUUID: " + uuid(number) + "\n";
  if (object_class == "posixGroup") text += "gidNumber: " + std::to_string(number) + "\n";
  for (auto const& member : members) text += member + "\n";
  return text + "\n";
}

}  // namespace dirsync::test
