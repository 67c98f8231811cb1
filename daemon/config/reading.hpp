#pragma once
// Typed access to a configuration file. Notes what was asked for, what holds in effect, and every mistake.
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config/document.hpp"
#include "daemon/config/environment.hpp"
#include "daemon/config/problem.hpp"

namespace dirsync::config {

/// Whether the values of secrets are fetched. What needs no session (status, log, why) can do without.
enum class Secrets { fetch, leave };

/// One pass over one file.
class Reading {
 public:
  Reading(std::string file, Environment const& environment, Secrets secrets);

  void problem(ConfigErrc code, Position at, std::string key, std::string text);
  void warn(std::string text) { warnings_.push_back(std::move(text)); }
  /// What holds, written or by default: `value` as TOML.
  void effective(std::string const& path, std::string value);
  /// That `key` exists in this table; `pattern`: the same with names left out, "directory.NAME.base".
  void asked(Table const* table, std::string_view key, std::string const& pattern);
  /// The other keys of this table cannot be judged.
  void give_up(Table const* table) { asked_.erase(table); }
  /// A mistake for every key of a table that was read and that nobody asked for.
  void report_unknown_keys(Table const& root);

  bool has_problems() const { return !problems_.empty(); }
  Problems take_problems();
  std::vector<std::string> take_warnings() { return std::move(warnings_); }
  std::map<std::string, std::string> const& effective() const { return effective_; }
  std::set<std::string> const& patterns() const { return patterns_; }
  Environment const& environment() const { return environment_; }
  Secrets secrets() const { return secrets_; }

 private:
  void report_unknown_keys(Table const& table, std::string const& path);

  std::string file_;
  Environment const& environment_;
  Secrets secrets_;
  Problems problems_;
  std::vector<std::string> warnings_;
  std::map<std::string, std::string> effective_;
  std::map<Table const*, std::vector<std::string>> asked_;
  std::set<std::string> patterns_;
};

/// A table as it is read; also one that is left out, whose keys then all have their defaults.
/// A value that does not fit is reported and taken for the default.
class Section {
 public:
  Section(Reading& reading, Table const& root);

  std::optional<std::string> text(std::string_view key);
  std::string text(std::string_view key, std::string const& otherwise);
  std::optional<bool> flag(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most);
  std::int64_t whole(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  std::optional<double> number(std::string_view key, double least, double most);
  double number(std::string_view key, double otherwise, double least, double most);
  /// "500ms", "10s", "5m", "1h"
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise,
                                     std::chrono::milliseconds least, std::chrono::milliseconds most);
  std::optional<std::vector<std::string>> texts(std::string_view key);
  std::vector<std::string> texts(std::string_view key, std::vector<std::string> const& otherwise);
  template <class Value>
  Value choice(std::string_view key, Value otherwise,
               std::span<std::pair<std::string_view, Value> const> values);
  /// A list of some of `names`.
  std::vector<std::string> choices(std::string_view key, std::span<std::string_view const> names,
                                   std::span<std::string_view const> otherwise);

  /// The table of that key; an empty one when it is left out or no table.
  Section section(std::string_view key);
  /// Named tables: [directory.corp], [directory.hq].
  std::vector<std::pair<std::string, Section>> named_sections(std::string_view key);
  /// A table of names and texts.
  std::map<std::string, std::string> named_texts(std::string_view key);
  /// Repeated tables: [[rule]].
  std::vector<Section> repeated_sections(std::string_view key);
  /// The value as it stands; for keys that take several types. Notes that the key exists.
  Node const* find(std::string_view key);
  bool has(std::string_view key) const { return entry(key) != nullptr; }
  /// True when the table itself is in the file.
  bool written() const { return table_ != nullptr; }

  /// A mistake at the value of `key`, or at the table when the key is left out.
  void problem(ConfigErrc code, std::string_view key, std::string text);
  /// A mistake of the table as a whole.
  void problem(ConfigErrc code, std::string text);
  void missing(std::string_view key, std::string_view hint);
  void wrong_type(std::string_view key, std::string_view expected);
  /// Notes the effective value of a key that was read with find().
  void effective(std::string_view key, std::string value);
  /// From now on effective values are kept under this path; repeated tables have no name of their own.
  void name_path(std::string path) { path_ = std::move(path); }

  /// No mistake is reported for keys that nobody asks for.
  void give_up() { reading_->give_up(table_); }

  std::string key_path(std::string_view key) const;
  std::string const& shown() const { return shown_; }  // "directory.corp"; empty: the file itself
  Position at() const { return at_; }
  Reading& reading() const { return *reading_; }

 private:
  Section(Reading& reading, Table const* table, Position at);
  TableEntry const* entry(std::string_view key) const;
  Section child(std::string_view key, std::string_view pattern, Table const* table, Position at) const;
  std::string choose(std::string_view key, std::string const& otherwise,
                     std::span<std::string_view const> names);

  Reading* reading_;
  Table const* table_;
  Position at_;
  std::string shown_, path_, pattern_;
};

template <class Value>
Value Section::choice(std::string_view key, Value otherwise,
                      std::span<std::pair<std::string_view, Value> const> values) {
  std::vector<std::string_view> names;
  std::string fallback;
  for (auto const& [name, value] : values) {
    names.push_back(name);
    if (value == otherwise) fallback = name;
  }
  auto const chosen = choose(key, fallback, names);
  for (auto const& [name, value] : values) {
    if (name == chosen) return value;
  }
  return otherwise;
}

/// TOML spellings.
std::string quoted(std::string_view text);
std::string key_spelling(std::string_view key);  // quoted when it must be
std::string quoted(std::vector<std::string> const& texts);
std::string spelled(std::chrono::milliseconds duration);  // in the largest unit that fits: "5m", "500ms"
std::string spelled(double number);
std::string spelled(bool flag);

}  // namespace dirsync::config
