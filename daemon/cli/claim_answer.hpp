#pragma once
// What `adopt` and `recover` have to say.
#include "daemon/cli/answer.hpp"
#include "daemon/cli/presentation.hpp"
#include "sync/engine/report.hpp"

namespace dirsync::cli {

/// Of a run of claims. `arguments`: with its --approve.
Answer claim_answer(Arguments const& arguments, engine::Report const& report,
                    Presentation const& presentation);

/// The lock is held by another process: that it must end first.
int refuse_claim(Arguments const& arguments, Error const& error);

/// Of a run that a signal broke off.
int tell_interrupted(Arguments const& arguments);

}  // namespace dirsync::cli
