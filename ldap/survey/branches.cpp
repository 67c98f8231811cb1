#include "ldap/survey/branches.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// "ou=people" of "ou=People,dc=x" gives "people".
std::string first_value(std::string_view dn) {
  auto const begin = dn.find('=');
  if (begin == dn.npos) return {};
  auto const parent = container_in(dn);
  auto const rdn = parent.empty() ? dn : dn.substr(0, dn.size() - parent.size());
  auto value = trimmed(rdn.substr(begin + 1));
  if (value.ends_with(',')) value.remove_suffix(1);
  return ascii_lower(trimmed(value));
}

bool bears_one_of(std::span<std::string_view const> names, std::string_view dn) {
  return std::ranges::find(names, first_value(dn)) != names.end();
}

}  // namespace

std::string_view container_in(std::string_view dn) {
  for (std::size_t at = 0; at < dn.size(); ++at) {
    if (dn[at] == '\\') {
      ++at;
    } else if (dn[at] == ',') {
      return trimmed(dn.substr(at + 1));
    }
  }
  return {};
}

Branches::Branches(std::string const& context)
    : context_(context), root_(normalized_dn(context).value_or("")) {
  all_[root_].spelled = context_;
}

void Branches::add(std::string_view dn) {
  auto const normalized = normalized_dn(dn);
  if (!normalized || *normalized == root_ || !is_below(*normalized, root_)) return;
  std::string_view key = *normalized;
  auto spelled = dn;
  while (key != root_) {
    auto const parent = parent_of(key);
    if (!parent) return;
    key = *parent;
    spelled = container_in(spelled);
    auto& container = all_[std::string{key}];
    ++container.entries;
    if (key == root_) break;
    if (container.spelled.empty()) {
      container.spelled = spelled;
      container.parent = parent_of(key).value_or("");
    }
  }
}

std::string const* Branches::busiest_child(std::string const& key,
                                           std::span<std::string_view const> names) const {
  std::string const* best = nullptr;
  auto const total = all_.at(key).entries;
  for (auto const& [child, container] : all_) {
    if (child == root_ || container.parent != key) continue;
    auto const has_half = container.entries * 2 >= total;
    auto const fits = container.entries == total || (has_half && bears_one_of(names, container.spelled));
    if (fits && (best == nullptr || container.entries > all_.at(*best).entries)) best = &child;
  }
  return best;
}

Branches::Chosen Branches::choose(std::span<std::string_view const> names) const {
  auto const* key = &root_;
  while (all_.at(*key).entries > 0 && (key == &root_ || !bears_one_of(names, all_.at(*key).spelled))) {
    auto const* const child = busiest_child(*key, names);
    if (child == nullptr) break;
    key = child;
  }
  auto const& chosen = all_.at(*key);
  return {chosen.spelled, chosen.entries, all_.at(root_).entries - chosen.entries};
}

}  // namespace dirsync::ldap
