#pragma once
// The files of the page, as they were built into the program.
#include <optional>
#include <span>
#include <string_view>

#include "daemon/control/http.hpp"

namespace dirsync::page {

struct File {
  std::string_view name;  // "now.js"
  std::string_view content;
};

/// Made by embed.cmake. They live as long as the program.
std::span<File const> files();

/// That of a path, "/now.js"; "/" is the page itself. Nothing: there is none.
std::optional<control::Page> file_page(std::string_view path);

}  // namespace dirsync::page
