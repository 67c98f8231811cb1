#include "sync/console/write/write_context.hpp"

#include <random>

#include "sync/console/api/errors.hpp"
#include "sync/rest/write_fate.hpp"

namespace dirsync::console {

std::chrono::milliseconds with_jitter(std::chrono::milliseconds base) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::chrono::milliseconds::rep> some(base.count() / 2, base.count());
  return std::chrono::milliseconds{some(random)};
}

rest::Looks looks_of(Settings const& settings) { return {.pause = settings.pauses.look}; }

Admitted::Admitted(std::vector<Change> batch,
                   std::function<std::string(Change const&)> const& refused_because)
    : answers_(batch.size()) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (auto why = refused_because(batch[i]); !why.empty()) {
      answers_[i] = applied(Outcome::skipped, std::move(why));
      continue;
    }
    places_.push_back(i);
    changes.push_back(std::move(batch[i]));
  }
}

std::vector<Applied> Admitted::answers(std::vector<Applied> written) {
  for (std::size_t i = 0; i < places_.size(); ++i) answers_[places_[i]] = std::move(written[i]);
  return std::move(answers_);
}

Applied applied(Outcome outcome, Error const& error) {
  return rest::applied(outcome, error, ends_writing(error));
}

std::optional<Applied> failure(std::string const& doing, Result<http::Response> const& answer) {
  auto const fate = rest::write_fate(answer);
  if (fate == rest::WriteFate::arrived) return {};
  return applied(fate == rest::WriteFate::unknown ? Outcome::unknown : Outcome::failed,
                 answer ? refusal(doing, *answer) : within(doing, answer.error()));
}

}  // namespace dirsync::console
