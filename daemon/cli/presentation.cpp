#include "daemon/cli/presentation.hpp"

#include <sys/ioctl.h>

namespace dirsync::cli {

Presentation Presentation::for_descriptor(int descriptor, bool verbose) {
  return {Palette::for_descriptor(descriptor), terminal_width(descriptor), verbose};
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t kUsual = 80;
  if (!is_terminal(descriptor)) return 0;
  winsize size{};
  auto const is_told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_told ? size.ws_col : kUsual;
}

}  // namespace dirsync::cli
