#include "sync/rest/path.hpp"

#include "sync/http/client.hpp"
#include "sync/model/text.hpp"

namespace dirsync::rest {

std::string why_no_segment(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (http::has_dot_segment(name)) return "a server takes '.' and '..' in a path for the folder above";
  return {};
}

Result<Path> Path::of(std::initializer_list<Part> parts) {
  Path path;
  for (auto const& part : parts) {
    if (auto const* text = std::get_if<std::string_view>(&part)) {
      path.text_ += *text;
      path.route_ += *text;
      continue;
    }
    auto const name = std::get<Segment>(part).name;
    if (auto const why = why_no_segment(name); !why.empty())
      return Error{http::HttpErrc::bad_path, "no request can name '" + printable(name) + "': " + why +
                                                 "; give it another name, or change it by hand"};
    path.text_ += http::percent_encode(name);
    path.route_ += '*';
  }
  return path;
}

Path Path::fixed(std::string text) {
  Path path;
  path.route_ = text.substr(0, text.find('?'));
  path.text_ = std::move(text);
  return path;
}

Path Path::with_query(std::string_view query) const {
  auto path = *this;
  path.text_ += (path.text_.find('?') == std::string::npos ? '?' : '&');
  path.text_ += query;
  return path;
}

}  // namespace dirsync::rest
