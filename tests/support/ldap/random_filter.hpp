#pragma once
// Filters over the same attributes that random people have.
#include <random>
#include <set>
#include <string>
#include <vector>

namespace dirsync::test {

/// An attribute of random people.
struct RandomAttribute {
  std::string name;                     // in entries, with options
  std::vector<std::string> values;      // that an entry may have
  std::vector<std::string> asked_as;    // in filters beside `name`: other names, OIDs, options, super types
  std::vector<std::string> assertions;  // in filters beside `values`; not all are valid
  std::vector<std::string> rules = {};  // of extensible tests, "" for none
};

class RandomFilters {
 public:
  RandomFilters(unsigned seed, std::vector<RandomAttribute> attributes)
      : random_(seed), attributes_(std::move(attributes)) {}

  /// Lines of an entry: each attribute in two of three entries, with one or two values.
  std::string ldif_lines();
  /// RFC 4515.
  std::string filter() { return filter(3); }
  /// All names that filters ask for, in lower case.
  std::set<std::string> names() const;

 private:
  std::size_t dice(std::size_t sides) {
    return std::uniform_int_distribution<std::size_t>{0, sides - 1}(random_);
  }
  template <class T>
  T const& one_of(std::vector<T> const& list) {
    return list[dice(list.size())];
  }
  std::string filter(int depth);
  std::string leaf();
  std::string assertion(RandomAttribute const& attribute);

  std::mt19937 random_;
  std::vector<RandomAttribute> attributes_;
};

}  // namespace dirsync::test
