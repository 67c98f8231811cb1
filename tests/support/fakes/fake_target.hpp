#pragma once
#include <functional>
#include <map>
#include <optional>

#include "sync/ports/target.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {

/// A small Vault or console in memory. Every write takes a few turns of the event loop, so that what may run
/// at the same time does.
class FakeTarget final : public Target {
 public:
  enum class Fate {
    works,
    fails,          // refused; nothing done
    lost_but_done,  // done; the answer is lost, and no look follows here
    lost_not_done,  // the request is lost
    lies,           // answers success and does nothing
    takes_another,  // answers that it let in somebody else of that name, whom it tells
    target_down,    // refused, and no further write makes sense
  };
  struct Call {
    std::vector<Change> batch;
  };

  explicit FakeTarget(TargetTraits traits) : traits_(traits) {}

  TargetWorld world;
  std::optional<Error> read_failure, look_failure;
  /// Whom the directories behind it let in: DNs by domain and logon name. Nothing: anybody.
  std::optional<std::map<std::string, std::map<std::string, std::string>>> domains;
  bool tells_mappings = true;    // else it says of no domain whether it has it
  std::set<std::string> hidden;  // names of groups that read() does not list and read_group() still reads
  std::set<std::string> out_of_sight;  // the same, and read_group() says that there is none
  std::function<Fate(Change const&)> fate = [](Change const&) { return Fate::works; };
  std::function<void(Change const&)> on_send = [](Change const&) {};
  std::function<void(Observed&)> on_read = [](Observed&) {};  // what a read is about to show
  std::function<void()> on_look = [] {};                      // before one group is read

  std::vector<Call> calls;
  std::vector<std::string>
      log;  // "send add ops ann", "answer add ops ann", in the order in which they happened
  int reads = 0, looks = 0;
  std::vector<SomeOfTarget> partial_reads;  // what each was asked for
  int requests = 0;                         // changes that were not refused before they were sent
  std::size_t most_in_flight = 0, most_looks_in_flight = 0;
  bool overlapped =
      false;  // two calls at once in one group, or for one user where a call carries a whole user
  std::set<std::string> looked_at;

  TargetTraits traits() const override { return traits_; }
  boost::asio::awaitable<Result<Observed>> read() override;
  boost::asio::awaitable<Result<Observed>> read_some(SomeOfTarget wanted) override;
  boost::asio::awaitable<Result<std::optional<TargetGroup>>> read_group(std::string group_id,
                                                                        Observed const& users) override;
  boost::asio::awaitable<MappingAnswer> ask_mapping(std::string domain) override;
  boost::asio::awaitable<std::vector<Applied>> apply(std::vector<Change> batch) override;
  boost::asio::awaitable<void> close() override { co_return; }
  /// "add ops ann" for every change sent, in order.
  std::vector<std::string> sent() const;
  void forget_calls();

 private:
  Applied carry_out(Change const& change);
  std::string refusal(Change const& change) const;
  Applied effect(Change const& change);
  Applied create(Change const& change);
  Applied rename(TargetGroup& group, Change const& change);
  Applied erase(TargetGroup const& group);
  Applied change_member(TargetGroup& group, Change const& change);
  Applied let_in_another(Change const& change);
  Applied provision(TargetGroup& group, Change const& change);
  Applied nest(TargetGroup& group, Change const& change);
  Applied nest_known(TargetGroup& group, Change const& change, std::string const& member);
  bool is_taken(std::string const& name, std::string const& by_others_than) const;

  TargetTraits traits_;
  std::multiset<std::string> in_flight_;
  std::size_t calls_in_flight_ = 0, looks_in_flight_ = 0;
};

/// "add ops ann"
std::string in_words(Change const& change);

}  // namespace dirsync::fake
