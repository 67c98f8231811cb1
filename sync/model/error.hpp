#pragma once
// Errors of the world are values; see docs/architecture.md, "Errors".
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace dirsync {

/// What went wrong, where. Branch on `code`, print `text(error)`.
struct Error {
  boost::system::error_code code;
  std::string context;  // what happened, to what, what to do next; never a secret
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Conditions of every module's codes: compare `error.code == Failure::transient`.
/// Retries are decided by these and nothing else.
enum class Failure {
  transient = 1,  // the same call may succeed later: network, overload, restart
  permanent,      // repeating cannot help: refused, malformed, not found
};

boost::system::error_condition make_error_condition(Failure failure);

/// A module's category. `Enum` needs, in its own namespace:
///   char const* category_name(Enum); char const* to_text(Enum); Failure failure_of(Enum);
template <class Enum>
class Category final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return category_name(Enum{}); }
  std::string message(int value) const override { return to_text(static_cast<Enum>(value)); }
  bool equivalent(int value, boost::system::error_condition const& condition) const noexcept override {
    return condition == make_error_condition(failure_of(static_cast<Enum>(value))) ||
           error_category::equivalent(value, condition);
  }
};

/// The one category object of `Enum`. Modules define make_error_code(Enum) with it.
template <class Enum>
boost::system::error_code code_of(Enum value) {
  static Category<Enum> const category;
  return {static_cast<int>(value), category};
}

/// One line for people: context, then the code's own words.
std::string text(Error const& error);

/// Puts `where` and ": " before the context.
Error within(std::string_view where, Error error);

}  // namespace dirsync

template <>
struct boost::system::is_error_condition_enum<dirsync::Failure> : std::true_type {};

namespace dirsync {
/// For Result<T>::value(); a caller that did not check has a bug.
[[noreturn]] void throw_exception_from_error(Error const& error, boost::source_location const& where);
}  // namespace dirsync
