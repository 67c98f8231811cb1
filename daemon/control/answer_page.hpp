#pragma once
// What a command says, as an answer on the control socket.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/cli/answer.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/control/http.hpp"

namespace dirsync::control {

/// How somebody wants to have an answer: JSON, or text, laid out for them. All JSON is alike.
struct AnswerForm {
  bool as_text = false;
  cli::Presentation presentation{};
  friend bool operator==(AnswerForm const&, AnswerForm const&) = default;
};

/// As the headers of the request say. `file`: of the configuration, where the request names none.
AnswerForm form_in(Request const& request, std::string const& file);

Page page_of(cli::Answer const& answer, AnswerForm const& form);

/// The answer to many who asked for the same: made once in each form that one of them wants. Thread: one.
class AnswerPages {
 public:
  using MakeAnswer = std::function<cli::Answer(cli::Presentation const&)>;

  explicit AnswerPages(MakeAnswer make) : make_(std::move(make)) {}
  /// Its body is shared by all of the same form.
  Page in(AnswerForm const& form);

 private:
  MakeAnswer make_;
  std::vector<std::pair<AnswerForm, Page>> made_;
};

}  // namespace dirsync::control
