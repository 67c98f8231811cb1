#pragma once
#include <gtest/gtest.h>

#include <string>

#include "ldap/survey/survey.hpp"
#include "tests/integration/directories/fixture.hpp"

namespace dirsync::ldap {

/// An area of a real server, with two people and a group in another, to be surveyed as if nothing of it were
/// known. `Server`: see ServerFixture.
template <class Server>
struct SurveyFixture : ServerFixture<Server> {
  using Real = ServerFixture<Server>;
  static constexpr char kArea[] = "surveyed";

  /// `lines_of_bob`: more of that entry.
  static void fill_area(std::string const& lines_of_bob = {}) {
    Real::tools().modify(Real::area_ldif(kArea) + Real::person_ldif(kArea, "ann") +
                         Real::person_ldif(kArea, "bob", lines_of_bob) +
                         Real::group_ldif(kArea, "staff", {Real::person_dn(kArea, "ann")}) +
                         Real::group_ldif(kArea, "all", {Real::group_dn(kArea, "staff")}));
  }
  static Survey must_survey(Settings const& settings) {
    Stop stop;
    auto seen = survey(settings, stop);
    EXPECT_TRUE(seen) << (seen ? "" : text(seen.error()));
    return seen ? *std::move(seen) : Survey{};
  }
  /// Only the base is known.
  static Settings unknown(std::string const& base) {
    auto known = Real::settings(kArea);
    known.base = base;
    known.users = known.groups = {};
    return known;
  }
};

}  // namespace dirsync::ldap
