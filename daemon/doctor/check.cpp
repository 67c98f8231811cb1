#include "daemon/doctor/check.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dirsync::doctor {

char const* to_text(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::warn:
      return "warn";
    case State::fail:
      return "fail";
    case State::skip:
      return "skip";
  }
  return "skip";
}

void CheckList::add(std::string id, State state, std::string text, std::string remedy, std::string show) {
  checks_.push_back({.id = std::move(id),
                     .side = side_,
                     .state = state,
                     .text = std::move(text),
                     .remedy = std::move(remedy),
                     .show = std::move(show)});
}

void CheckList::ok(std::string id, std::string text, std::string show) {
  add(std::move(id), State::ok, std::move(text), {}, std::move(show));
}

void CheckList::warn(std::string id, std::string text, std::string remedy, std::string show) {
  add(std::move(id), State::warn, std::move(text), std::move(remedy), std::move(show));
}

void CheckList::fail(std::string id, std::string text, std::string remedy, std::string show) {
  add(std::move(id), State::fail, std::move(text), std::move(remedy), std::move(show));
}

void CheckList::fail(std::string id, Error const& error, std::string otherwise, std::string show) {
  auto told = told_by(error);
  fail(std::move(id), std::move(told.what),
       told.remedy.empty() ? std::move(otherwise) : std::move(told.remedy), std::move(show));
}

void CheckList::skip(std::string id, std::string why) {
  add(std::move(id), State::skip, "not looked at: " + why, {}, {});
}

void CheckList::skip_after(std::string_view earlier, std::vector<std::string> const& ids) {
  for (auto const& id : ids) skip(id, std::string{earlier} + " failed");
}

void append(Checks& checks, Checks more) { std::ranges::move(more, std::back_inserter(checks)); }

bool has_failed(Checks const& checks) {
  return std::ranges::find(checks, State::fail, &Check::state) != checks.end();
}

Told told_by(Error const& error) {
  auto const& whole = error.context;
  auto const end = whole.rfind("; ");
  if (whole.empty()) return {error.code.message(), {}};
  if (end == std::string::npos) return {whole, {}};
  return {whole.substr(0, end), whole.substr(end + 2)};
}

}  // namespace dirsync::doctor
