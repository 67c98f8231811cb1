#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/schema.hpp"

namespace dirsync::ldap {

/// By which other names of the configuration an attribute is looked for: it may say userid, or
/// 0.9.2342.19200300.100.1.1, where the server answers uid. One thread at a time; `schema` must outlive it.
class AskedNames {
 public:
  /// `asked`: in lower case, with options.
  AskedNames(Schema const& schema, std::vector<std::string> asked)
      : schema_(schema), asked_(std::move(asked)) {}
  /// `name`: as the server spells it.
  std::vector<std::string> const& others_of(std::string_view name);

 private:
  Schema const& schema_;
  std::vector<std::string> asked_;
  std::map<std::string, std::vector<std::string>, std::less<>> known_;
};

}  // namespace dirsync::ldap
