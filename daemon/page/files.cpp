#include "daemon/page/files.hpp"

#include <algorithm>
#include <string>

namespace dirsync::page {
namespace {

char const* content_type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/javascript; charset=utf-8";
}

}  // namespace

std::optional<control::Page> file_page(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  auto const name = path.empty() ? std::string_view{"index.html"} : path;
  auto const found = std::ranges::find(files(), name, &File::name);
  if (found == files().end()) return std::nullopt;
  return control::Page{.content_type = content_type_of(name), .body = std::string{found->content}};
}

}  // namespace dirsync::page
