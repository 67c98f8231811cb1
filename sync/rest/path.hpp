#pragma once
// Where the paths of requests are built. A name or an id becomes a segment here and nowhere else.
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "sync/model/error.hpp"

namespace dirsync::rest {

/// A name or an id that came from a server, a directory or a person: one segment of a path, not encoded yet.
struct Segment {
  std::string_view name;  // outlives the call that it is given to
};

/// Whose paths they are: some servers keep names to themselves that others take.
enum class PathServer {
  any,
  iis,  // IIS with ASP.NET, on Windows
};

/// A path below the base URL, encoded. None has a segment that its server folds away, splits, refuses or
/// takes for something else, also when the server decodes it once more: see why_no_segment().
class Path {
 public:
  /// A part as it stands in our sources or in a profile, or a name.
  using Part = std::variant<std::string_view, Segment>;
  /// Errors: HttpErrc::bad_path naming the name that cannot be a segment.
  static Result<Path> of(PathServer server, std::initializer_list<Part> parts);
  /// Without any name, with or without a query whose values are encoded.
  static Path fixed(std::string text);

  std::string const& text() const noexcept { return text_; }
  /// The same for logs: "*" stands for each name, and there is no query.
  std::string const& route() const noexcept { return route_; }
  /// With a query whose values are encoded.
  Path with_query(std::string_view query) const;

 private:
  std::string text_, route_;
};

/// Why the name can be no segment of a path of that server, as a clause about "it"; empty when it can.
/// Sources: RFC 3986 5.2.4; ASP.NET httpRuntime requestPathInvalidCharacters; IIS allowDoubleEscaping;
/// Windows, "Naming Files, Paths, and Namespaces".
std::string why_no_segment(std::string_view name, PathServer server);

}  // namespace dirsync::rest
