#include "sync/plan/people/key_book.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync::plan {

KeyBook::KeyBook(Snapshot const& snapshot, std::string attribute, Comparison rule)
    : snapshot_(snapshot), attribute_(std::move(attribute)), rule_(rule), keys_(snapshot.people().size()) {
  auto const people = snapshot.people();
  people_.reserve(people.size());
  for (PersonIndex person = 0; person < people.size(); ++person) {
    auto key = key_in(person);
    if (!key) continue;
    auto const [first, is_first] = people_.emplace(*key, person);
    if (is_first) {
      keys_[person] = *std::move(key);
      continue;
    }
    auto& bearers = shared_[*key];
    if (bearers.empty()) bearers.push_back(first->second);
    bearers.push_back(person);
  }
  for (auto const& [key, bearers] : shared_) {
    people_.erase(key);
    keys_[bearers.front()].clear();
  }
}

std::optional<std::string> KeyBook::key_in(PersonIndex person) const {
  auto const values = snapshot_.people()[person].values(attribute_);
  return values.size() == 1 ? key_of_value(values[0]) : std::nullopt;
}

std::optional<PersonIndex> KeyBook::person(std::string const& key) const {
  auto const found = people_.find(key);
  return found == people_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<PersonIndex> KeyBook::bearers(std::string const& key) const {
  if (auto const only = person(key)) return {*only};
  auto const several = shared_.find(key);
  return several == shared_.end() ? std::vector<PersonIndex>{} : several->second;
}

std::string KeyBook::shared_key(PersonIndex person) const {
  auto key = key_in(person);
  return key && shared_.contains(*key) ? *std::move(key) : std::string{};
}

std::string KeyBook::described(PersonIndex person) const {
  return attribute_ + " " + printable(snapshot_.people()[person].values(attribute_)[0]);
}

std::string KeyBook::dns(std::vector<PersonIndex> const& people) const {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t at = 0; at < std::min(people.size(), kShown); ++at)
    text += (at == 0 ? "" : " and ") + std::string{snapshot_.people()[people[at]].dn};
  return text + (people.size() > kShown ? " and more" : "");
}

std::string KeyBook::why_none(PersonIndex person) const {
  auto const values = snapshot_.people()[person].values(attribute_);
  if (values.size() > 1) return "has several values of " + attribute_;
  if (!key_in(person)) return "has no " + attribute_ + " that can be read";
  return "shares " + described(person) + " with another entry of directory " + snapshot_.directory();
}

}  // namespace dirsync::plan
