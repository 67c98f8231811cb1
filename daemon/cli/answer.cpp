#include "daemon/cli/answer.hpp"

#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"

namespace dirsync::cli {

Answer refusal(int exit, std::string_view code, std::string_view text) {
  return {.exit = exit,
          .is_refusal = true,
          .document = boost::json::serialize(error_document(code, text)),
          .message = std::string{text}};
}

Answer refusal(Error const& error, std::optional<int> exit) {
  return refusal(exit ? *exit : exit_of(error), error_code_name(error), text(error));
}

int show_answer(Arguments const& arguments, Answer const& answer, Palette const& palette) {
  if (!arguments.json) show_painted(stdout, answer.text, palette);
  std::fflush(stdout);
  if (!answer.message.empty()) show(stderr, "dirsyncd: " + answer.message + "\n");
  if (arguments.json && !answer.document.empty()) show_json_text(answer.document);
  return answer.exit;
}

}  // namespace dirsync::cli
