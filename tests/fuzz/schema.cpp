// Definitions of a subschema entry. Each line is one: of an attribute type, or after a "+" of an object
// class.
#include <string>
#include <vector>

#include "ldap/search/schema_text.hpp"
#include "sync/model/bound_filter.hpp"
#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

/// Everything that is asked of a schema comes to an end and agrees with itself.
void look_at(Schema const& schema) {
  auto const types = static_cast<Schema::TypeIndex>(schema.types().size());
  for (Schema::TypeIndex type = 0; type < types; ++type) {
    require(schema.is_kind_of(type, type));
    if (auto const sup = schema[type].sup) require(schema.is_kind_of(type, *sup));
    for (auto const& name : schema[type].names) require(schema.type(name).has_value());
    schema.has_subtypes(type);
  }
  auto const classes = static_cast<Schema::ClassIndex>(schema.classes().size());
  for (Schema::ClassIndex one = 0; one < classes; ++one) {
    require(schema.is_class_below(one, one));
    for (auto const sup : schema.classes()[one].sups) require(schema.is_class_below(one, sup));
    for (auto const may : schema.classes()[one].mays) require(schema.allows_type(one, may));
    for (auto const must : schema.classes()[one].musts) require(schema.requires_type(one, must));
  }
}

}  // namespace
}  // namespace dirsync::fuzz

/// libldap forgets parts of a definition that turns out to be broken; all that it has comes from liblber.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
extern "C" char const* __lsan_default_suppressions() { return "leak:liblber\n"; }

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  auto text = fuzz::as_text(data, size);
  std::vector<std::string> types, classes;
  while (!text.empty()) {
    auto const line = fuzz::take_until(text, '\n');
    if (line.starts_with('+'))
      classes.emplace_back(line.substr(1));
    else
      types.emplace_back(line);
  }
  for (auto const flavour : {dirsync::ldap::Flavour::openldap, dirsync::ldap::Flavour::active_directory})
    fuzz::look_at(*dirsync::ldap::schema_of(types, classes, "cn=Subschema", flavour).schema);
  return 0;
}
