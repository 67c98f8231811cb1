#include "tests/faults/oracle.hpp"

namespace dirsync::test {

std::string title_of(Side side) { return side == Side::vault ? "Vault" : "console"; }

Memberships without(Memberships const& all, Memberships const& others) {
  Memberships left;
  for (auto const& [group, members] : all) {
    auto const other = others.find(group);
    for (auto const& member : members)
      if (other == others.end() || !other->second.contains(member)) left[group].insert(member);
  }
  return left;
}

Memberships with(Memberships all, Memberships const& more) {
  for (auto const& [group, members] : more) all[group].insert(members.begin(), members.end());
  return all;
}

std::size_t count(Memberships const& all) {
  std::size_t sum = 0;
  for (auto const& [group, members] : all) sum += members.size();
  return sum;
}

std::string in_words(Memberships const& all) {
  std::string text;
  for (auto const& [group, members] : all)
    for (auto const& member : members) text += (text.empty() ? "" : ", ") + member + " in " + group;
  return text;
}

void Harm::judge_run(Memberships const& before, Memberships const& after, Memberships const& justified,
                     Memberships const& by_hand) {
  auto const taken = without(before, after);
  removed = with(removed, without(taken, without(taken, with(justified, by_hand))));
  added = with(added, without(without(without(after, before), justified), by_hand));
}

void Harm::judge_rest(Memberships const& after, Memberships const& justified, Memberships const& by_hand) {
  forgotten = with(forgotten, without(without(after, justified), by_hand));
}

}  // namespace dirsync::test
