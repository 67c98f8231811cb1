#pragma once
// Directories made from a number, with names written in every way that comes to mind.
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dirsync::test {

/// A DN as values without any escape; type names in lower case.
struct PlainDn {
  using Name = std::vector<std::pair<std::string, std::string>>;  // a relative name: type and value
  std::vector<Name> names;                                        // the leaf first
};

/// As RFC 4514 says, as short as can be.
std::string written(PlainDn const& dn);
/// The same name in some other spelling: case, spaces, escapes, other type names, order within a name.
std::string respelt(PlainDn const& dn, std::mt19937& random);

/// People, groups of three kinds, and who is in them. Who is meant stands here as a number, so that what
/// must come out follows without reading a single DN.
class RandomDirectory {
 public:
  struct Person {
    PlainDn dn;
    std::string uid;  // now and then that of another person, too
  };
  enum class Kind { names, unique_names, posix };
  struct Member {
    enum class Is { person, group, nobody } is;
    std::size_t number = 0;  // of the person or group
    std::string value;       // as it stands in the group
  };
  struct Group {
    PlainDn dn;
    Kind kind = Kind::names;
    std::vector<Member> members;
  };

  /// `base`: where ou=people and ou=groups are. `wild`: with values that a server would not take, such as
  /// the same twice or one that is no DN.
  RandomDirectory(unsigned seed, PlainDn base, bool wild);

  std::vector<Person> people;
  std::vector<Group> groups;

  // The reference: plain recursion over the numbers.
  std::set<std::size_t> people_in(std::size_t group) const { return named(group, Member::Is::person); }
  std::set<std::size_t> groups_in(std::size_t group) const { return named(group, Member::Is::group); }
  /// People in it and in groups below, at most `depth` of them deep (below 0: any); `excluded` not entered.
  std::set<std::size_t> everybody_in(std::size_t group, int depth,
                                     std::set<std::size_t> const& excluded = {}) const;

  /// For slapadd, containers first; ids are uuid(first_id + n), people before groups.
  std::string ldif(unsigned first_id) const;
  std::string people_base() const { return written(below("people", {})); }
  std::string groups_base() const { return written(below("groups", {})); }

 private:
  PlainDn below(char const* ou, PlainDn::Name name) const;
  PlainDn::Name odd_name(std::string const& second_type, std::string const& second_value, std::size_t number);
  void fill(Group& group, bool wild);
  Member member_of(Kind kind, bool wild);
  std::set<std::size_t> named(std::size_t group, Member::Is is) const;
  void enter(std::size_t group, int depth, std::set<std::size_t>& seen, std::set<std::size_t>& found) const;
  std::size_t any(std::size_t most) { return random_() % most; }  // below `most`
  bool one_in(std::size_t chances) { return any(chances) == 0; }

  std::mt19937 random_;
  PlainDn base_;
};

}  // namespace dirsync::test
