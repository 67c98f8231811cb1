#pragma once
#include <string>
#include <string_view>

namespace dirsync {

/// A password or token. Cannot be printed or compared; its memory is overwritten at the end.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);
  Secret(Secret const&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  /// For the one place that sends it.
  std::string_view reveal() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }

 private:
  std::string value_;
};

/// Overwrites `text` in a way that the compiler keeps, then empties it.
void wipe(std::string& text) noexcept;

}  // namespace dirsync
