#include "daemon/doctor/plan_checks.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "sync/model/anyone.hpp"
#include "sync/model/counted.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace {

constexpr std::size_t kShownOfACode = 3, kLongestText = 600;  // bytes

/// What a notice stands for that has nothing wrong to tell; all others warn.
constexpr std::array<std::string_view, 9> kHarmless{"waiting",        "foreign",           "effective",
                                                    "protected",      "dn-check",          "united",
                                                    "renamed-source", "unchecked-mapping", "directory-group"};
/// What keeps a group from being there at all.
constexpr std::array<std::string_view, 3> kBad{"refused-name", "collision", "unknown-attribute"};

template <std::size_t N>
bool has(std::array<std::string_view, N> const& codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}

/// Notices of one code, those that say the same of several together.
class Folded {
 public:
  void add(std::string const& name, std::string const& text) {
    if (count_++ == 0) remedy_ = told_by({{}, text}).remedy;
    auto said = printable(told_by({{}, about_anyone(text, name)}).what, kLongestText);
    auto const [at, is_new] = places_.emplace(std::move(said), alike_.size());
    if (is_new) alike_.push_back({.text = &at->first});
    auto& alike = alike_[at->second];
    ++alike.count;
    if (alike.names.size() < kShownOfACode && !name.empty()) alike.names.push_back(printable(name));
  }
  std::string text() const {
    std::vector<std::string> shown;
    auto rest = count_;
    for (auto const& alike : alike_) {
      if (shown.size() == kShownOfACode) break;
      shown.push_back(words_of(alike));
      rest -= alike.count;
    }
    return std::to_string(count_) + ": " + join(shown, " | ") +
           (rest == 0 ? std::string{} : " | and " + std::to_string(rest) + " more");
  }
  std::string what_to_do(char const* otherwise) const { return remedy_.empty() ? otherwise : remedy_; }

 private:
  struct Alike {
    std::string const* text = nullptr;
    std::size_t count = 0;
    std::vector<std::string> names{};  // the first few
  };
  static std::string words_of(Alike const& alike) {
    auto const& names = alike.names;
    if (names.empty()) return *alike.text;
    auto const rest = alike.count - names.size();
    return join(names, ", ") + (rest == 0 ? std::string{} : " and " + std::to_string(rest) + " more") + ": " +
           *alike.text;
  }

  std::size_t count_ = 0;
  std::map<std::string, std::size_t> places_;  // in `alike_`, by text
  std::vector<Alike> alike_;
  std::string remedy_;
};

constexpr char kShow[] = "dirsyncd plan";

}  // namespace

void judge_plan(Plan const& plan, std::string const& target, CheckList& checks) {
  auto const found = plan.targets.find(target);
  if (found == plan.targets.end()) return checks.skip("plan", "no plan was made for it");
  auto const& ours = found->second;
  if (ours.verdict == Verdict::refuse) {
    for (auto const& reason : ours.reasons) {
      auto told = told_by({{}, reason.text});
      checks.fail("plan-" + reason.code, told.what,
                  told.remedy.empty() ? "see the other checks of the side that is named" : told.remedy,
                  kShow);
    }
    return;
  }
  std::map<std::string, Folded> notices, blocked;
  for (auto const& notice : ours.notices)
    notices[notice.code].add(notice.principal.empty() ? notice.group : notice.principal, notice.text);
  std::size_t to_send = 0;
  for (auto const& change : plan.changes) {
    if (change.target != target) continue;
    if (change.blocked)
      blocked[change.blocked->code].add(change.principal.empty() ? change.group : change.principal,
                                        change.blocked->text);
    else
      ++to_send;
  }
  checks.ok("plan",
            std::string{"a plan can be made: "} + counted(to_send, "change", "changes") + ", verdict " +
                to_text(ours.verdict),
            kShow);
  for (auto const& reason : ours.reasons) {
    if (!reason.fails) continue;
    auto told = told_by({{}, reason.text});
    checks.fail("plan-" + reason.code, told.what,
                told.remedy.empty() ? "correct the rule, or set allow_empty = true in it" : told.remedy,
                kShow);
  }
  for (auto const& [code, folded] : blocked)
    checks.fail("plan-blocked-" + code, folded.text(), folded.what_to_do("see `dirsyncd plan`"), kShow);
  for (auto const& [code, folded] : notices) {
    auto const id = "plan-" + code;
    if (has(kHarmless, code))
      checks.ok(id, folded.text(), kShow);
    else if (has(kBad, code))
      checks.fail(id, folded.text(), folded.what_to_do("see `dirsyncd plan`"), kShow);
    else
      checks.warn(id, folded.text(), folded.what_to_do("see `dirsyncd plan`"), kShow);
  }
}

}  // namespace dirsync::doctor
