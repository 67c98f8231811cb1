#include "ldap/search/schema_text.hpp"

#include <ldap_schema.h>

#include <utility>

#include "ldap/connect/handles.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// libldap steps behind the end of a definition that breaks off within its syntax, and looks for it again.
std::string const kPadding(8, '\0');

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
    if (auto definition = parse(text + kPadding))
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

}  // namespace

ReadSchema instead_of_schema(Flavour flavour, std::string const& why) {
  auto habits = habits_of(flavour);
  habits.undefined_as_in_the_standard = false;  // what it lacks the server may well have
  auto schema = std::make_shared<Schema>(builtin_schema(habits));
  schema->set_remark(why + "; names and matching rules are those of the built-in schema");
  return {schema, schema->remark()};
}

ReadSchema schema_of(std::vector<std::string> const& types, std::vector<std::string> const& classes,
                     std::string const& dn, Flavour flavour) {
  auto const shown = "the server's schema \"" + printable(dn) + "\" ";
  if (types.size() + classes.size() > kMostDefinitions || bytes_in(types) + bytes_in(classes) > kMostBytes)
    return instead_of_schema(flavour, shown + "is larger than 8 MB or 50,000 definitions");
  std::size_t set_aside = 0;
  auto schema = std::make_shared<Schema const>(parsed(types, parse_type, set_aside),
                                               parsed(classes, parse_class, set_aside), habits_of(flavour));
  if (!schema->type("objectClass") || schema->classes().empty())
    return instead_of_schema(flavour,
                             shown +
                                 "cannot be read; give the bind DN read access to its attributeTypes and "
                                 "objectClasses");
  if (set_aside == 0) return {std::move(schema), ""};
  return {std::move(schema), std::to_string(set_aside) + " definitions of " + shown +
                                 "do not follow RFC 4512 and were set aside"};
}

}  // namespace dirsync::ldap
