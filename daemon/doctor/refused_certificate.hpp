#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "daemon/doctor/check.hpp"
#include "sync/model/connection.hpp"
#include "sync/model/time.hpp"

namespace dirsync::doctor {

/// What is wrong with the certificate of a server that was refused, and what to do: it bears another name, it
/// has expired or is not valid yet, or else no CA of ours signed it. Nothing where none of this is so, and
/// where `der` (X.690) is no certificate. `host`: name or address in the URI. Reads the CA files of `tls`.
std::optional<Told> why_refused(std::string_view der, Tls const& tls, std::string const& host, Time now);

}  // namespace dirsync::doctor
