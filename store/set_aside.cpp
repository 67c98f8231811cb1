// Objects that failed and are left alone for a while.
#include "store/write.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {

SetAside read_set_aside(Query const& row) {
  return {.target = row.text(0),
          .group = row.text(1),
          .principal = row.text(2),
          .reason = row.text(3),
          .attempts = static_cast<int>(row.integer(4)),
          .next_try = row.time(5)};
}

bool fits(std::string const& wanted, std::string const& name) {
  return wanted.empty() || fold_case(wanted) == fold_case(name);
}

}  // namespace

Result<std::vector<SetAside>> Store::set_aside(std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT target, group_name, principal, reason, attempts, next_try FROM set_aside WHERE target = ? "
      "ORDER BY group_name, principal";
  return database_->attempt("what is set aside cannot be read",
                            [this, &target]() -> Result<std::vector<SetAside>> {
                              std::vector<SetAside> objects;
                              auto query = database_->query(kSelect);
                              for (query.with(target); query.step();)
                                objects.push_back(read_set_aside(query));
                              return objects;
                            });
}

Result<std::vector<SetAside>> Store::all_set_aside() {
  static constexpr char kSelect[] =
      "SELECT target, group_name, principal, reason, attempts, next_try FROM set_aside "
      "ORDER BY target, group_name, principal";
  return database_->attempt("what is set aside cannot be read", [this]() -> Result<std::vector<SetAside>> {
    std::vector<SetAside> objects;
    auto query = database_->query(kSelect);
    while (query.step()) objects.push_back(read_set_aside(query));
    return objects;
  });
}

Result<void> Store::replace_set_aside(std::string const& target, std::span<SetAside const> objects) {
  static constexpr char kDelete[] = "DELETE FROM set_aside WHERE target = ?";
  static constexpr char kUpsert[] =
      "INSERT INTO set_aside (target, group_name, principal, reason, attempts, next_try) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (target, group_name, principal) DO UPDATE "
      "SET reason = excluded.reason, attempts = excluded.attempts, next_try = excluded.next_try";
  return write("what is set aside cannot be recorded", [this, &target, objects]() -> Result<void> {
    database_->query(kDelete).with(target).run();
    for (auto const& object : objects)
      database_->query(kUpsert)
          .with(target, object.group, object.principal, object.reason, object.attempts, object.next_try)
          .run();
    return {};
  });
}

Result<std::vector<SetAside>> Store::retry(RetryWish const& wish, std::string const& actor, Time now) {
  static constexpr char kUpdate[] =
      "UPDATE set_aside SET next_try = ? WHERE target = ? AND group_name = ? AND principal = ?";
  static constexpr char kSelect[] =
      "SELECT target, group_name, principal, reason, attempts, next_try FROM set_aside "
      "ORDER BY target, group_name, principal";
  return write(
      "what is set aside cannot be changed", [this, &wish, &actor, now]() -> Result<std::vector<SetAside>> {
        std::vector<SetAside> meant;
        {
          auto query = database_->query(kSelect);
          while (query.step()) {
            auto object = read_set_aside(query);
            if ((wish.target.empty() || wish.target == object.target) && fits(wish.group, object.group) &&
                fits(wish.user, object.principal))
              meant.push_back(std::move(object));
          }
        }
        for (auto& object : meant) {
          object.next_try = now;
          database_->query(kUpdate).with(now, object.target, object.group, object.principal).run();
          AuditRow row;
          row.time = now;
          row.phase = "retry";
          row.target = object.target;
          row.group = object.group;
          row.principal = object.principal;
          row.actor = actor;
          row.result = "retried";
          row.detail = "set aside after " + std::to_string(object.attempts) + " attempts: " + object.reason;
          append_row(*database_, std::move(row));
        }
        return meant;
      });
}

}  // namespace dirsync::store
