#include "daemon/cli/digest_argument.hpp"

#include <utility>

#include "store/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kFewestDigits = 8, kDigits = 64;
constexpr std::int64_t kShown = 3;

Error no_digest(std::string text) {
  return {make_error_code(store::StoreErrc::no_such_plan), std::move(text)};
}

}  // namespace

Result<PlanDigest> digest_meant_by(std::string const& written, store::Store& store) {
  auto digits = ascii_lower(written);
  if (digits.size() < kFewestDigits || digits.size() > kDigits ||
      digits.find_first_not_of("0123456789abcdef") != digits.npos)
    return no_digest("\"" + printable(written) + "\" is no digest; write its " + std::to_string(kDigits) +
                     " hexadecimal digits, or the first " + std::to_string(kFewestDigits) +
                     " or more. `dirsyncd status` lists what waits");
  auto const known = store.digests_that_begin(digits, kShown + 1);
  if (!known) return known.error();
  if (known->empty()) return PlanDigest{std::move(digits)};
  if (known->size() > 1)
    return no_digest("several digests begin with " + digits + ": " + join(*known, ", ", &PlanDigest::value) +
                     "; write more digits of the one that is meant");
  return known->front();
}

}  // namespace dirsync::cli
