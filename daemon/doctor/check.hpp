#pragma once
// What `dirsyncd doctor` says: one check, and how it came out. Plain values.
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync::doctor {

enum class State { ok, warn, fail, skip };
char const* to_text(State state);  // "ok", "warn", "fail", "skip"

struct Check {
  std::string id;    // stable, lower case with dashes
  std::string side;  // name of the directory or target; empty: the machine and the configuration itself
  State state = State::ok;
  std::string text;    // what was found, and what it means
  std::string remedy;  // what to do; empty where there is nothing to do
  std::string show;    // a command line by which a person sees the same, without a secret; empty: none
};
using Checks = std::vector<Check>;

/// Makes the checks of one side.
class CheckList {
 public:
  explicit CheckList(std::string side = {}) : side_(std::move(side)) {}

  void ok(std::string id, std::string text, std::string show = {});
  void warn(std::string id, std::string text, std::string remedy, std::string show = {});
  void fail(std::string id, std::string text, std::string remedy, std::string show = {});
  /// With what to do taken from the end of the error's own text; `otherwise`: where it says nothing of it.
  void fail(std::string id, Error const& error, std::string otherwise, std::string show = {});
  /// Could not be made. `why` reads on after "not looked at: ".
  void skip(std::string id, std::string why);
  /// The same for several, since `earlier` failed.
  void skip_after(std::string_view earlier, std::vector<std::string> const& ids);
  Checks take() { return std::move(checks_); }

 private:
  void add(std::string id, State state, std::string text, std::string remedy, std::string show);
  std::string side_;
  Checks checks_;
};

void append(Checks& checks, Checks more);
bool has_failed(Checks const& checks);

/// An error in its two parts, what happened and what to do: messages end with "; what to do". The second is
/// empty where there is no such end.
struct Told {
  std::string what, remedy;
};
Told told_by(Error const& error);

}  // namespace dirsync::doctor
