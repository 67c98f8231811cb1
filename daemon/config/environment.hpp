#pragma once
#include <optional>
#include <string>

#include "sync/model/error.hpp"

namespace dirsync::config {

/// Who besides its owner may do what with a file.
enum class Privacy {
  owner_writes,  // others may read
  owner_only,    // others may neither read nor write
  any,           // the service manager answers for it
};

/// What a configuration takes from outside of its own text.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> variable(std::string const& name) const = 0;
  /// The whole file. Errors: ConfigErrc::unreadable, insecure (with the command that mends it).
  virtual Result<std::string> file(std::string const& path, Privacy privacy) const = 0;
};

class ProcessEnvironment final : public Environment {
 public:
  std::optional<std::string> variable(std::string const& name) const override;
  Result<std::string> file(std::string const& path, Privacy privacy) const override;
};

}  // namespace dirsync::config
