#include "ldap/read/syntax.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

bool is_text(ReadContext const& context, std::string_view name) {
  auto const type = context.schema.type(dirsync::described(name).type);
  return !type || context.schema[*type].syntax != Syntax::octet_string;
}

}  // namespace

void leave_out_bad_text(ReadContext const& context, Damage::Of kind, std::uint32_t number,
                        std::set<std::string> const& asked, Collected& collected,
                        std::vector<Damage>& damages) {
  auto const before = damages.size();
  auto const is_group = kind == Damage::Of::group;
  for (auto& attribute : collected.all()) {
    auto const key = ascii_lower(attribute.name);
    if (key != "uid" && !asked.contains(key)) continue;
    if (!is_text(context, attribute.name)) continue;
    auto const decides = !is_group && context.query.deciding_attributes.contains(key);
    dirsync::leave_out_bad_text(attribute, is_group,
                                {.of = kind, .number = number, .is_set_aside = decides, .what = {}}, damages);
  }
  if (damages.size() > before) collected.drop_empty();
}

}  // namespace dirsync::ldap
