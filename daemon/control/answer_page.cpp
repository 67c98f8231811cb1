#include "daemon/control/answer_page.hpp"

#include <algorithm>
#include <charconv>

#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/control/headers.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace {

constexpr std::size_t kLongestMessage = 4000;  // bytes

/// Columns that are no number, or too many: no terminal.
std::size_t columns_in(std::string const& text) {
  constexpr std::size_t kMostColumns = 10'000;
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns > kMostColumns ? 0 : columns;
}

int status_of(cli::Answer const& answer) {
  if (!answer.is_refusal) return 200;
  if (answer.exit == cli::kUsage) return 400;
  return answer.exit == cli::kHeld ? 409 : 503;
}

}  // namespace

AnswerForm form_in(Request const& request, std::string const& file) {
  AnswerForm form;
  form.as_text = header(request, "accept").starts_with("text/plain");
  if (!form.as_text) return form;
  auto& presentation = form.presentation;
  if (header(request, kColourHeader) == "on") presentation.palette = cli::Palette::coloured();
  presentation.width = columns_in(header(request, kColumnsHeader));
  presentation.verbose = header(request, kVerboseHeader) == "on";
  auto const theirs = header(request, kFileHeader);
  presentation.command = cli::command_with(theirs.empty() ? file : theirs);
  return form;
}

Page page_of(cli::Answer const& answer, AnswerForm const& form) {
  Page page{.status = status_of(answer), .body = {}};
  page.headers.emplace_back(kExitHeader, std::to_string(answer.exit));
  if (!answer.digest.empty()) page.headers.emplace_back(kPlanHeader, answer.digest);
  if (!answer.expect.empty()) page.headers.emplace_back(kExpectHeader, answer.expect);
  if (!answer.message.empty())
    page.headers.emplace_back(kMessageHeader, printable(answer.message, kLongestMessage));
  if (!answer.question.empty()) page.headers.emplace_back(kQuestionHeader, answer.question);
  if (!form.as_text) {
    page.content_type = "application/json";
    page.body = with_escaped_controls(answer.document) + "\n";
    return page;
  }
  auto const& palette = form.presentation.palette;
  auto const first = cli::without_controls(answer.shown_first, palette);
  page.headers.emplace_back(kShownFirstHeader, std::to_string(first.size()));
  page.body = first + cli::without_controls(answer.is_refusal ? answer.message + "\n" : answer.text, palette);
  return page;
}

Page AnswerPages::in(AnswerForm const& form) {
  using Made = std::pair<AnswerForm, Page>;
  auto const made = std::ranges::find(made_, form, &Made::first);
  if (made != made_.end()) return made->second;
  return made_.emplace_back(form, page_of(make_(form.presentation), form)).second;
}

}  // namespace dirsync::control
