#pragma once
// Filters that dirsyncd evaluates, beside the server's own answers.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "ldap/search/search.hpp"
#include "sync/model/bound_filter.hpp"
#include "sync/model/snapshot.hpp"
#include "tests/support/ldap/random_filter.hpp"

namespace dirsync::ldap {

/// What the server finds among the people of `settings`.
inline std::set<std::string> found_by_the_server(Connection& connection, Settings const& settings,
                                                 std::string const& filter) {
  std::set<std::string> found;
  Search const search{.what = "search of a test",
                      .base = settings.users.base,
                      .scope = Scope::one,
                      .filter = filter,
                      .attributes = {"1.1"}};
  auto const read = search_all(connection, search, {}, [&found](EntryReader& entry) {
    found.emplace(entry.dn());
    return Result<void>{};
  });
  EXPECT_TRUE(read) << filter << ": " << text(read.error());
  return found;
}

inline std::set<std::string> found_here(Snapshot const& snapshot, BoundFilter& filter) {
  std::set<std::string> found;
  for (auto const& person : snapshot.people())
    if (filter.matches(person.attributes)) found.emplace(person.dn);
  return found;
}

struct Answers {
  unsigned same = 0, refused = 0, matching = 0;
  std::map<std::string, unsigned> reasons{};  // of refusals
};

/// Each of `count` random filters is answered here as by the server, or refused here.
inline Answers expect_the_same_answers(Settings const& settings, Snapshot const& snapshot,
                                       test::RandomFilters& filters, unsigned count) {
  Answers answers;
  Stop stop;
  auto connection = Connection::open(settings, stop);
  if (!connection) throw std::runtime_error{text(connection.error())};
  for (unsigned n = 0; n < count; ++n) {
    auto const written = filters.filter();
    auto const filter = Filter::parse(written);
    auto bound = filter ? BoundFilter::bind(*filter, snapshot.schema()) : Result<BoundFilter>{filter.error()};
    if (!bound) {
      ++answers.refused;
      auto const& why = bound.error().context;
      auto const at = why.rfind(": ");
      ++answers.reasons[at == std::string::npos ? why : why.substr(at + 2)];
      continue;
    }
    auto const here = found_here(snapshot, *bound);
    EXPECT_EQ(here, found_by_the_server(*connection, settings, written)) << written;
    ++answers.same;
    answers.matching += here.empty() ? 0 : 1;
    auto const& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    if (result.total_part_count() > 10) break;
  }
  return answers;
}

}  // namespace dirsync::ldap
