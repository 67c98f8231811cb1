#include "tests/support/fakes/scene.hpp"

#include <algorithm>

#include "sync/plan/judge/frozen.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::fake {

std::vector<std::string> Planned::changes() const {
  std::vector<std::string> words;
  for (auto const& change : judged.changes)
    words.push_back(change.target + ": " + to_text(change.verb) + " " + change.group +
                    (change.principal.empty() ? "" : " " + change.principal) +
                    (change.unconfirmed ? "?"
                     : change.blocked   ? "!"
                                        : ""));
  return words;
}

std::vector<std::string> Planned::notices(std::string const& target) const {
  std::vector<std::string> words;
  for (auto const& notice : judged.targets.at(target).notices)
    words.push_back(notice.code + (notice.group.empty() ? "" : " " + notice.group) +
                    (notice.principal.empty() ? "" : " " + notice.principal));
  return words;
}

std::set<std::string> Planned::reasons() const {
  std::set<std::string> codes;
  for (auto const& reason : judged.reasons) codes.insert(reason.code);
  return codes;
}

Reason const* Planned::reason(std::string const& code) const {
  auto const found = std::ranges::find(judged.reasons, code, &Reason::code);
  return found == judged.reasons.end() ? nullptr : &*found;
}

Change const* Planned::change(std::string const& words) const {
  auto const all = changes();
  auto const found = std::ranges::find(all, words);
  return found == all.end() ? nullptr : &judged.changes[static_cast<std::size_t>(found - all.begin())];
}

Scene::Scene() {
  directories["corp"];
  targets["vault"].traits = vault_traits();
  rules.push_back(fake::rule("all", "vault"));
}

Scene::Side& Scene::console() {
  if (targets.contains("console")) return targets.at("console");
  rules.push_back(fake::rule("console", "console"));
  targets["console"].traits = console_traits();
  return targets.at("console");
}

Rule& Scene::rule(std::string const& name) { return *std::ranges::find(rules, name, &Rule::name); }

void Scene::granted(std::string const& group, std::vector<std::string> const& users,
                    std::string const& target) {
  auto& side = targets.at(target);
  auto const& name = std::ranges::find(rules, target, &Rule::target)->name;
  for (auto const& user : users)
    if (side.world.find_user(user) == nullptr)
      side.world.user(user, side.traits.matches_by_dn ? dn_of_person(user) : "",
                      side.traits.matches_by_dn ? UserSource::directory : UserSource::unknown);
  side.world.group(group, users);
  for (auto const& user : users) side.managed.grants.push_back(grant(side.world, group, user, name));
  side.managed.groups.push_back(managed_group(side.world, group, name));
}

void Scene::in_sync(std::string const& group, std::vector<std::string> const& users) {
  for (auto const& user : users)
    if (!corp().people.contains(user)) corp().person(user);
  corp().group(group, users);
  granted(group, users);
}

plan::Input Scene::input(Planned const& planned) const {
  plan::Input input{.rules = rules,
                    .views = planned.views,
                    .targets = {},
                    .unread_targets = unread_targets,
                    .unread_directories = {},
                    .limits = limits,
                    .facts = facts};
  for (auto const& [name, side] : targets)
    input.targets.push_back({.name = name,
                             .traits = side.traits,
                             .observed = &side.world.observed,
                             .managed = &side.managed,
                             .domains = side.domains,
                             .replace_stale_groups = side.replace_stale_groups});
  return input;
}

plan::JudgeInput Scene::judge_input(plan::Input const& input, Planned const& planned,
                                    std::map<std::string, bool> const& folds_case) const {
  plan::JudgeInput judged{
      .rules = rules,
      .limits = limits,
      .target_limits = target_limits,
      .known_rules = {},
      .new_settings = plan::compare_with_kept(input, planned.desired, planned.draft, folds_case),
      .freezes = freezes};
  for (auto const& [rule, memory] : facts.rules) judged.known_rules.insert(rule);
  return judged;
}

void Scene::remember(std::string const& name) { facts.rules[name] = {plan::settings_text(rule(name))}; }

std::unique_ptr<Planned> Scene::plan() {
  auto planned = std::make_unique<Planned>();
  for (auto& [name, directory] : directories) {
    directory.name = name;
    std::vector<GroupQuery> queries;
    for (auto const& one : rules)
      if (one.directory == name) queries.push_back({one.name, one.selection});
    auto const& snapshot = planned->snapshots.emplace(name, directory.snapshot(queries)).first->second;
    auto const view =
        planned->views
            .emplace(name, plan::DirectoryView{name, &snapshot, disabled, kBase, account_states, now})
            .first;
    view->second.normalized_base = directory.base;
    view->second.join = directory.join_attribute;
  }
  auto const input = this->input(*planned);
  std::map<std::string, bool> folds_case;
  for (auto const& [name, side] : targets) folds_case.emplace(name, side.traits.group_names_fold_case);
  planned->desired = plan::desire(rules, planned->views, folds_case, facts.excluded);
  planned->draft = plan::draft(input, planned->desired);
  plan::freeze_changes(planned->draft, freezes);
  auto judged = planned->draft;
  planned->judged = plan::judge(judged, judge_input(input, *planned, folds_case), refused);
  return planned;
}

}  // namespace dirsync::fake
