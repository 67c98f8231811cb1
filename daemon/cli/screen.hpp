#pragma once
// The only ways by which commands write to standard output and standard error. What comes from a directory, a
// target or the store may hold control characters, which can make a terminal hide, forge or run things: none
// of them gets through here. Thread: main.
#include <boost/json.hpp>
#include <cstdio>
#include <string>
#include <string_view>

#include "daemon/cli/output.hpp"

namespace dirsync::cli {

/// Text for people: control characters but line ends become `?`.
void show(std::FILE* stream, std::string_view text);
/// The same for what a palette painted: its colours stay, so data within must have been made printable.
void show_painted(std::FILE* stream, std::string_view text, Palette const& palette);

/// One JSON document on a line of standard output, the values as they are: control characters are escaped.
void show_json(boost::json::value const& document);
void show_json_text(std::string_view document);

/// What these write; JSON as with_escaped_controls() makes it.
std::string without_controls(std::string_view text);
std::string without_controls(std::string_view painted, Palette const& palette);

}  // namespace dirsync::cli
