#pragma once
#include <optional>
#include <string>

#include "sync/model/error.hpp"

namespace dirsync::config {

/// Who besides its owner may do what with a file.
enum class Privacy {
  owner_writes,  // others may read
  owner_only,    // others may neither read nor write
  root_only,     // the same, and the owner is root
  any,           // the service manager answers for it
};

/// Where the unit of the service has its credentials from, each a file of its name.
inline constexpr char kCredentialsFolder[] = "/etc/dirsyncd/credentials";

/// What a configuration takes from outside of its own text.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> variable(std::string const& name) const = 0;
  /// Whether it is root who reads.
  virtual bool is_root() const = 0;
  /// The whole file. Errors: ConfigErrc::unreadable, insecure (with the command that mends it).
  virtual Result<std::string> file(std::string const& path, Privacy privacy) const = 0;
};

class ProcessEnvironment final : public Environment {
 public:
  std::optional<std::string> variable(std::string const& name) const override;
  bool is_root() const override;
  Result<std::string> file(std::string const& path, Privacy privacy) const override;
};

}  // namespace dirsync::config
