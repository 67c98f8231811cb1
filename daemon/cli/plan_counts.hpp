#pragma once
// How many changes of which kind, in figures and in words.
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "sync/model/plan.hpp"

namespace dirsync::cli {

struct PlanCounts {
  std::map<Verb, std::uint64_t> to_send;
  std::uint64_t blocked = 0, unconfirmed = 0, frozen = 0;
  std::uint64_t leavers = 0;  // of those to send: they need not wait for a person

  void count(Change const& change);
  bool has_any() const { return !to_send.empty() || blocked + unconfirmed + frozen > 0; }
};

PlanCounts counts_of(std::span<Change const> changes);

/// Whether something in it is sent only once a person approved it.
bool waits_for_a_person(Plan const& plan);

/// "12 to add, 3 to remove, 1 group to create"; empty where there is none.
std::string planned_words(std::map<Verb, std::uint64_t> const& counts);
/// "12 added, 3 removed, 1 group created"; the same.
std::string done_words(std::map<Verb, std::uint64_t> const& counts);
/// "12 to add, 3 to remove; 2 blocked; 4 wait for confirmation"; the same.
std::string words_of(PlanCounts const& counts);

}  // namespace dirsync::cli
