#include "daemon/cli/claim_answer.hpp"

#include <functional>

#include "daemon/cli/context.hpp"
#include "daemon/cli/outcome_view.hpp"
#include "daemon/cli/plan_view.hpp"
#include "daemon/cli/run_ask.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::cli {

Answer claim_answer(Arguments const& arguments, engine::Report const& report,
                    Presentation const& presentation) {
  Answer answer;
  answer.exit = static_cast<int>(report.exit);
  answer.digest = report.plan.digest.value();
  auto const run = report.run.value() != 0 ? std::optional{report.run} : std::nullopt;
  answer.document = plan::plan_json(report.plan, run, report.outcomes);
  answer.text = plan_view(report.plan, AfterPlan::question, presentation);
  if (report.applied)
    answer.text += outcome_view(report.plan, report.outcomes, {report.run, report.declined, report.stopped},
                                presentation);
  if (!report.unknown_names.empty()) {
    answer.exit = kUsage;
    answer.message = join(report.unknown_names, "; ", std::identity{});
  } else if (auto missing = approvals_missing(report); !missing.empty()) {
    answer.message = std::move(missing);
  } else if (report.approval_stale) {
    answer.message = "what was approved (" + arguments.approve + ") is not this plan: it is " +
                     short_digest(report.plan.digest) + "; look at it and approve that one";
  }
  return answer;
}

int refuse_claim(Arguments const& arguments, Error const& error) {
  if (error.code != store::make_error_code(store::StoreErrc::locked)) return refuse_state(arguments, error);
  print_error(arguments, "locked",
              text(error) + "; stop the service for this, or wait until the other command has ended");
  return kLocked;
}

int tell_interrupted(Arguments const& arguments) {
  print_error(arguments, "interrupted", "ended by a signal; nothing was taken over, and nothing was sent");
  return kFailed;
}

}  // namespace dirsync::cli
