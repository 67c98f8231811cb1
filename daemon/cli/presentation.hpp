#pragma once
#include <cstddef>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/output.hpp"

namespace dirsync::cli {

/// How a text is laid out for whoever reads it.
struct Presentation {
  Palette palette = Palette::plain();
  std::size_t width = 0;  // columns of the terminal; 0: no terminal, and no limit
  bool verbose = false;   // whole DNs and paths, every notice and every member
  /// How the reader calls us, as command_with() has it.
  std::string command = "dirsyncd";

  static Presentation for_descriptor(int descriptor, Arguments const& arguments);
  friend bool operator==(Presentation const&, Presentation const&) = default;
};

/// "dirsyncd", with --config where that is not the usual file, so that what a person is told to do next is
/// done with the same configuration. For a shell, and printable.
std::string command_with(std::string const& config_file);

/// `text` with `command` in the place of "dirsyncd" in what it quotes: "see `dirsyncd plan`". Where it stands
/// there already it stays.
std::string with_command(std::string text, std::string const& command);

/// Columns of the terminal behind `descriptor`, 80 where it does not tell; 0: it is no terminal.
std::size_t terminal_width(int descriptor);

}  // namespace dirsync::cli
