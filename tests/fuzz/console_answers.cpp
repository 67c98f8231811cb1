// Everything that a console may answer.
#include "sync/console/api/answers.hpp"

#include <string>

#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

using namespace console;

/// Space around a document means nothing.
template <class Parse>
void try_out(Parse const& parse, std::string const& body) {
  auto const here = parse(body);
  auto const there = parse(" " + body + "\n");
  require(here.has_value() == there.has_value());
  if (here.has_error()) require(text(here.error()) == text(there.error()));
}

bool can_be_told(Member const& member) { return !member.record.empty() || !member.name.empty(); }
template <class Item>
bool can_be_told(Item const& item) {
  return !item.id.empty() || !item.name.empty();
}

/// Each object of a list has at least one of id and name.
template <class Item>
void try_list(Result<Page<Item>> (*parse)(std::string_view, Profile const&), std::string const& body) {
  static auto const profile = *profile_named("infer-3");
  try_out([parse](std::string const& text) { return parse(text, profile); }, body);
  auto const page = parse(body, profile);
  if (!page) return;
  for (auto const& item : page->items) require(can_be_told(item));
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync::fuzz;
  std::string const body{as_text(data, size)};
  try_list(parse_organizations, body);
  try_list(parse_roles, body);
  try_list(parse_groups, body);
  try_list(parse_users, body);
  try_list(parse_group_users, body);
  try_list(parse_group_members, body);
  static auto const profile = *profile_named("infer-3");
  try_out([](std::string const& text) { return parse_group(text, profile); }, body);
  try_out([](std::string const& text) { return parse_user(text, profile); }, body);
  try_out([](std::string const& text) { return parse_versions(text); }, body);
  try_out([](std::string const& text) { return parse_id(text); }, body);
  return 0;
}
