#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "sync/model/dn.hpp"
#include "sync/model/member_book.hpp"

namespace dirsync {
namespace {

using Number = std::uint32_t;
constexpr auto kNone = std::numeric_limits<Number>::max();

/// Of entries of two reads, in the order of their ids.
struct Pairs {
  std::vector<Number> later;  // by number before; kNone: it is gone
  std::vector<Number> fresh;  // numbers of the later read alone
};

template <typename IdBefore, typename IdLater>
Pairs pair_up(std::span<Number const> before, IdBefore const& id_before, std::span<Number const> later,
              IdLater const& id_later) {
  Pairs pairs;
  pairs.later.assign(before.size(), kNone);
  auto one = before.begin();
  for (auto const number : later) {
    auto const id = id_later(number);
    while (one != before.end() && id_before(*one) < id) ++one;
    if (one != before.end() && id_before(*one) == id)
      pairs.later[*one++] = number;
    else
      pairs.fresh.push_back(number);
  }
  return pairs;
}

bool is_same_dn(std::string_view before, std::string_view later) {
  if (before == later) return true;
  auto const one = normalized_dn(before), other = normalized_dn(later);
  return one && other && *one == *other;
}

}  // namespace

class MemberBook::Comparison {
 public:
  Comparison(MemberBook const& before, MemberBook const& later, std::size_t most)
      : before_(before),
        later_(later),
        most_(most),
        people_(pair_up(
            before.by_id_, [&before](Number number) { return before.people_[number]; }, later.by_id_,
            [&later](Number number) { return later.people_[number]; })),
        groups_(pair_up(
            before.groups_by_id_, [&before](Number number) { return before.groups_[number].id; },
            later.groups_by_id_, [&later](Number number) { return later.groups_[number].id; })),
        is_fresh_(later.people_.size(), false) {
    for (auto const number : people_.fresh) is_fresh_[number] = true;
  }

  std::vector<Difference> run() {
    compare_people();
    compare_groups();
    return std::move(found_);
  }

 private:
  void note(std::string_view entry, std::string_view by = {}) {
    if (found_.size() < most_) found_.push_back({EntryId{std::string{entry}}, EntryId{std::string{by}}});
  }

  void compare_people() {
    for (Number number = 0; number < people_.later.size(); ++number) {
      auto const now = people_.later[number];
      if (now == kNone || before_.marks_[number] != later_.marks_[now]) note(before_.people_[number]);
    }
    for (auto const number : people_.fresh) note(later_.people_[number]);
  }

  void compare_groups() {
    for (Number number = 0; number < groups_.later.size(); ++number) {
      auto const& before = before_.groups_[number];
      auto const now = groups_.later[number];
      if (now == kNone || !is_same_dn(before.dn, later_.groups_[now].dn)) note(before.id);
      if (now == kNone) continue;
      compare_members(before, later_.groups_[now]);
      compare_above(before, later_.groups_[now]);
    }
    for (auto const number : groups_.fresh) note(later_.groups_[number].id);
  }

  /// Of people whom both reads have.
  void compare_members(Group const& before, Group const& later) {
    std::vector<Number> then, now;
    for (auto const& people : {before.people, std::span<Number const>{before.joined}})
      for (auto const person : people)
        if (people_.later[person] != kNone) then.push_back(people_.later[person]);
    std::ranges::sort(then);
    auto const is_known = [this](Number person) { return !is_fresh_[person]; };
    std::ranges::copy_if(later.people, std::back_inserter(now), is_known);
    std::vector<Number> others;
    std::ranges::set_symmetric_difference(then, now, std::back_inserter(others));
    for (auto const person : others) note(before.id, later_.people_[person]);
  }

  /// The list that differs is that of the group above. Of groups that both reads have.
  void compare_above(Group const& before, Group const& later) {
    std::vector<Number> then;
    for (auto const group : before.above)
      if (groups_.later[group] != kNone) then.push_back(groups_.later[group]);
    std::ranges::sort(then);
    std::vector<Number> others;
    std::ranges::set_symmetric_difference(then, later.above, std::back_inserter(others));
    for (auto const group : others)
      if (!std::ranges::count(groups_.fresh, group)) note(later_.groups_[group].id, before.id);
  }

  MemberBook const& before_;
  MemberBook const& later_;
  std::size_t most_;
  Pairs people_, groups_;
  std::vector<bool> is_fresh_;  // by number of the later read
  std::vector<Difference> found_;
};

std::vector<MemberBook::Difference> MemberBook::differences(MemberBook const& later, std::size_t most) const {
  return Comparison{*this, later, most}.run();
}

}  // namespace dirsync
