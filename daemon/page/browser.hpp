#pragma once
// Which requests of browsers are taken. Other sites' pages can make a browser send requests to any address
// that it reaches, and a name that they own can be made to mean this one (DNS rebinding). Pure.
#include <optional>
#include <string>

#include "daemon/control/http.hpp"

namespace dirsync::page {

/// Whether a browser sent it, as far as anybody can tell. Commands, curl and scrapers are none.
bool is_of_browser(control::Request const& request);

/// Why a request is refused, as an answer (421 for the name by which we were asked, else 403); nothing: it
/// may go on. Taken are requests that name us by an IP address, by `localhost` or by `machine` (a name;
/// empty: none), or not at all; of a browser only those that a page of ours made, or a person who typed the
/// address or followed a link to the page. Origins, and those of referers, must be the name by which we were
/// asked.
std::optional<control::Page> refuse_foreign(control::Request const& request, std::string const& machine);

/// The page with what tells a browser to run nothing but our files, to show us in no frame, and to tell
/// nobody where it has been.
control::Page guarded(control::Page page);

}  // namespace dirsync::page
