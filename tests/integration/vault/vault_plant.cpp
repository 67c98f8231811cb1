#include "tests/integration/vault/vault_plant.hpp"

#include <gtest/gtest.h>

namespace dirsync::vault {

VaultPlant::VaultPlant(std::string const& profile, std::chrono::milliseconds total)
    : vault{plant.io, profile, {}, total} {
  plant.setup.rules.pop_back();
  plant.setup.targets.pop_back();
  plant.setup.targets.front().target = &vault.target();
  plant.setup.directories.front().policy.band = {1000, 1000, 1000};
  plant.rule("vault").adopt = true;
}

void VaultPlant::person(std::string const& uid, std::string const& name) {
  plant.corp.world.person(uid);
  vault.edit(sim::json::object{
      {"op", "create-user"}, {"username", name}, {"source", "LDAP"}, {"userDN", fake::dn_of_person(uid)}});
}

void VaultPlant::settle() {
  auto const report = plant.run();
  EXPECT_EQ(report.exit, engine::Exit::done);
  for (auto const& words : engine::outcomes(report)) EXPECT_TRUE(words.ends_with(": done")) << words;
  plant.journal.audit.clear();
  vault.forget();
}

std::vector<AuditRow> VaultPlant::rows() const {
  auto rows = plant.journal.audit;
  auto const last = plant.journal.runs.back().id;
  std::erase_if(rows, [last](AuditRow const& row) {
    return row.run != last || row.target.empty() || row.phase == "run";
  });
  return rows;
}

}  // namespace dirsync::vault
