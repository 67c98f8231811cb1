#include "daemon/cli/held_view.hpp"

#include <algorithm>
#include <functional>

#include "daemon/cli/short_text.hpp"
#include "sync/model/approvals.hpp"
#include "sync/model/join.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::value held_document(StoredPlan const& plan) {
  return parse_json(plan.document_json).value_or(json::value{});
}

/// Each once, in the order of the plan.
std::vector<std::string> reason_codes(json::object const& document) {
  std::vector<std::string> codes;
  for (auto const& reason : array_at(document, "reasons")) {
    auto code = text_at(object_in(reason), "code");
    if (!code.empty() && std::ranges::find(codes, code) == codes.end()) codes.push_back(std::move(code));
  }
  return codes;
}

std::string approvals_words(StoredPlan const& plan, std::vector<GivenApproval> const& given) {
  if (plan.approvals_needed <= 1) return {};
  auto const number = std::to_string(given.size());
  return "; " + number + " of " + std::to_string(plan.approvals_needed) + " approvals, " +
         (given.empty() ? "as many different people must approve it"
                        : "another person must approve it as well");
}

/// "to look at it: ...; to let it run: ..."
std::string steps_of(StoredPlan const& plan) {
  auto const digest = short_digest(plan.digest);
  if (!plan.directory.empty())
    return "to look at it: `dirsyncd plan`; to take it as the new level: `dirsyncd approve " + digest + "`";
  auto const own = printable(command_of(plan), std::string::npos);
  if (own.empty()) return "to look at it: `dirsyncd plan`; to let it run: `dirsyncd approve " + digest + "`";
  return "to look at it: `dirsyncd " + own + "`; to let it run: `dirsyncd " + own + " --approve " + digest +
         "`";
}

}  // namespace

std::string held_view(std::vector<StoredPlan> const& held, std::chrono::seconds approval_ttl, Time now) {
  std::string view;
  for (auto const& plan : held) {
    auto const document = held_document(plan);
    auto const codes = reason_codes(object_in(document));
    auto const given = valid_approvals(plan, approval_ttl, now);
    view += "held since " + rfc3339(plan.first_seen) + ": " +
            (plan.directory.empty() ? "" : "read of " + printable(plan.directory) + " ") +
            short_digest(plan.digest) +
            (codes.empty() ? "" : " (" + printable(join(codes, ", ", std::identity{})) + ")") +
            approvals_words(plan, given) + "\n";
    for (auto const& one : given)
      view += "  approved by " + printable(one.actor) + " at " + rfc3339(one.at) +
              (one.reason.empty() ? "" : ": " + printable(one.reason, std::string::npos)) + "\n";
    view += "  " + steps_of(plan) + "\n";
  }
  return view;
}

}  // namespace dirsync::cli
