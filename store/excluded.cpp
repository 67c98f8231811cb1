// Groups that rules exclude, by id.
#include "store/write.hpp"

namespace dirsync::store {

Result<ExcludedGroups> Store::excludes(std::string const& rule) {
  static constexpr char kSelect[] = "SELECT dn, entry_id FROM excluded WHERE rule = ? ORDER BY dn";
  return database_->reading("excluded groups cannot be read", [this, &rule]() -> Result<ExcludedGroups> {
    ExcludedGroups groups;
    auto query = database_->query(kSelect);
    for (query.with(rule); query.step();) groups.emplace(query.text(0), EntryId{query.text(1)});
    return groups;
  });
}

Result<void> Store::keep_excludes(std::string const& rule, ExcludedGroups const& groups) {
  static constexpr char kDelete[] = "DELETE FROM excluded WHERE rule = ?";
  static constexpr char kInsert[] = "INSERT INTO excluded (rule, dn, entry_id) VALUES (?, ?, ?)";
  return write("excluded groups cannot be kept", [this, &rule, &groups]() -> Result<void> {
    database_->query(kDelete).with(rule).run();
    for (auto const& [dn, id] : groups) database_->query(kInsert).with(rule, dn, id.value()).run();
    return {};
  });
}

}  // namespace dirsync::store
