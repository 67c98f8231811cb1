#pragma once
// Answers and refusals in the service's words.
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "tests/simulators/common.hpp"

namespace dirsync::sim::vault {

struct Reply {
  Response response;
  bool changed = false;  // the state
};

/// A value, or the refusal to send.
template <class T>
using Checked = boost::system::result<T, Reply>;

Reply answer(int status, json::value const& body, bool changed = false);
Reply no_content(bool changed);
Reply html(int status, std::string_view title);
Reply refuse(int status, std::string_view code, std::string_view message);
/// 400 with one detail.
Reply invalid(std::string_view detail, std::string_view detail_code = "PASWS011E");

Reply no_group(std::string_view id);
Reply no_user(std::string_view name);

}  // namespace dirsync::sim::vault
