#pragma once
// An engine between a small directory and a simulated Vault.
#include "tests/integration/vault/simulated_vault.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::vault {

/// Everybody of the directory has a Vault user of the same name. There is one rule, which takes over groups
/// that are there; the journal and the client outlive each run.
class VaultPlant {
 public:
  explicit VaultPlant(std::string const& profile, std::chrono::milliseconds total = std::chrono::seconds{60});

  engine::Plant plant;  // before the Vault's client, which lives on its event loop
  SimulatedVault vault;

  /// A person of that uid; in the Vault under `name`.
  void person(std::string const& uid, std::string const& name);
  void person(std::string const& uid) { person(uid, uid); }
  /// One run, which must be without any fault; what was sent and noted until now is forgotten.
  void settle();
  /// Rows of the last run: what was changed, looked up, refused or read back otherwise.
  std::vector<AuditRow> rows() const;
};

}  // namespace dirsync::vault
