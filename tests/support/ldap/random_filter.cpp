#include "tests/support/ldap/random_filter.hpp"

#include <algorithm>
#include <cstdio>

#include "sync/model/text.hpp"
#include "tests/support/ldap/ldif.hpp"

namespace dirsync::test {
namespace {

std::string escaped(std::string const& value) {
  std::string text;
  for (auto const c : value) {
    if (std::string_view{"()*\\"}.find(c) == std::string_view::npos &&
        static_cast<unsigned char>(c) >= 0x20) {
      text.push_back(c);
      continue;
    }
    char hex[4];
    std::snprintf(hex, sizeof hex, "\\%02x", static_cast<unsigned char>(c));
    text += hex;
  }
  return text;
}

}  // namespace

std::string RandomFilters::ldif_lines() {
  std::string lines;
  for (auto const& attribute : attributes_) {
    if (attribute.values.empty() || dice(3) == 0) continue;
    std::set<std::string> values{one_of(attribute.values)};
    if (attribute.values.size() > 3 && dice(4) == 0) values.insert(one_of(attribute.values));
    for (auto const& value : values) lines += ldif_line(attribute.name, value);
  }
  return lines;
}

std::set<std::string> RandomFilters::names() const {
  std::set<std::string> names{"objectclass"};
  for (auto const& attribute : attributes_) {
    names.insert(ascii_lower(attribute.name));
    for (auto const& name : attribute.asked_as) names.insert(ascii_lower(name));
  }
  return names;
}

std::string RandomFilters::filter(int depth) {
  auto const kind = depth == 0 ? 9 : dice(10);
  if (kind < 3) return "(!" + filter(depth - 1) + ")";
  if (kind > 5) return leaf();
  std::string text = kind == 3 ? "(|" : "(&";
  for (auto parts = 1 + dice(3); parts > 0; --parts) text += filter(depth - 1);
  return text + ")";
}

std::string RandomFilters::assertion(RandomAttribute const& attribute) {
  auto const is_own = !attribute.values.empty() && (attribute.assertions.empty() || dice(5) < 3);
  auto value = is_own ? one_of(attribute.values) : one_of(attribute.assertions);
  switch (dice(6)) {
    case 0:
      return upper_case(value);
    case 1:
      return "  " + value + " ";
    case 2:
      if (auto const space = value.find(' '); space != std::string::npos) value.insert(space, "  ");
      return value;
    default:
      return value;
  }
}

std::string RandomFilters::leaf() {
  auto const& attribute = one_of(attributes_);
  auto const named = attribute.asked_as.empty() || dice(2) == 0;
  auto name = named ? attribute.name : one_of(attribute.asked_as);
  if (dice(4) == 0) name = upper_case(name);
  auto const value = assertion(attribute);
  switch (dice(10)) {
    case 0:
      return "(" + name + "=*)";
    case 1:
      return "(" + name + ">=" + escaped(value) + ")";
    case 2:
      return "(" + name + "<=" + escaped(value) + ")";
    case 3:
    case 4: {
      auto const cut = dice(value.size() + 1), end = cut + dice(value.size() - cut + 1);
      auto const first = value.substr(0, cut), rest = value.substr(end);
      auto const inner = dice(3) == 0 && end > cut ? escaped(value.substr(cut, end - cut)) + "*" : "";
      return "(" + name + "=" + escaped(first) + "*" + inner + escaped(rest) + ")";
    }
    case 5:
      if (attribute.rules.empty()) break;
      return "(" + name + ":" + one_of(attribute.rules) + "=" + escaped(value) + ")";
    default:
      break;
  }
  return "(" + name + "=" + escaped(value) + ")";
}

}  // namespace dirsync::test
