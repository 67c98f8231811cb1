#include "daemon/cli/presentation.hpp"

#include <sys/ioctl.h>

#include "sync/model/quoted_word.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {

Presentation Presentation::for_descriptor(int descriptor, Arguments const& arguments) {
  return {Palette::for_descriptor(descriptor), terminal_width(descriptor), arguments.verbose,
          command_with(arguments.config)};
}

std::string command_with(std::string const& config_file) {
  if (config_file == Arguments{}.config) return "dirsyncd";
  return "dirsyncd --config " + quoted_word(printable(config_file, std::string::npos));
}

std::string with_command(std::string text, std::string const& command) {
  constexpr std::string_view kPlain = "`dirsyncd ";
  auto const meant = "`" + command + " ";
  for (auto at = text.find(kPlain); at != text.npos; at = text.find(kPlain, at + meant.size()))
    if (text.compare(at, meant.size(), meant) != 0) text.replace(at, kPlain.size(), meant);
  return text;
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t kUsual = 80;
  if (!is_terminal(descriptor)) return 0;
  winsize size{};
  auto const is_told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_told ? size.ws_col : kUsual;
}

}  // namespace dirsync::cli
