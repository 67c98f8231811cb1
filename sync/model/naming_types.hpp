#pragma once
// How the values of an RDN compare, by the name of their type.
#include <string>
#include <string_view>
#include <unordered_map>

#include "sync/model/matching_rules.hpp"
#include "sync/model/schema.hpp"

namespace dirsync {

struct NamingType {
  std::string key;  // the type in normalized DNs
  Comparison comparison = Comparison::case_ignore;
  bool differs = false;  // from what every directory has of the name
};

/// Constant once made; any thread.
struct NamingTypes {
  explicit NamingTypes(Schema const& schema);
  /// `name`: of a type, or an OID, in any case and without "OID."; null: nothing is known of it.
  NamingType const* find(std::string_view name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(std::string_view left, std::string_view right) const { return left == right; }
  };
  std::unordered_map<std::string, NamingType, Hash, Equal> by_name_;
};

/// Those of the built-in schema.
NamingTypes const& common_naming_types();

}  // namespace dirsync
