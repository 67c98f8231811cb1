#include "sync/rest/path.hpp"

#include <algorithm>
#include <array>

#include "sync/http/client.hpp"
#include "sync/model/text.hpp"

namespace dirsync::rest {
namespace {

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string holds(char character, std::string_view and_so) {
  return std::string{"it holds '"} + character + "', " + std::string{and_so};
}

/// `name`: also as it is when a server decodes it once more.
std::string why_nowhere(std::string_view name) {
  if (has_control(name)) return "it holds a control character";
  if (auto const at = name.find_first_of("/\\"); at != name.npos)
    return holds(name[at], "which servers take for the end of a part of a path");
  return {};
}

/// Whether Windows takes a file of this name for a device, with whatever ending.
bool is_device_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kDevices = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  constexpr std::array<std::string_view, 2> kNumbered = {"com", "lpt"};
  auto stem = ascii_lower(name.substr(0, name.find('.')));
  stem.erase(stem.find_last_not_of(' ') + 1);
  if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
  constexpr std::size_t kLength = 4;
  return stem.size() == kLength && stem[3] >= '0' && stem[3] <= '9' &&
         std::ranges::find(kNumbered, std::string_view{stem}.substr(0, 3)) != kNumbered.end();
}

/// Folders and files of an application that IIS answers with 404, wherever in a path (requestFiltering,
/// hiddenSegments, as installed).
bool is_hidden_segment(std::string_view name) {
  constexpr std::array<std::string_view, 8> kHidden = {
      "web.config",         "bin",      "app_code",     "app_globalresources",
      "app_localresources", "app_data", "app_browsers", "app_webreferences"};
  return std::ranges::find(kHidden, ascii_lower(name)) != kHidden.end();
}

std::string why_not_at_iis(std::string_view name) {
  // ASP.NET refuses the first seven; '+' looks like an escape of an escape to IIS.
  constexpr std::string_view kRefused = "<>*%&:?+";
  if (auto const at = name.find_first_of(kRefused); at != name.npos)
    return holds(name[at], "which IIS refuses in a path");
  if (name.back() == '.' || name.back() == ' ')
    return "it ends with a dot or a space, which Windows drops at the end of a name";
  if (is_device_name(name)) return "Windows keeps it for a device";
  if (is_hidden_segment(name)) return "IIS hides whatever is called so";
  return {};
}

}  // namespace

std::string why_no_segment(std::string_view name, PathServer server) {
  if (name.empty()) return "it is empty";
  if (!is_utf8(name)) return "it is no text in UTF-8";
  if (http::has_dot_segment(name)) return "a server takes '.' and '..' in a path for the folder above";
  for (std::string decoded{name};;) {
    if (auto why = why_nowhere(decoded); !why.empty()) return why;
    auto again = http::percent_decode(decoded);
    if (again == decoded) break;
    decoded = std::move(again);
  }
  return server == PathServer::iis ? why_not_at_iis(name) : std::string{};
}

Result<Path> Path::of(PathServer server, std::initializer_list<Part> parts) {
  Path path;
  for (auto const& part : parts) {
    if (auto const* text = std::get_if<std::string_view>(&part)) {
      path.text_ += *text;
      path.route_ += *text;
      continue;
    }
    auto const name = std::get<Segment>(part).name;
    if (auto const why = why_no_segment(name, server); !why.empty())
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
