#include "tests/simulators/knobs.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace dirsync::sim {
namespace {
std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_allowed(std::string_view allowed, std::string_view value) {
  if (allowed == "text") return true;
  if (allowed == "number") return to_number(value).value_or(-1) >= 0;
  while (true) {
    auto const end = allowed.find('|');
    if (allowed.substr(0, end) == value) return true;
    if (end == std::string_view::npos) return false;
    allowed.remove_prefix(end + 1);
  }
}
}  // namespace

Knobs::Knobs(std::span<Knob const> table) : table_{table} {
  for (auto const& knob : table) values_.emplace(knob.name, knob.initial);
}

std::optional<std::string> Knobs::set(std::string_view name, std::string_view value) {
  auto const knob = std::ranges::find(table_, name, &Knob::name);
  if (knob == table_.end()) return "no such knob: " + std::string{name};
  if (!is_allowed(knob->allowed, value))
    return std::string{name} + " is " + std::string{knob->allowed} + ", not " + std::string{value};
  values_.insert_or_assign(std::string{name}, std::string{value});
  return std::nullopt;
}

std::string const& Knobs::text(std::string_view name) const {
  auto const found = values_.find(name);
  if (found == values_.end()) throw std::out_of_range{"knob " + std::string{name}};
  return found->second;
}

std::int64_t Knobs::number(std::string_view name) const { return to_number(text(name)).value(); }

json::object Knobs::dump() const {
  json::object all;
  for (auto const& [name, value] : values_) all[name] = value;
  return all;
}

}  // namespace dirsync::sim
