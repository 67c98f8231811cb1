# Makes a C++ source of files: cmake -DOUT=FILE -DFOLDER=FOLDER -DNAMES="a.js b.css" -P embed.cmake
separate_arguments(NAMES)
set(arrays "")
set(table "")
set(number 0)
foreach(name IN LISTS NAMES)
  file(READ "${FOLDER}/${name}" digits HEX)
  # In lines: one alone would be longer than some tools read.
  string(REGEX REPLACE "(................................)" "\\1\n" digits "${digits}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${digits}")
  string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}};\n")
  string(APPEND table "    File{\"${name}\", {kFile${number}, sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUT}.new" "// Made by embed.cmake of the files beside it.
#include <array>

#include \"daemon/page/files.hpp\"

namespace dirsync::page {
namespace {
${arrays}
constexpr std::array<File, ${number}> kFiles{{
${table}}};
}  // namespace

std::span<File const> files() { return kFiles; }

}  // namespace dirsync::page
")
file(RENAME "${OUT}.new" "${OUT}")
