#include "daemon/init/group_names.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "sync/model/name_template.hpp"
#include "sync/model/text.hpp"

namespace dirsync::init {
namespace {

/// What people put in front of the names of groups that are meant for such a target.
constexpr std::array<std::string_view, 6> kVaultWords{"pam", "vault", "cyberark", "pvwa", "priv", "safe"};
constexpr std::array<std::string_view, 6> kConsoleWords{"iot", "pulse", "plant", "infer", "edge", "gateway"};

bool means(TargetKind kind, std::string_view word) {
  auto const folded = ascii_lower(word);
  auto const& words = kind == TargetKind::vault ? kVaultWords : kConsoleWords;
  return std::ranges::find(words, folded) != words.end();
}

/// "pam-" where names begin with it; of several the one that most names have.
std::string telling_prefix(std::span<std::string const> names, TargetKind kind) {
  std::map<std::string, std::pair<std::size_t, std::string>> prefixes;  // folded: how often, as first spelled
  for (auto const& name : names) {
    auto const at = name.find_first_of("-_.:");
    if (at == name.npos || at + 1 == name.size() || !means(kind, name.substr(0, at))) continue;
    auto const prefix = name.substr(0, at + 1);
    auto& [count, spelled] = prefixes[ascii_lower(prefix)];
    if (count++ == 0) spelled = prefix;
  }
  auto const most = std::ranges::max_element(prefixes, {}, [](auto const& one) { return one.second.first; });
  return most == prefixes.end() ? std::string{} : most->second.second;
}

std::string everything(ldap::Flavour flavour) {
  return flavour == ldap::Flavour::active_directory ? "(&(cn=*)(!(isCriticalSystemObject=TRUE)))" : "(cn=*)";
}

bool begins_with(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() && ascii_iequal(name.substr(0, prefix.size()), prefix);
}

std::string escaped_argument(std::string_view text) {
  std::string escaped;
  for (auto const c : text) {
    if (std::string_view{":|{}\\"}.find(c) != std::string_view::npos) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::optional<std::string> name_by(NameTemplate const& made, std::string_view cn) {
  std::array const values{cn};
  std::array const entry{AttributeView{"cn", values}};
  auto const names = made.names(entry);
  return names.empty() ? std::nullopt : std::optional{names.front()};
}

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    for (end = at + 1; end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;) ++end;
    letters.push_back(text.substr(at, end - at));
  }
  return letters;
}

class Namer {
 public:
  Namer(std::vector<std::string> selected, GroupNamesWanted const& wanted)
      : selected_(std::move(selected)), wanted_(wanted) {}

  std::vector<std::string> refused_by(NameTemplate const& made) const {
    std::vector<std::string> refused;
    for (auto const& cn : selected_) {
      auto const name = name_by(made, cn);
      if (!name || !wanted_.refuse(*name).empty()) refused.push_back(cn);
    }
    return refused;
  }

  /// `made` with those characters replaced that the target does not take, by what leaves the fewest names
  /// refused; `made` where no names of their own come of it.
  NameTemplate made_safe(NameTemplate const& made) const {
    std::set<std::string> unsafe;
    for (auto const& cn : refused_by(made)) {
      auto const name = name_by(made, cn).value_or("");
      for (auto const letter : letters_of(name))
        if (!wanted_.refuse("a" + std::string{letter} + "a").empty()) unsafe.emplace(letter);
    }
    auto best = made;
    auto fewest = refused_by(made).size();
    for (auto const* const with : {".", "-", "_"}) {
      auto candidate = made;
      for (auto const& letter : unsafe)
        if (auto replaced = NameTemplate::parse(candidate.with_replaced(letter, with)))
          candidate = *std::move(replaced);
      auto const refused = refused_by(candidate).size();
      if (refused >= fewest || !gives_each_its_own(candidate)) continue;
      best = std::move(candidate);
      fewest = refused;
    }
    return best;
  }

 private:
  bool gives_each_its_own(NameTemplate const& made) const {
    std::set<std::string> given;
    return std::ranges::all_of(selected_, [&made, &given](std::string const& cn) {
      auto const name = name_by(made, cn);
      return !name || given.insert(fold_case(*name)).second;
    });
  }

  std::vector<std::string> selected_;
  GroupNamesWanted const& wanted_;
};

}  // namespace

GroupNames propose_group_names(std::span<std::string const> names, GroupNamesWanted const& wanted) {
  GroupNames proposal;
  auto const prefix = wanted.filter.empty() ? telling_prefix(names, wanted.kind) : std::string{};
  std::vector<std::string> selected;
  for (auto const& name : names)
    if (begins_with(name, prefix)) selected.push_back(name);
  // Which of them a filter of the person's own finds is the server's to say.
  proposal.selected = wanted.filter.empty() ? selected.size() : 0;
  std::string text = "{cn}";
  if (!wanted.filter.empty()) {
    proposal.filter = wanted.filter;
  } else if (!prefix.empty()) {
    proposal.filter = "(cn=" + prefix + "*)";
    text = "{cn|remove_prefix:" + escaped_argument(prefix) + "}";
    proposal.reasons.push_back(std::to_string(selected.size()) + " of " + std::to_string(names.size()) +
                               " groups have a name that begins with \"" + prefix +
                               "\", which seems to say that they are meant for this target.");
  } else {
    proposal.filter = everything(wanted.flavour);
    proposal.reasons.push_back(
        "No name tells which groups are meant for this target, so these are all of them: narrow it before "
        "the "
        "first plan is approved, such as \"(cn=pam-*)\".");
  }
  Namer const namer{std::move(selected), wanted};
  auto const first = NameTemplate::parse(text).value();
  auto const safe = namer.made_safe(first);
  if (safe.text() != first.text())
    proposal.reasons.push_back(
        "Some names hold characters that the target does not take; the template replaces them.");
  proposal.group_name = safe.text();
  proposal.refused = namer.refused_by(safe);
  return proposal;
}

}  // namespace dirsync::init
