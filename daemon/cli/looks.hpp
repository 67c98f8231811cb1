#pragma once
// What the store alone tells of people, groups, runs and rows, whoever asks: a command, or the page by the
// service. Nothing here changes anything. Documents as in docs/json.md. Thread: that of the store.
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "daemon/cli/access_question.hpp"
#include "daemon/cli/answer.hpp"
#include "sync/model/record.hpp"

namespace dirsync::cli {

/// `who` and `why`, with their texts.
Answer who_answer(config::Config const& config, store::Store& store, AccessQuestion const& question);
Answer why_answer(config::Config const& config, store::Store& store, AccessQuestion const& question);

/// `runs` and `run show`; the latter is empty where there is no such run. Errors: the store's.
Result<boost::json::object> runs_document(store::Store& store, std::int64_t limit,
                                          std::optional<RunId> before = {});
Result<boost::json::object> run_document(store::Store& store, RunId run);

// The rest have no command: their `text` is empty.

/// People and groups in whose names `part` stands; at most `most` of each.
Answer search_answer(store::Store& store, std::string const& part, std::size_t most);
/// All that somebody has because of dirsyncd. `person` as `why` takes it.
Answer person_answer(store::Store& store, std::string const& person, std::optional<Time> at);
/// Rows of the audit trail, newest first; `filter.limit` must be given.
Answer rows_answer(store::Store& store, AuditFilter filter);
/// What runs and changes came to on each of the last `days` days, today included.
Answer days_answer(config::Config const& config, store::Store& store, int days, Time now);
/// What of everything around it may soon need a person. `certificates`: when that of each side ends.
Answer health_answer(config::Config const& config, store::Store& store,
                     std::map<std::string, Time> const& certificates, Time now);

}  // namespace dirsync::cli
