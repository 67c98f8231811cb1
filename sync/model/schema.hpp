#pragma once
// What a server says of its attribute types and object classes (RFC 4512, 4.1).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/model/matching_rules.hpp"

namespace dirsync {

/// As a subschema subentry writes it (RFC 4512, 4.1.2). What is empty comes from `sup`.
struct TypeDefinition {
  std::string oid;
  std::vector<std::string> names;
  std::string sup, equality, ordering, substrings, syntax;
};

/// RFC 4512, 4.1.1. `musts`, `mays`: the types that its entries have, or may have, beside those of `sups`.
struct ClassDefinition {
  std::string oid;
  std::vector<std::string> names;
  std::vector<std::string> sups;
  std::vector<std::string> musts = {}, mays = {};
  bool is_abstract = false;
};

/// An attribute type with all that it has from the types above it.
struct AttributeType {
  std::string oid;
  std::vector<std::string> names;  // as written; empty: known by its OID alone
  std::string key;                 // its first name, else its OID, in lower case
  Syntax syntax = Syntax::unknown;
  Comparison equality = Comparison::none, ordering = Comparison::none, substrings = Comparison::none;
  std::optional<std::uint32_t> sup = {};  // none as well: one that does not exist, or leads back here
};

struct ObjectClass {
  std::string oid;
  std::vector<std::string> names;
  std::vector<std::uint32_t> sups = {};
  std::vector<std::uint32_t> musts = {}, mays = {};  // of its own; types that the schema lacks are left out
  bool is_abstract = false;                          // no entry is of it alone
};

/// In what a kind of server differs from the standard, and a filter must not be evaluated otherwise.
struct ServerHabits {
  /// Active Directory names no rules: the syntax decides, values are rewritten before they are compared, and
  /// an unknown name or a value of another syntax has a meaning of its own.
  bool rules_by_syntax = false;
  /// A name that the schema lacks, or a value that its syntax does not allow, makes a test undefined
  /// (RFC 4511, 4.5.1.7). Else nobody can tell what the server makes of it.
  bool undefined_as_in_the_standard = true;
  /// Who asks for a type gets its subtypes as well, those by options included (RFC 4512, 2.5.1 and 2.5.2).
  bool finds_subtypes = true;
  /// Spaces at the ends of a value do not count (RFC 4518, 2.6.1).
  bool drops_outer_spaces = true;
};

/// Names mean the same here as on the server: any name or OID of a type or class, in any case.
/// Constant once made; any thread.
class Schema {
 public:
  using TypeIndex = std::uint32_t;
  using ClassIndex = std::uint32_t;

  Schema(std::vector<TypeDefinition> types, std::vector<ClassDefinition> classes, ServerHabits habits = {});

  /// `name`: without options.
  std::optional<TypeIndex> type(std::string_view name) const;
  AttributeType const& operator[](TypeIndex index) const { return types_[index]; }
  /// Whether `type` is `super` or one of its subtypes (RFC 4512, 2.5.1).
  bool is_kind_of(TypeIndex type, TypeIndex super) const;
  bool has_subtypes(TypeIndex type) const;

  std::optional<ClassIndex> object_class(std::string_view name) const;
  /// Whether `object_class` is `super` or a subclass of it (RFC 4512, 2.4).
  bool is_class_below(ClassIndex object_class, ClassIndex super) const;
  /// Whether its entries must have `type`, for itself or a class above it; may have it, or must.
  bool requires_type(ClassIndex object_class, TypeIndex type) const;
  bool allows_type(ClassIndex object_class, TypeIndex type) const;

  std::span<AttributeType const> types() const { return types_; }
  std::span<ObjectClass const> classes() const { return classes_; }
  ServerHabits const& habits() const { return habits_; }
  /// Why this is not the server's own schema; empty: it is, or nobody asked.
  std::string const& remark() const { return remark_; }
  void set_remark(std::string remark) { remark_ = std::move(remark); }

 private:
  using Numbers = std::unordered_map<std::string, std::uint32_t>;
  void link_types(std::vector<TypeDefinition> const& definitions);
  void link_classes(std::vector<ClassDefinition> const& definitions);
  /// Whether one of the class and those above it `fits`; each is asked once, also where they form a ring.
  template <class Fits>
  bool any_from(ClassIndex object_class, Fits fits) const;

  std::vector<AttributeType> types_;
  std::vector<ObjectClass> classes_;
  Numbers type_numbers_, class_numbers_;  // by every name and OID, in lower case
  ServerHabits habits_;
  std::string remark_;
};

/// RFC 4519, 4524, 2798 and 4530, posixAccount and its kind of RFC 2307bis, and the core of Active
/// Directory's. Valid for ever.
Schema const& builtin_schema();
/// The same for a server with these habits.
Schema builtin_schema(ServerHabits habits);

/// An attribute description (RFC 4512, 2.5) in its parts.
struct AttributeDescription {
  std::string_view type;
  std::vector<std::string> options;  // lower case, ascending, each once; "range=..." left out
};
AttributeDescription described(std::string_view description);

}  // namespace dirsync
