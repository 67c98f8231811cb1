#include "sync/rest/outcomes.hpp"

#include <utility>

namespace dirsync::rest {

Applied applied(Outcome outcome, std::string detail) {
  Applied result;
  result.outcome = outcome;
  result.detail = std::move(detail);
  return result;
}

Applied applied(Outcome outcome, Error const& error, bool ends_writing) {
  auto result = applied(outcome, text(error));
  if (ends_writing) result.target_down = error;
  return result;
}

std::vector<Applied> for_all(std::size_t count, Applied const& one) {
  return std::vector<Applied>(count, one);
}

}  // namespace dirsync::rest
