#include "sync/model/certificate.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/model/join.hpp"

namespace dirsync {
namespace {

/// Numbers without leading zeros and texts of fixed width, both.
bool is_less(std::string const& left, std::string const& right) {
  return std::pair{left.size(), left} < std::pair{right.size(), right};
}

std::string named(std::string const& origin, std::string const& value) {
  return (origin.empty() ? "" : origin + " ") + value;
}

}  // namespace

std::string went_back(ChangeNumbers const& before, ChangeNumbers const& now) {
  std::vector<std::string> words;
  for (auto const& [origin, value] : before.values) {
    auto const found = now.values.find(origin);
    auto const there = found != now.values.end();
    if (there && !is_less(found->second, value)) continue;
    words.push_back(named(origin, value) + " before, " + (there ? found->second : "nothing of that origin") +
                    " now");
  }
  return join(words, ", ");
}

std::string in_words(ChangeNumbers const& numbers) {
  auto const each = join(numbers.values, ", ", [](auto const& of) { return named(of.first, of.second); });
  return numbers.source + ":" + (each.empty() ? "" : " " + each);
}

CertificateClause const* Certificate::failing() const {
  auto const found = std::ranges::find(clauses, false, &CertificateClause::holds);
  return found == clauses.end() ? nullptr : &*found;
}

bool Certificate::complete() const { return failing() == nullptr; }

}  // namespace dirsync
