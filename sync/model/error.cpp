#include "sync/model/error.hpp"

#include "sync/model/assert.hpp"

namespace dirsync {
namespace {
class FailureCategory final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return "failure"; }
  std::string message(int value) const override {
    return value == static_cast<int>(Failure::transient) ? "transient" : "permanent";
  }
};
}  // namespace

boost::system::error_condition make_error_condition(Failure failure) {
  static FailureCategory const category;
  return {static_cast<int>(failure), category};
}

std::string text(Error const& error) {
  auto words = error.code.message();
  if (error.context.empty()) return words;
  return error.context + " (" + error.code.category().name() + ": " + words + ")";
}

Error within(std::string_view where, Error error) {
  error.context = std::string{where} + ": " + error.context;
  return error;
}

void throw_exception_from_error(Error const& error, boost::source_location const& where) {
  assertion_failed(("unchecked error: " + text(error)).c_str(), where.file_name(),
                   static_cast<int>(where.line()));
}
}  // namespace dirsync
