// A whole read and resolve against a real slapd, beside a bare libldap loop that only counts values and a
// script with python3-ldap that resolves direct members. Each measurement is a process of its own, so that
// its peak memory is its own.
//   bench_directory [people] [groups] [memberships] [rounds]      groups: at least 1,100
#include <ldap.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ldap/directory.hpp"
#include "sync/plan/desired/flatten.hpp"
#include "tests/bench/measured.hpp"
#include "tests/support/ldap/ldif.hpp"
#include "tests/support/ldap/slapd.hpp"

namespace dirsync {
namespace {

constexpr char kPeople[] = "ou=people,dc=example,dc=com", kGroups[] = "ou=groups,dc=example,dc=com";
constexpr char kGroupFilter[] =
    "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";
constexpr char kPeopleFilter[] = "(objectClass=inetOrgPerson)";
constexpr int kPageSize = 1000;

struct Size {
  unsigned people, groups, memberships;
};

std::string group_name(unsigned n) { return "group" + std::to_string(n); }

/// The hard shapes of a big directory, in its first groups: everybody in one group, a chain of nested groups,
/// a ring of them.
struct Shape {
  unsigned everybody = 0, chain = 1, chain_end = 51, ring = 100, ring_end = 1100;
  std::optional<unsigned> nested_in(unsigned n) const {
    if (n >= chain && n + 1 < chain_end) return n + 1;
    if (n >= ring && n < ring_end) return n + 1 < ring_end ? n + 1 : ring;
    return std::nullopt;
  }
};

std::string generate(Size size) {
  auto ldif = test::ldif_tree();
  for (unsigned n = 0; n < size.people; ++n) ldif += test::ldif_person("user" + std::to_string(n), n);
  std::minstd_rand random{1};
  Shape const shape;
  auto const rest = static_cast<std::uint64_t>(size.memberships - size.people);
  for (unsigned n = 0; n < size.groups; ++n) {
    // Neighbouring groups get different sizes, the sum is as asked for.
    auto const from = n == shape.everybody ? 0 : rest * (n - 1) / (size.groups - 1);
    auto const to = n == shape.everybody ? size.people : rest * n / (size.groups - 1);
    auto const start = random() % size.people;
    std::vector<std::string> members;
    for (auto m = from; m < to; ++m)
      members.push_back("member: " +
                        test::person_dn("user" + std::to_string((start + (m - from) * 7) % size.people)));
    if (auto const nested = shape.nested_in(n))
      members.push_back("member: " + test::group_dn(group_name(*nested)));
    ldif += test::ldif_group(group_name(n), 10'000'000 + n, members);
  }
  return ldif;
}

std::uint64_t count_values(LDAP* handle, LDAPMessage* message) {
  std::uint64_t count = 0;
  BerElement* ber = nullptr;
  berval dn{}, name{}, *values = nullptr;
  ldap_get_dn_ber(handle, message, &ber, &dn);
  while (ldap_get_attribute_ber(handle, message, ber, &name, &values) == LDAP_SUCCESS &&
         name.bv_val != nullptr) {
    for (auto const* value = values; value != nullptr && value->bv_val != nullptr; ++value) ++count;
    ber_memfree(values);
  }
  ber_free(ber, 0);
  return count;
}

std::uint64_t bare_search(LDAP* handle, char const* base, char const* filter,
                          std::vector<char const*> attributes) {
  attributes.push_back(nullptr);
  std::uint64_t count = 0;
  berval cookie{0, nullptr};
  do {
    LDAPControl* paging = nullptr;
    ldap_create_page_control(handle, kPageSize, &cookie, 1, &paging);
    LDAPControl* controls[] = {paging, nullptr};
    int id = 0;
    ldap_search_ext(handle, base, LDAP_SCOPE_SUBTREE, filter, const_cast<char**>(attributes.data()), 0,
                    controls, nullptr, nullptr, LDAP_NO_LIMIT, &id);
    ldap_control_free(paging);
    ber_memfree(cookie.bv_val);
    cookie = {0, nullptr};
    for (auto done = false; !done;) {
      LDAPMessage* message = nullptr;
      auto const type = ldap_result(handle, id, LDAP_MSG_ONE, nullptr, &message);
      if (type == LDAP_RES_SEARCH_ENTRY) count += count_values(handle, message);
      if (type == LDAP_RES_SEARCH_RESULT) {
        LDAPControl** answers = nullptr;
        int result = LDAP_OTHER;
        ldap_parse_result(handle, message, &result, nullptr, nullptr, nullptr, &answers, 0);
        if (result != LDAP_SUCCESS) std::exit(1);
        ber_int_t estimate = 0;
        ldap_parse_pageresponse_control(
            handle, ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, answers, nullptr), &estimate, &cookie);
        ldap_controls_free(answers);
      }
      done = type != LDAP_RES_SEARCH_ENTRY;
      ldap_msgfree(message);
    }
  } while (cookie.bv_len != 0);
  ber_memfree(cookie.bv_val);
  return count;
}

std::uint64_t bare(char const* uri) {
  LDAP* handle = nullptr;
  ldap_initialize(&handle, uri);
  int const version = LDAP_VERSION3;
  ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
  auto count = bare_search(handle, kGroups, kGroupFilter,
                           {"cn", "entryuuid", "member", "memberuid", "objectclass", "uniquemember"});
  count += bare_search(handle, kPeople, kPeopleFilter, {"entryuuid", "mail", "uid"});
  auto const of_rule = std::string{"(&"} + kGroupFilter + "(cn=*))";
  count += bare_search(handle, kGroups, of_rule.c_str(), {"entryuuid"});
  ldap_unbind_ext_s(handle, nullptr, nullptr);
  return count;
}

boost::asio::awaitable<void> read(ldap::LdapDirectory& directory, DirectoryQuery query,
                                  std::uint64_t& count) {
  auto const snapshot = co_await directory.read(std::move(query));
  if (!snapshot) {
    std::fprintf(stderr, "%s\n", text(snapshot.error()).c_str());
    std::exit(1);
  }
  for (std::uint32_t group = 0; group < snapshot->groups().size(); ++group)
    count += snapshot->members(group).people.size();
  plan::Flattener flattener{*snapshot};
  for (auto const top : {Shape{}.everybody, Shape{}.chain, Shape{}.ring}) {
    auto const group = snapshot->group_by_dn(test::group_dn(group_name(top)));
    if (!group || flattener.flatten(*group, {}).people.empty()) std::exit(1);
  }
}

std::uint64_t ours(char const* uri, int connections) {
  ldap::Settings settings;
  settings.name = "bench";
  settings.uris = {uri};
  settings.base = "dc=example,dc=com";
  settings.users = {kPeople, kPeopleFilter};
  settings.groups = {kGroups, ""};
  settings.page_size = kPageSize;
  settings.connections = connections;
  ldap::LdapDirectory directory{settings};
  DirectoryQuery query;
  query.rules.push_back({"all", GroupQuery::Matching{"(cn=*)"}});
  query.person_attributes = {"mail"};
  query.group_attributes = {"cn"};
  boost::asio::io_context io;
  std::uint64_t count = 0;
  boost::asio::co_spawn(io, read(directory, std::move(query), count), boost::asio::detached);
  io.run();
  return count;
}

int compare(std::string const& program, Size size, int rounds) {
  // Its change number lets us read over two connections.
  test::Slapd const slapd{{.ldif = generate(size),
                           .global_lines = {"moduleload syncprov"},
                           .database_lines = {"overlay syncprov"}}};
  auto const uri = slapd.uri();
  std::vector<std::pair<std::string, std::string>> const kinds{
      {"bare", program + " --measure bare"},
      {"ours", program + " --measure ours"},
      {"ours, one connection", program + " --measure one"},
      {"python3-ldap", "/usr/bin/python3 " DIRSYNC_SOURCE_DIR "/tests/bench/read_with_python_ldap.py"}};
  std::map<std::string, std::vector<bench::Measurement>> runs;
  bench::measure(kinds.front().second + " " + uri);  // warms slapd's caches
  for (int n = 0; n < rounds; ++n)
    for (auto const& [kind, command] : kinds) runs[kind].push_back(bench::measure(command + " " + uri));
  std::printf("%u people, %u groups, %u memberships, medians of %d\n", size.people, size.groups,
              size.memberships, rounds);
  std::map<std::string, bench::Measurement> medians;
  for (auto const& [kind, command] : kinds)
    bench::print(kind.c_str(), medians[kind] = bench::median(runs[kind]));
  auto const ours = medians["ours"].seconds;
  std::printf("ours / bare %.2f (budget 1.30), python3-ldap / ours %.1f (budget 2.5)\n",
              ours / medians["bare"].seconds, medians["python3-ldap"].seconds / ours);
  return 0;
}

}  // namespace
}  // namespace dirsync

int main(int count, char** words) {
  std::vector<std::string> const given(words, words + count);
  if (count == 4 && given[1] == "--measure")
    return dirsync::bench::print_measured([&given] {
      auto const* const uri = given[3].c_str();
      return given[2] == "bare" ? dirsync::bare(uri) : dirsync::ours(uri, given[2] == "ours" ? 2 : 1);
    });
  auto const number = [&given](std::size_t at, unsigned otherwise) {
    return at < given.size() ? static_cast<unsigned>(std::stoul(given[at])) : otherwise;
  };
  dirsync::Size const size{number(1, 100'000), number(2, 10'000), number(3, 1'000'000)};
  return dirsync::compare(given[0], size, static_cast<int>(number(4, 5)));
}
