#pragma once
// Names, keys and bridges, each made once whatever the number of rules.
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "sync/model/policy.hpp"
#include "sync/plan/people/bridge.hpp"
#include "sync/plan/people/name_book.hpp"
#include "sync/plan/people/uid_book.hpp"

namespace dirsync::plan {

/// Owns what it gives out; the addresses stay when it is moved. The views must outlive it.
class Books {
 public:
  NameBook const* names(DirectoryView const& view, NameTemplate const& name);
  /// By PersonIndex. See people_who_fit().
  std::vector<bool> const* who_fit(DirectoryView const& view, Filter const& filter);
  UidBook const& uids(DirectoryView const& view);
  /// Null when the rule takes its people from the directory of its groups.
  Bridge const* bridge(Rule const& rule, DirectoryView const& groups, DirectoryView const& people);

 private:
  using OfDirectory = std::pair<std::string, std::string>;         // its name; template or filter
  using OfKey = std::tuple<std::string, std::string, Comparison>;  // directory, attribute, rule
  KeyBook const& keys(DirectoryView const& view, std::string const& attribute, Comparison rule);

  std::map<OfDirectory, std::unique_ptr<NameBook>> names_;
  std::map<OfDirectory, std::unique_ptr<std::vector<bool> const>> who_fit_;
  std::map<OfKey, std::unique_ptr<KeyBook>> keys_;
  std::map<std::string, std::unique_ptr<UidBook>> uids_;    // by directory
  std::map<std::string, std::unique_ptr<Bridge>> bridges_;  // by rule
};

}  // namespace dirsync::plan
