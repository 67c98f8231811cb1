#include <gmock/gmock.h>

#include "tests/unit/include_rules/rules.hpp"

namespace dirsync::test {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sources const& the_sources() {
  static auto const read = read_sources(DIRSYNC_SOURCE_DIR);
  return read;
}

TEST(GivenTheSources, WhenCheckedThenEveryIncludeFollowsThePicture) {
  auto const& sources = the_sources();
  EXPECT_GT(sources.size(), 100U);
  EXPECT_THAT(violations(sources), IsEmpty());
}

TEST(GivenAText, WhenScannedThenOnlyIncludeLinesCount) {
  EXPECT_THAT(
      includes_of(
          "#pragma once\n# include <ldap.h>\n// #include <curl/curl.h>\n  #include \"a/b.hpp\"  // why\n"),
      ElementsAre("<ldap.h>", "\"a/b.hpp\""));
}

/// A deliberate violation, and a part of what is said about it.
struct Bad {
  char const* path;
  char const* include;
  char const* said;
};
void PrintTo(Bad const& bad, std::ostream* out) { *out << bad.path << " " << bad.include; }

class GivenABadInclude : public testing::TestWithParam<Bad> {};

TEST_P(GivenABadInclude, WhenCheckedThenItIsNamed) {
  auto const& bad = GetParam();
  auto sources = the_sources();
  sources[bad.path].push_back(bad.include);
  auto const found = violations(sources);
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found, testing::Contains(
                         testing::AllOf(HasSubstr(bad.path), HasSubstr(bad.include), HasSubstr(bad.said))));
}

INSTANTIATE_TEST_SUITE_P(
    AgainstThePicture, GivenABadInclude,
    testing::Values(
        Bad{"sync/model/bad.hpp", "\"sync/ports/clock.hpp\"", "no arrow from sync/model/ to sync/ports/"},
        Bad{"sync/plan/bad.cpp", "\"sync/ports/target.hpp\"", "no arrow from sync/plan/ to sync/ports/"},
        Bad{"sync/engine/bad.cpp", "\"sync/http/client.hpp\"", "no arrow from sync/engine/ to sync/http/"},
        Bad{"sync/engine/bad.cpp", "\"store/store.hpp\"", "no arrow from sync/engine/ to store/"},
        Bad{"sync/vault/bad.cpp", "\"sync/console/target.hpp\"", "no arrow"},
        Bad{"sync/http/bad.cpp", "\"sync/vault/settings.hpp\"", "no arrow"},
        Bad{"sync/http/bad.cpp", "\"sync/rest/path.hpp\"", "no arrow from sync/http/ to sync/rest/"},
        Bad{"sync/rest/bad.cpp", "\"sync/ports/target.hpp\"", "no arrow from sync/rest/ to sync/ports/"},
        Bad{"ldap/bad.cpp", "\"store/store.hpp\"", "no arrow"},
        Bad{"store/bad.cpp", "\"daemon/log.hpp\"", "no arrow from store/ to daemon/"},
        Bad{"daemon/bad.cpp", "\"tests/support/ldap/ldif.hpp\"", "not a path from the root"},
        Bad{"ldap/bad.cpp", "\"reader.hpp\"", "not a path from the root"}));

INSTANTIATE_TEST_SUITE_P(
    OfALibrary, GivenABadInclude,
    testing::Values(Bad{"daemon/bad.cpp", "<ldap.h>", "only ldap/"},
                    Bad{"sync/http/bad.cpp", "<ares.h>", "only ldap/"},
                    Bad{"sync/vault/bad.cpp", "<curl/curl.h>", "only sync/http/"},
                    Bad{"sync/engine/bad.cpp", "<SQLiteCpp/Database.h>", "only store/"},
                    Bad{"sync/http/bad.cpp", "<boost/beast/http.hpp>", "only daemon/control/"},
                    Bad{"daemon/bad.cpp", "<toml++/toml.h>", "only daemon/config/"},
                    Bad{"daemon/cli/bad.cpp", "<CLI/CLI.hpp>", "only daemon/cli/arguments.cpp"},
                    Bad{"sync/plan/bad.cpp", "<fstream>", "no sockets, files"},
                    Bad{"sync/model/bad.cpp", "<boost/asio/awaitable.hpp>", "no sockets, files"}));

TEST(GivenAHeaderThatShowsALibrary, WhenAnotherModuleIncludesItThenThatIsFound) {
  auto sources = the_sources();
  sources["daemon/bad.cpp"] = {"\"ldap/connect/handles.hpp\""};
  EXPECT_THAT(violations(sources),
              testing::Contains(testing::AllOf(HasSubstr("daemon/bad.cpp"), HasSubstr("<ldap.h>"))));
}

}  // namespace
}  // namespace dirsync::test
