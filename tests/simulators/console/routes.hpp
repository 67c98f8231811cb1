#pragma once
// The paths of the API.
#include <string>

#include "tests/simulators/console/handlers.hpp"

namespace dirsync::sim::console {

enum class Access {
  open,     // no access token
  session,  // an access token
  data,     // an access token, in the scope of an organization
  never,    // the console has it; the client under test has no business there
};

struct Entry {
  char const* method;
  char const* pattern;  // {id} stands for one segment
  Access access;
  char const* permission;  // empty: none
  Reply (*handler)(Model&, Context&);
  char const* presence = "";  // the knob that takes the path away; empty: none

  bool is_write() const;
  std::string name() const { return std::string{method} + ' ' + pattern; }
};

struct Found {
  Entry const* entry = nullptr;  // null: see status
  std::string id;
  int status = 404;  // or 405, when the path exists for another method
};

Found find_route(Knobs const& knobs, Request const& request);

}  // namespace dirsync::sim::console
