#include "daemon/doctor/watched_sides.hpp"

#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kMostDamages = 3;

Error left_out() {
  return {make_error_code(boost::system::errc::operation_canceled),
          "not read by this look; see its other checks"};
}

}  // namespace

asio::awaitable<Result<Snapshot>> WatchedDirectory::read(DirectoryQuery query) {
  if (inner_ == nullptr) co_return left_out();
  auto snapshot = co_await inner_->read(std::move(query));
  auto& seen = seen_.emplace();
  if (!snapshot) {
    seen.error = snapshot.error();
    co_return snapshot;
  }
  seen.people = snapshot->people().size();
  seen.groups = snapshot->groups().size();
  seen.values = snapshot->value_count();
  seen.unresolved = unresolved_by_cause(*snapshot, bases_);
  seen.damages = snapshot->damages().size();
  for (auto const& damage : snapshot->damages())
    if (seen.damaged.size() < kMostDamages)
      seen.damaged.push_back("\"" + printable(entry_of(*snapshot, damage).dn) + "\"");
  co_return snapshot;
}

Certificate WatchedDirectory::proven() const { return inner_ == nullptr ? Certificate{} : inner_->proven(); }

asio::awaitable<Result<std::vector<Presence>>> WatchedDirectory::look_for(std::vector<EntryProbe> probes) {
  if (inner_ == nullptr) co_return left_out();
  co_return co_await inner_->look_for(std::move(probes));
}

asio::awaitable<Result<Observed>> WatchedTarget::read() {
  if (left_out_) co_return left_out();
  auto observed = co_await inner_->read();
  auto& seen = seen_.emplace();
  if (!observed) {
    seen.error = observed.error();
    co_return observed;
  }
  seen.product = observed->product;
  seen.users = observed->users.size();
  seen.groups = observed->groups.size();
  seen.clauses = observed->certificate.clauses;
  co_return observed;
}

asio::awaitable<Result<std::optional<TargetGroup>>> WatchedTarget::read_group(std::string group_id,
                                                                              Observed const& users) {
  return inner_->read_group(std::move(group_id), users);
}

asio::awaitable<MappingAnswer> WatchedTarget::ask_mapping(std::string domain) {
  return inner_->ask_mapping(std::move(domain));
}

asio::awaitable<std::vector<Applied>> WatchedTarget::apply(std::vector<Change> batch) {
  std::vector<Applied> answers(batch.size());
  for (auto& answer : answers) answer.outcome = Outcome::skipped;
  co_return answers;
}

asio::awaitable<void> WatchedTarget::close() { return inner_->close(); }

}  // namespace dirsync::doctor
