#pragma once
#include "sync/model/error.hpp"

namespace dirsync::engine {

enum class EngineErrc {
  band = 1,           // counts fell further than the band allows
  change_number,      // the server's change number went back
  attributes,         // fewer people show an attribute that decides about them
  ignored_referrals,  // more parts of the answer lie on other servers
  damaged,            // too many entries cannot be used
  filter,             // a filter of the configuration cannot be evaluated as the server does
};
boost::system::error_code make_error_code(EngineErrc code);
char const* category_name(EngineErrc);
char const* to_text(EngineErrc code);
Failure failure_of(EngineErrc code);

}  // namespace dirsync::engine

template <>
struct boost::system::is_error_code_enum<dirsync::engine::EngineErrc> : std::true_type {};
