#pragma once
#include <cstddef>

#include "daemon/cli/output.hpp"

namespace dirsync::cli {

/// How a text is laid out for whoever reads it.
struct Presentation {
  Palette palette = Palette::plain();
  std::size_t width = 0;  // columns of the terminal; 0: no terminal, and no limit
  bool verbose = false;   // whole DNs and paths, every notice and every member

  static Presentation for_descriptor(int descriptor, bool verbose);
};

/// Columns of the terminal behind `descriptor`, 80 where it does not tell; 0: it is no terminal.
std::size_t terminal_width(int descriptor);

}  // namespace dirsync::cli
