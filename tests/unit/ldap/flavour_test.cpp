#include "ldap/flavour.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace dirsync::ldap {
namespace {

TEST(GivenAServersUri, WhenItsPortIsAGlobalCatalogsThenItIsKnownAsOne) {
  for (auto const* const uri : {"ldap://dc1:3268", "ldaps://dc1.example.com:3269", "ldap://dc1:3268/"})
    EXPECT_TRUE(is_global_catalog(uri)) << uri;
  for (auto const* const uri : {"ldap://dc1", "ldaps://dc1:636", "ldap://dc1:13268", "ldap://dc3268"})
    EXPECT_FALSE(is_global_catalog(uri)) << uri;
}

TEST(GivenEveryFlavour, WhenItsTraitsAreTakenThenItsIdIsAskedForEverywhere) {
  for (auto const flavour : {Flavour::openldap, Flavour::ds389, Flavour::active_directory}) {
    auto const& traits = traits_of(flavour);
    EXPECT_EQ(traits.flavour, flavour);
    for (auto const* const asked : {&traits.group_attributes, &traits.person_attributes}) {
      auto name = std::string{traits.id_attribute};
      for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      EXPECT_NE(std::ranges::find(*asked, name), asked->end()) << name;
    }
  }
}

}  // namespace
}  // namespace dirsync::ldap
