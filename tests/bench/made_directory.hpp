#pragma once
// Directories as companies have them, made from a number: equal numbers give equal directories.
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace dirsync::bench {

struct DirectorySize {
  unsigned people = 20'000, groups = 2'000;
  std::uint64_t memberships = 147'000;  // people who are named by a group itself
  unsigned seed = 1;
};

/// One group of everybody, a few of 20 % to 60 % of the people, most of 10 to 200 people, in no order. Of
/// each hundred groups four are a chain, three deep.
class MadeDirectory {
 public:
  struct Group {
    std::string cn;
    std::vector<unsigned> people;
    std::optional<unsigned> nested;  // number of the group that is a member
  };
  /// At least 10 people and 5 groups; of memberships there are at least as many as the widest groups have,
  /// and one for each other group. Throws std::invalid_argument.
  explicit MadeDirectory(DirectorySize size);

  DirectorySize const& size() const { return size_; }
  Group group(unsigned number) const;
  /// The member that group has not, and would have if it were one larger.
  unsigned next_member(unsigned number) const { return member(number, sizes_[number]); }
  /// For slapadd: the suffix dc=example,dc=com, ou=people and ou=groups included.
  void write_ldif(std::ostream& out) const;

 private:
  unsigned member(unsigned group, unsigned n) const;
  void choose_sizes();
  DirectorySize size_;
  std::vector<unsigned> sizes_, first_;  // by group: how many people, and the first of them
  unsigned step_ = 7919;                 // from one member to the next; shares no factor with the people
};

std::string person_uid(unsigned number);
std::string group_cn(unsigned number);

}  // namespace dirsync::bench
