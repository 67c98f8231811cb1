#include "tests/bench/made_directory.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <random>
#include <stdexcept>

#include "tests/support/ldap/ldif.hpp"

namespace dirsync::bench {
namespace {

constexpr unsigned kSmallest = 10,
                   kLargest = 200;  // people in most groups, before they are fitted to the sum
constexpr unsigned kWide = 3;       // groups of 20 % to 60 %, at most; one for each hundred groups
constexpr unsigned kChains = 100, kChainLinks = 3;  // in each so many groups so many hold the next one
constexpr unsigned kFirstGroupUuid = 10'000'000;

/// The same on every machine, unlike the library's distributions. In [0, 1).
double fraction(std::mt19937& random) { return static_cast<double>(random()) / 4294967296.0; }

}  // namespace

std::string person_uid(unsigned number) { return "p" + std::to_string(number); }
std::string group_cn(unsigned number) { return "pam-" + std::to_string(number); }

MadeDirectory::MadeDirectory(DirectorySize size) : size_(size) {
  if (size.people < 10 || size.groups < 5)
    throw std::invalid_argument{"a directory has 10 people and 5 groups"};
  while (std::gcd(step_, size.people) != 1) step_ += 2;
  choose_sizes();
}

void MadeDirectory::choose_sizes() {
  std::mt19937 random{size_.seed};
  auto const people = static_cast<double>(size_.people);
  std::uint64_t given = 0;
  std::vector<double> wishes;
  auto const wide = std::clamp(size_.groups / 100, 1U, kWide);
  for (unsigned group = 0; group < size_.groups; ++group) {
    first_.push_back(static_cast<unsigned>(fraction(random) * people));
    if (group <= wide) {
      sizes_.push_back(group == 0 ? size_.people
                                  : static_cast<unsigned>((0.2 + 0.4 * fraction(random)) * people));
      given += sizes_.back();
    } else {
      wishes.push_back(kSmallest * std::pow(double{kLargest} / kSmallest, fraction(random)));
    }
  }
  if (size_.memberships < given + wishes.size())
    throw std::invalid_argument{"so many people and groups need at least " +
                                std::to_string(given + wishes.size()) + " memberships"};
  // What is rounded off goes to the groups that follow, so that the sum is as asked for.
  auto left = static_cast<double>(size_.memberships - given);
  auto wished = std::accumulate(wishes.begin(), wishes.end(), 0.0);
  for (auto const wish : wishes) {
    auto const fitted = std::clamp(std::round(wish * left / wished), 1.0, people - 1);
    sizes_.push_back(static_cast<unsigned>(fitted));
    left -= fitted;
    wished -= wish;
  }
  if (std::llround(left) != 0)
    throw std::invalid_argument{
        "so many memberships do not go into groups of so few people, or too few into so many"};
}

unsigned MadeDirectory::member(unsigned group, unsigned n) const {
  return static_cast<unsigned>((first_[group] + std::uint64_t{n} * step_) % size_.people);
}

MadeDirectory::Group MadeDirectory::group(unsigned number) const {
  Group group{.cn = group_cn(number), .people = {}, .nested = std::nullopt};
  for (unsigned n = 0; n < sizes_[number]; ++n) group.people.push_back(member(number, n));
  // Those of the first hundred begin behind the wide groups.
  auto const link = number % kChains;
  if (link >= kWide + 1 && link < kWide + 1 + kChainLinks && number + 1 < size_.groups)
    group.nested = number + 1;
  return group;
}

void MadeDirectory::write_ldif(std::ostream& out) const {
  out << test::ldif_tree();
  for (unsigned person = 0; person < size_.people; ++person)
    out << test::ldif_person(person_uid(person), person);
  for (unsigned number = 0; number < size_.groups; ++number) {
    auto const made = group(number);
    std::vector<std::string> members;
    for (auto const person : made.people) members.push_back("member: " + test::person_dn(person_uid(person)));
    if (made.nested) members.push_back("member: " + test::group_dn(group_cn(*made.nested)));
    out << test::ldif_group(made.cn, kFirstGroupUuid + number, members);
  }
}

}  // namespace dirsync::bench
