#pragma once
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/system/world.hpp"

namespace dirsync::test {

/// A company, and what `dirsyncd doctor` says of it.
class GivenACompanyToLookAt : public World {
 protected:
  GivenACompanyToLookAt() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  /// `doctor --json WORDS...`, which must end with `exit`; its checks.
  std::vector<boost::json::object> checks(int exit, std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"doctor", "--json"});
    auto const finished = run(std::move(words));
    EXPECT_EQ(finished.exit, exit) << finished.out << finished.err;
    expect_no_secret(finished);
    std::vector<boost::json::object> list;
    auto const answer = document(finished);
    for (auto const& check : answer.at("checks").as_array()) list.push_back(check.as_object());
    for (auto const& check : list)
      if (text_at(check, "state") == "fail" || text_at(check, "state") == "warn") {
        EXPECT_NE(text_at(check, "remedy"), "") << boost::json::serialize(check);
      }
    return list;
  }
  static void expect_no_secret(Finished const& finished) {
    for (auto const* secret : {kReaderPassword, kVaultPassword, kConsolePassword}) {
      EXPECT_THAT(finished.out, testing::Not(testing::HasSubstr(secret)));
      EXPECT_THAT(finished.err, testing::Not(testing::HasSubstr(secret)));
    }
  }
  /// Those in that state, as "SIDE ID".
  static std::set<std::string> in_state(std::vector<boost::json::object> const& checks,
                                        std::string const& state) {
    std::set<std::string> names;
    for (auto const& check : checks)
      if (text_at(check, "state") == state) names.insert(text_at(check, "side") + " " + text_at(check, "id"));
    return names;
  }
  /// The failed check of that side and id; a test failure when there is none.
  static boost::json::object failed(std::vector<boost::json::object> const& checks, std::string const& side,
                                    std::string const& id) {
    for (auto const& check : checks)
      if (text_at(check, "side") == side && text_at(check, "id") == id && text_at(check, "state") == "fail")
        return check;
    ADD_FAILURE() << side << " " << id
                  << " did not fail; failed: " << testing::PrintToString(in_state(checks, "fail"));
    return {};
  }
  /// What a person's shell makes of a line.
  Finished shell(std::string const& line) {
    return Process{{"/bin/sh", "-c", line}, folder_.path(), "shell"}.wait();
  }
  void reconfigure_slapd() { slapd_->reconfigure(slapd_options_); }
  /// Writes `content` as the secret of the directory.
  void set_directory_password(std::string const& content) const {
    std::ofstream{configuration.ldap_password_file} << content << "\n";
  }
  std::string database_text() const {
    std::ifstream file{database(), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
};

}  // namespace dirsync::test
