#include "tests/support/ldap/tools.hpp"

#include <fstream>

#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {
namespace {

std::string run_tool(std::string const& tool, LdapLogin const& login, std::vector<std::string> const& more,
                     std::string const& input = {}) {
  TempFolder const folder;
  std::vector<std::string> words{tool, "-x", "-H", login.uri, "-D", login.dn, "-w", login.password};
  words.insert(words.end(), more.begin(), more.end());
  if (!input.empty()) {
    auto const file = folder.path() / "input.ldif";
    std::ofstream{file} << input;
    words.insert(words.end(), {"-f", file});
  }
  return output_of(words, folder.path(), {{"LDAPTLS_CACERT", login.ca_file}});
}

}  // namespace

void LdapTools::modify(std::string const& records) const { run_tool("ldapmodify", login_, {"-a"}, records); }

std::string LdapTools::ask(std::string const& base, std::string const& scope, std::string const& filter,
                           std::vector<std::string> const& attributes) const {
  std::vector<std::string> words{"-LLL", "-o", "ldif-wrap=no", "-b", base, "-s", scope, filter};
  words.insert(words.end(), attributes.begin(), attributes.end());
  return run_tool("ldapsearch", login_, words);
}

std::string LdapTools::search(std::string const& base, std::string const& filter,
                              std::vector<std::string> const& attributes) const {
  return ask(base, "sub", filter, attributes);
}

std::string LdapTools::root() const { return ask("", "base", "(objectClass=*)", {"*", "+"}); }

std::string LdapTools::value(std::string const& dn, std::string const& attribute) const {
  auto const entry = ask(dn, "base", "(objectClass=*)", {attribute});
  auto const start = entry.find("\n" + attribute + ":");
  if (start == std::string::npos) return {};
  auto const begin = entry.find(' ', start + 1) + 1;
  return entry.substr(begin, entry.find('\n', begin) - begin);
}

void LdapTools::bind_as(std::string const& dn, std::string const& password) const {
  LdapTools{{login_.uri, dn, password, login_.ca_file}}.ask("", "base", "(objectClass=*)", {"1.1"});
}

}  // namespace dirsync::test
