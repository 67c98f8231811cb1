#include "ldap/search/filter_template.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {

std::string filter_template(std::string_view filter) {
  std::string shown;
  while (!filter.empty()) {
    // RFC 4515, 3: "=" ends the attribute and the kind of test; within a value ")" is written "\29".
    auto const equals = filter.find('=');
    shown += filter.substr(0, equals);
    if (equals == std::string_view::npos) break;
    auto const attribute = filter.substr(0, equals).substr(filter.substr(0, equals).rfind('(') + 1);
    auto const end = filter.find(')', equals);
    auto const value = filter.substr(equals + 1, end == std::string_view::npos ? end : end - equals - 1);
    shown += '=';
    shown += value == "*" || ascii_iequal(attribute, "objectClass") ? value : "?";
    filter.remove_prefix(end == std::string_view::npos ? filter.size() : end);
  }
  return shown;
}

}  // namespace dirsync::ldap
