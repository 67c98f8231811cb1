// Search filters, evaluated. The first line is the filter, each further one "ATTRIBUTE: VALUE" of the entry.
#include "sync/model/filter.hpp"

#include <map>
#include <string>
#include <vector>

#include "sync/model/bound_filter.hpp"
#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

class Entry {
 public:
  explicit Entry(std::string_view lines) {
    while (!lines.empty()) {
      auto line = take_until(lines, '\n');
      auto const name = take_until(line, ':');
      values_[name].push_back(line.starts_with(' ') ? line.substr(1) : line);
    }
    for (auto const& [name, values] : values_) views_.push_back({name, values});
  }
  std::vector<AttributeView> const& views() const { return views_; }

 private:
  std::map<std::string_view, std::vector<std::string_view>> values_;
  std::vector<AttributeView> views_;
};

/// False as well: it cannot be evaluated.
bool matches(std::string const& filter, Entry const& entry) {
  auto const parsed = Filter::parse(filter);
  require(parsed.has_value());
  auto bound = BoundFilter::bind(*parsed, builtin_schema());
  return bound && bound->matches(entry.views());
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  auto rest = fuzz::as_text(data, size);
  std::string const text{fuzz::take_until(rest, '\n')};
  if (auto const filter = Filter::parse(text); !filter || !text.starts_with('(')) return 0;
  fuzz::Entry const entry{rest};
  auto const fits = fuzz::matches(text, entry);
  fuzz::require(fuzz::matches(text, entry) == fits);
  auto const is_negated = fuzz::matches("(!" + text + ")", entry);
  fuzz::require(!(fits && is_negated));  // three-valued: both may be false
  fuzz::require(fuzz::matches("(&" + text + text + ")", entry) == fits);
  fuzz::require(fuzz::matches("(|" + text + "(objectClass=nothing))", entry) == fits);
  fuzz::require(fuzz::matches("(!(!" + text + "))", entry) == fits);
  return 0;
}
