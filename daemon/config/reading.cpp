#include "daemon/config/reading.hpp"

#include <algorithm>
#include <charconv>

#include "sync/model/nearest.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {
namespace {

std::string joined(std::string const& path, std::string_view key) {
  return path.empty() ? std::string{key} : path + "." + std::string{key};
}

/// "a, b, c"
std::string listed(std::span<std::string_view const> words) {
  std::string list;
  for (auto const word : words) {
    if (!list.empty()) list += ", ";
    list += word;
  }
  return list;
}

/// "one of a, b, c; did you mean "a"?"
std::string one_of(std::span<std::string_view const> names, std::string_view written) {
  auto const meant = nearest(written, names);
  return "one of " + listed(names) + (meant ? "; did you mean \"" + std::string{*meant} + "\"?" : "");
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  auto const unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::int64_t kMost = 1'000'000'000;  // keeps the product below from overflowing
  if (error != std::errc{} || count < 0 || count > kMost) return std::nullopt;
  if (unit == "ms") return std::chrono::milliseconds{count};
  if (unit == "s") return std::chrono::seconds{count};
  if (unit == "m") return std::chrono::minutes{count};
  if (unit == "h") return std::chrono::hours{count};
  return std::nullopt;
}

}  // namespace

Reading::Reading(std::string file, Environment const& environment, Secrets secrets)
    : file_(std::move(file)), environment_(environment), secrets_(secrets) {}

void Reading::problem(ConfigErrc code, Position at, std::string key, std::string text) {
  problems_.push_back({.code = to_text(code),
                       .text = std::move(text),
                       .file = file_,
                       .line = at.line,
                       .column = at.column,
                       .key = std::move(key)});
}

void Reading::effective(std::string const& path, std::string value) {
  // A value of its own takes the place of the keys of the table that it was read from.
  auto const below = path + ".";
  auto const first = effective_.lower_bound(below);
  auto last = first;
  while (last != effective_.end() && last->first.starts_with(below)) ++last;
  effective_.erase(first, last);
  effective_[path] = std::move(value);
}

void Reading::asked(Table const* table, std::string_view key, std::string const& pattern) {
  if (table != nullptr) {
    auto& keys = asked_[table];
    if (std::ranges::find(keys, key) == keys.end()) keys.emplace_back(key);
  }
  patterns_.insert(pattern);
}

void Reading::report_unknown_keys(Table const& root) { report_unknown_keys(root, {}); }

void Reading::report_unknown_keys(Table const& table, std::string const& path) {
  auto const known = asked_.find(&table);
  if (known == asked_.end()) return;  // not read, for a reason reported already; or it holds names, not keys
  std::vector<std::string_view> const candidates{known->second.begin(), known->second.end()};
  for (auto const& [key, at, value] : table) {
    auto const key_path = joined(path, key_spelling(key));
    if (std::ranges::find(candidates, key) == candidates.end()) {
      auto const place = path.empty() ? " at the top level; " : " in [" + path + "]; ";
      auto const meant = nearest(key, candidates);
      problem(ConfigErrc::unknown_key, at, key_path,
              "unknown key \"" + printable(key) + "\"" + place +
                  (meant ? "did you mean \"" + std::string{*meant} + "\"?"
                         : "known here: " + listed(candidates)));
    } else if (auto const* const inner = std::get_if<Table>(&value.value)) {
      report_unknown_keys(*inner, key_path);
    } else if (auto const* const items = std::get_if<Array>(&value.value)) {
      for (auto const& item : *items) {
        if (auto const* const repeated = std::get_if<Table>(&item.value))
          report_unknown_keys(*repeated, key_path);
      }
    }
  }
}

Problems Reading::take_problems() {
  std::ranges::stable_sort(problems_, {}, [](auto const& problem) {
    return Position{problem.line, problem.column};
  });
  return std::move(problems_);
}

Section::Section(Reading& reading, Table const& root) : Section(reading, &root, Position{}) {}
Section::Section(Reading& reading, Table const* table, Position at)
    : reading_(&reading), table_(table), at_(at) {}

TableEntry const* Section::entry(std::string_view key) const {
  if (table_ == nullptr) return nullptr;
  auto const found = std::ranges::find(*table_, key, &TableEntry::key);
  return found == table_->end() ? nullptr : &*found;
}

Node const* Section::find(std::string_view key) {
  reading_->asked(table_, key, joined(pattern_, key));
  auto const* const found = entry(key);
  return found == nullptr ? nullptr : &found->value;
}

std::string Section::key_path(std::string_view key) const { return joined(shown_, key); }

void Section::effective(std::string_view key, std::string value) {
  reading_->effective(joined(path_, key), std::move(value));
}

void Section::problem(ConfigErrc code, std::string_view key, std::string text) {
  auto const* const found = entry(key);
  reading_->problem(code, found != nullptr ? found->value.at : at_, key_path(key), std::move(text));
}

void Section::problem(ConfigErrc code, std::string text) {
  reading_->problem(code, at_, shown_, std::move(text));
}

void Section::missing(std::string_view key, std::string_view hint) {
  auto const place = shown_.empty() ? std::string{"the configuration"} : "[" + shown_ + "]";
  problem(ConfigErrc::missing, key, place + " needs " + std::string{key} + ": " + std::string{hint});
}

void Section::wrong_type(std::string_view key, std::string_view expected) {
  auto const* const found = entry(key);
  problem(ConfigErrc::wrong_type, key,
          key_path(key) + " is " + kind_of(found->value) + "; it must be " + std::string{expected});
}

std::optional<std::string> Section::text(std::string_view key) {
  auto const* const node = find(key);
  if (node == nullptr) return std::nullopt;
  auto const* const value = std::get_if<std::string>(&node->value);
  if (value == nullptr) {
    wrong_type(key, "a text in quotes");
    return std::nullopt;
  }
  if (value->empty()) {
    problem(ConfigErrc::malformed, key, key_path(key) + " is empty; leave the key out or give it a value");
    return std::nullopt;
  }
  effective(key, quoted(*value));
  return *value;
}

std::string Section::text(std::string_view key, std::string const& otherwise) {
  effective(key, quoted(otherwise));
  return text(key).value_or(otherwise);
}

std::optional<bool> Section::flag(std::string_view key) {
  auto const* const node = find(key);
  if (node == nullptr) return std::nullopt;
  auto const* const value = std::get_if<bool>(&node->value);
  if (value == nullptr) {
    wrong_type(key, "true or false");
    return std::nullopt;
  }
  effective(key, spelled(*value));
  return *value;
}

bool Section::flag(std::string_view key, bool otherwise) {
  effective(key, spelled(otherwise));
  return flag(key).value_or(otherwise);
}

std::optional<std::int64_t> Section::whole(std::string_view key, std::int64_t least, std::int64_t most) {
  auto const* const node = find(key);
  if (node == nullptr) return std::nullopt;
  auto const* const value = std::get_if<std::int64_t>(&node->value);
  if (value == nullptr) {
    wrong_type(key, "a whole number");
    return std::nullopt;
  }
  if (*value < least || *value > most) {
    problem(ConfigErrc::out_of_range, key,
            key_path(key) + " is " + std::to_string(*value) + "; it must be from " + std::to_string(least) +
                " to " + std::to_string(most));
    return std::nullopt;
  }
  effective(key, std::to_string(*value));
  return *value;
}

std::int64_t Section::whole(std::string_view key, std::int64_t otherwise, std::int64_t least,
                            std::int64_t most) {
  effective(key, std::to_string(otherwise));
  return whole(key, least, most).value_or(otherwise);
}

std::optional<double> Section::number(std::string_view key, double least, double most) {
  auto const* const node = find(key);
  if (node == nullptr) return std::nullopt;
  auto const* const real = std::get_if<double>(&node->value);
  auto const* const integer = std::get_if<std::int64_t>(&node->value);
  if (real == nullptr && integer == nullptr) {
    wrong_type(key, "a number");
    return std::nullopt;
  }
  auto const value = real != nullptr ? *real : static_cast<double>(*integer);
  if (!(value >= least && value <= most)) {  // also refuses nan
    problem(ConfigErrc::out_of_range, key,
            key_path(key) + " is " + spelled(value) + "; it must be from " + spelled(least) + " to " +
                spelled(most));
    return std::nullopt;
  }
  effective(key, spelled(value));
  return value;
}

double Section::number(std::string_view key, double otherwise, double least, double most) {
  effective(key, spelled(otherwise));
  return number(key, least, most).value_or(otherwise);
}

std::chrono::milliseconds Section::duration(std::string_view key, std::chrono::milliseconds otherwise,
                                            std::chrono::milliseconds least, std::chrono::milliseconds most) {
  effective(key, quoted(spelled(otherwise)));
  auto const* const node = find(key);
  if (node == nullptr) return otherwise;
  auto const* const written = std::get_if<std::string>(&node->value);
  if (written == nullptr) {
    wrong_type(key, "a duration in quotes, such as \"500ms\", \"10s\", \"5m\" or \"1h\"");
    return otherwise;
  }
  auto const value = parse_duration(*written);
  if (!value) {
    problem(ConfigErrc::malformed, key,
            key_path(key) + " is " + quoted(printable(*written)) +
                "; a duration is a whole number and a unit: \"500ms\", \"10s\", \"5m\", \"1h\"");
    return otherwise;
  }
  if (*value < least || *value > most) {
    problem(ConfigErrc::out_of_range, key,
            key_path(key) + " is " + spelled(*value) + "; it must be from " + spelled(least) + " to " +
                spelled(most));
    return otherwise;
  }
  effective(key, quoted(spelled(*value)));
  return *value;
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) {
  auto const* const node = find(key);
  if (node == nullptr) return std::nullopt;
  auto const* const items = std::get_if<Array>(&node->value);
  if (items == nullptr) {
    wrong_type(key, "a list of texts in quotes");
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (auto const& item : *items) {
    auto const* const value = std::get_if<std::string>(&item.value);
    if (value == nullptr || value->empty()) {
      auto const what = value == nullptr ? std::string{kind_of(item)} : std::string{"an empty text"};
      reading_->problem(ConfigErrc::wrong_type, item.at, key_path(key),
                        key_path(key) + " holds " + what + "; it must be a list of texts in quotes");
      return std::nullopt;
    }
    values.push_back(*value);
  }
  effective(key, quoted(values));
  return values;
}

std::vector<std::string> Section::texts(std::string_view key, std::vector<std::string> const& otherwise) {
  effective(key, quoted(otherwise));
  return texts(key).value_or(otherwise);
}

std::string Section::choose(std::string_view key, std::string const& otherwise,
                            std::span<std::string_view const> names) {
  auto chosen = text(key, otherwise);
  if (std::ranges::find(names, chosen) != names.end()) return chosen;
  problem(ConfigErrc::out_of_range, key,
          key_path(key) + " is " + quoted(printable(chosen)) + "; it must be " + one_of(names, chosen));
  effective(key, quoted(otherwise));
  return otherwise;
}

std::vector<std::string> Section::choices(std::string_view key, std::span<std::string_view const> names,
                                          std::span<std::string_view const> otherwise) {
  auto chosen = texts(key, {otherwise.begin(), otherwise.end()});
  for (auto const& word : chosen)
    if (std::ranges::find(names, word) == names.end())
      problem(ConfigErrc::out_of_range, key,
              key_path(key) + " holds " + quoted(printable(word)) + "; each must be " + one_of(names, word));
  return chosen;
}

Section Section::child(std::string_view key, std::string_view pattern, Table const* table,
                       Position at) const {
  Section inner{*reading_, table, at};
  inner.shown_ = joined(shown_, key_spelling(key));
  inner.path_ = joined(path_, key_spelling(key));
  inner.pattern_ = joined(pattern_, pattern);
  return inner;
}

Section Section::section(std::string_view key) {
  auto const* const node = find(key);
  if (node == nullptr) return child(key, key, nullptr, at_);
  auto const* const table = std::get_if<Table>(&node->value);
  if (table == nullptr) wrong_type(key, "a table");
  return child(key, key, table, node->at);
}

std::vector<std::pair<std::string, Section>> Section::named_sections(std::string_view key) {
  std::vector<std::pair<std::string, Section>> sections;
  auto group = section(key);
  if (!group.written()) return sections;
  for (auto const& [name, at, value] : *group.table_) {
    reading_->asked(group.table_, name, joined(group.pattern_, "NAME"));
    auto const* const table = std::get_if<Table>(&value.value);
    if (table == nullptr) {
      group.wrong_type(name, "a table, as in [" + group.key_path("NAME") + "]");
    } else if (name.empty() || printable(name, 100) != name) {
      group.problem(ConfigErrc::malformed, name,
                    "a name in [" + group.key_path("NAME") + "] has 1 to 100 characters that can be printed");
    } else {
      sections.emplace_back(name, group.child(name, "NAME", table, at));
    }
  }
  return sections;
}

std::map<std::string, std::string> Section::named_texts(std::string_view key) {
  std::map<std::string, std::string> texts;
  auto group = section(key);
  if (!group.written()) return texts;
  for (auto const& [name, at, value] : *group.table_) {
    reading_->asked(group.table_, name, joined(group.pattern_, "NAME"));
    if (auto const* const text = std::get_if<std::string>(&value.value); text != nullptr && !text->empty()) {
      group.effective(key_spelling(name), quoted(*text));
      texts[name] = *text;
    } else {
      group.wrong_type(name, "a text in quotes, not an empty one");
    }
  }
  return texts;
}

std::vector<Section> Section::repeated_sections(std::string_view key) {
  std::vector<Section> sections;
  auto const* const node = find(key);
  if (node == nullptr) return sections;
  auto const* const items = std::get_if<Array>(&node->value);
  auto const is_table = [](Node const& item) { return std::holds_alternative<Table>(item.value); };
  if (items == nullptr || !std::ranges::all_of(*items, is_table)) {
    wrong_type(key, "one or more tables, each under [[" + key_path(key) + "]]");
    return sections;
  }
  for (auto const& item : *items) sections.push_back(child(key, key, &std::get<Table>(item.value), item.at));
  return sections;
}

}  // namespace dirsync::config
