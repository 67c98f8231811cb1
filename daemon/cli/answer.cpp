#include "daemon/cli/answer.hpp"

#include "daemon/cli/context.hpp"
#include "daemon/cli/presentation.hpp"
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
  auto const command = command_with(arguments.config);
  if (!arguments.json) show_painted(stdout, with_command(answer.text, command), palette);
  std::fflush(stdout);
  if (!answer.message.empty()) show(stderr, "dirsyncd: " + with_command(answer.message, command) + "\n");
  if (arguments.json && !answer.document.empty()) show_json_text(answer.document);
  return answer.exit;
}

}  // namespace dirsync::cli
