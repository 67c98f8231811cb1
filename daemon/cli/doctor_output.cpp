#include "daemon/cli/doctor_output.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace json = boost::json;
namespace {

using CheckState = doctor::State;

constexpr std::size_t kLongest = 2000;  // bytes of one text on a screen

std::string mark_of(CheckState state, Palette const& palette) {
  switch (state) {
    case CheckState::ok:
      return palette.added("ok   ");
    case CheckState::warn:
      return palette.warning("warn ");
    case CheckState::fail:
      return palette.removed("FAIL ");
    case CheckState::skip:
      return palette.faint("skip ");
  }
  return {};
}

std::string count_text(doctor::Checks const& checks) {
  std::string text;
  for (auto const state : {CheckState::ok, CheckState::warn, CheckState::fail, CheckState::skip}) {
    auto const count = std::ranges::count(checks, state, &doctor::Check::state);
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + doctor::to_text(state);
  }
  return text;
}

}  // namespace

json::object doctor_document(doctor::Checks const& checks) {
  json::array list;
  for (auto const& check : checks)
    list.push_back(json::object{{"id", check.id},
                                {"side", check.side},
                                {"state", doctor::to_text(check.state)},
                                {"text", as_utf8(check.text)},
                                {"remedy", as_utf8(check.remedy)},
                                {"show", as_utf8(check.show)}});
  return {{"checks", std::move(list)}};
}

std::string doctor_view(doctor::Checks const& checks, Palette const& palette) {
  std::string view;
  for (auto const& check : checks) {
    auto const side = check.side.empty() ? std::string{} : check.side + " ";
    view += mark_of(check.state, palette) + palette.strong(printable(side + check.id)) + "  " +
            printable(check.text, kLongest) + "\n";
    if (check.state == CheckState::ok || check.state == CheckState::skip) continue;
    if (!check.remedy.empty()) view += "       do:  " + printable(check.remedy, kLongest) + "\n";
    if (!check.show.empty())
      view += "       " + palette.faint("see: " + printable(check.show, kLongest)) + "\n";
  }
  return view + count_text(checks) + "\n";
}

}  // namespace dirsync::cli
