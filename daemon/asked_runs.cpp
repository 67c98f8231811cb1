#include "daemon/asked_runs.hpp"

#include <algorithm>

#include "daemon/cli/context.hpp"

namespace dirsync {
namespace {

AskedRuns::Rendering saying(char const* code, std::string text) {
  auto const answer = cli::refusal(cli::kInternal, code, text);
  return [answer](cli::Presentation const&) { return answer; };
}

AskedRuns::Rendering end_of_service() {
  return saying("stopping", "the service ended; `dirsyncd runs` tells what was done");
}

void answer_all(std::vector<AskedRuns::OnEnd> const& who, AskedRuns::Rendering const& rendering) {
  control::AnswerPages pages{rendering};
  for (auto const& on_end : who) on_end(pages);
}

}  // namespace

void AskedRuns::add(Asked asked, OnEnd on_end) {
  // Not under the mutex: whoever is told may ask again.
  if (auto const refused = queue(std::move(asked), on_end)) answer_all({on_end}, *refused);
}

std::optional<AskedRuns::Rendering> AskedRuns::queue(Asked asked, OnEnd const& on_end) {
  std::lock_guard const lock{mutex_};
  if (closed_) return end_of_service();
  auto same = std::ranges::find(waiting_, asked, &Waiting::asked);
  if (same == waiting_.end()) {
    auto const is_theirs = [&asked](Waiting const& other) { return other.asked.actor == asked.actor; };
    if (std::ranges::count_if(waiting_, is_theirs) >= static_cast<std::ptrdiff_t>(kMostOfOnePerson))
      return saying("busy", std::to_string(kMostOfOnePerson) +
                                " other runs wait already that the same person asked for; ask again when "
                                "they have ended");
    if (waiting_.size() >= kMostWaiting)
      return saying(
          "busy", std::to_string(kMostWaiting) + " other runs wait already; ask again when they have ended");
    same = waiting_.insert(waiting_.end(), Waiting{std::move(asked), {}});
  }
  same->on_end.push_back(on_end);
  return std::nullopt;
}

std::optional<AskedRuns::Asked> AskedRuns::begin() {
  std::lock_guard const lock{mutex_};
  if (closed_ || waiting_.empty()) return std::nullopt;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  begun_ = std::move(first.on_end);
  return std::move(first.asked);
}

void AskedRuns::end(Rendering const& rendering) {
  std::vector<OnEnd> told;
  {
    std::lock_guard const lock{mutex_};
    told.swap(begun_);
  }
  answer_all(told, rendering);
}

bool AskedRuns::has_waiting() const {
  std::lock_guard const lock{mutex_};
  return !waiting_.empty();
}

void AskedRuns::close() {
  std::vector<OnEnd> told;
  {
    std::lock_guard const lock{mutex_};
    closed_ = true;
    for (auto& each : waiting_) std::ranges::move(each.on_end, std::back_inserter(told));
    waiting_.clear();
  }
  answer_all(told, end_of_service());
}

void AskedRuns::end_unfinished() { end(end_of_service()); }

}  // namespace dirsync
