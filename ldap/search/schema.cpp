#include "ldap/search/schema.hpp"

#include <ldap_schema.h>

#include <utility>

#include "ldap/search/attributes.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kMostBytes = 8U << 20U, kMostDefinitions = 50'000;

using TypePtr = std::unique_ptr<LDAPAttributeType, FreeWith<ldap_attributetype_free>>;
using ClassPtr = std::unique_ptr<LDAPObjectClass, FreeWith<ldap_objectclass_free>>;

std::string text_of(char const* text) { return text == nullptr ? "" : text; }

/// Active Directory writes OIDs in quotes.
std::string unquoted(char const* text) {
  auto oid = text_of(text);
  std::erase(oid, '\'');
  return oid;
}

std::vector<std::string> texts_of(char const* const* texts) {
  std::vector<std::string> list;
  for (; texts != nullptr && *texts != nullptr; ++texts) list.emplace_back(*texts);
  return list;
}

std::optional<TypeDefinition> parse_type(std::string const& text) {
  int code = 0;
  char const* at = nullptr;
  TypePtr const type{ldap_str2attributetype(text.c_str(), &code, &at, LDAP_SCHEMA_ALLOW_ALL)};
  if (!type) return std::nullopt;
  return TypeDefinition{.oid = text_of(type->at_oid),
                        .names = texts_of(type->at_names),
                        .sup = text_of(type->at_sup_oid),
                        .equality = text_of(type->at_equality_oid),
                        .ordering = text_of(type->at_ordering_oid),
                        .substrings = text_of(type->at_substr_oid),
                        .syntax = unquoted(type->at_syntax_oid)};
}

std::optional<ClassDefinition> parse_class(std::string const& text) {
  int code = 0;
  char const* at = nullptr;
  ClassPtr const one{ldap_str2objectclass(text.c_str(), &code, &at, LDAP_SCHEMA_ALLOW_ALL)};
  if (!one) return std::nullopt;
  return ClassDefinition{.oid = text_of(one->oc_oid),
                         .names = texts_of(one->oc_names),
                         .sups = texts_of(one->oc_sup_oids),
                         .musts = texts_of(one->oc_at_oids_must),
                         .mays = texts_of(one->oc_at_oids_may),
                         .is_abstract = one->oc_kind == LDAP_SCHEMA_ABSTRACT};
}

template <class Definition>
std::vector<Definition> parsed(std::vector<std::string> const& texts,
                               std::optional<Definition> (*parse)(std::string const&),
                               std::size_t& set_aside) {
  std::vector<Definition> definitions;
  for (auto const& text : texts) {
    if (auto definition = parse(text))
      definitions.push_back(*std::move(definition));
    else
      ++set_aside;
  }
  return definitions;
}

std::size_t bytes_in(std::vector<std::string> const& texts) {
  std::size_t bytes = 0;
  for (auto const& text : texts) bytes += text.size();
  return bytes;
}

ServerHabits habits_of(Flavour flavour) {
  auto const is_openldap = flavour == Flavour::openldap;
  return {.rules_by_syntax = flavour == Flavour::active_directory,
          .undefined_as_in_the_standard = is_openldap,
          .finds_subtypes = is_openldap,
          .drops_outer_spaces = is_openldap};
}

ReadSchema builtin(Flavour flavour, std::string const& why) {
  auto habits = habits_of(flavour);
  habits.undefined_as_in_the_standard = false;  // what it lacks the server may well have
  auto schema = std::make_shared<Schema>(builtin_schema(habits));
  schema->set_remark(why + "; names and matching rules are those of the built-in schema");
  return {schema, schema->remark()};
}

Search schema_search(std::string const& dn, std::vector<std::string> attributes) {
  auto search = entry_search("reading the schema", dn, std::move(attributes));
  search.filter = "(objectClass=subschema)";
  return search;
}

ReadSchema schema_in(Attributes const& entry, std::string const& dn, Flavour flavour) {
  auto const &types = entry.all("attributetypes"), &classes = entry.all("objectclasses");
  auto const shown = "the server's schema \"" + printable(dn) + "\" ";
  if (types.size() + classes.size() > kMostDefinitions || bytes_in(types) + bytes_in(classes) > kMostBytes)
    return builtin(flavour, shown + "is larger than 8 MB or 50,000 definitions");
  std::size_t set_aside = 0;
  auto schema = std::make_shared<Schema const>(parsed(types, parse_type, set_aside),
                                               parsed(classes, parse_class, set_aside), habits_of(flavour));
  if (!schema->type("objectClass") || schema->classes().empty())
    return builtin(flavour, shown +
                                "cannot be read; give the bind DN read access to its attributeTypes and "
                                "objectClasses");
  if (set_aside == 0) return {std::move(schema), ""};
  return {std::move(schema), std::to_string(set_aside) + " definitions of " + shown +
                                 "do not follow RFC 4512 and were set aside"};
}

}  // namespace

Result<ReadSchema> read_schema(Connection& connection, Flavour flavour, SchemaMemory* memory) {
  auto const root = read_if_shown(connection, root_dse_search({"subschemaSubentry"}));
  if (!root) return root.error();
  auto const dn = root->first("subschemasubentry");
  if (dn.empty())
    return builtin(flavour, "the root DSE names no subschemaSubentry; give the bind DN read access to it");
  auto const stamp = read_if_shown(connection, schema_search(dn, {"modifyTimestamp"}));
  if (!stamp) return stamp.error();
  auto const modified = stamp->first("modifytimestamp");
  auto const version = modified.empty() ? "" : connection.uri() + " " + dn + " " + modified;
  if (memory != nullptr && !version.empty() && memory->version == version) return memory->last;
  auto const entry = read_if_shown(connection, schema_search(dn, {"attributeTypes", "objectClasses"}));
  if (!entry) return entry.error();
  auto schema = schema_in(*entry, dn, flavour);
  if (memory != nullptr) *memory = {version, schema};
  return schema;
}

}  // namespace dirsync::ldap
