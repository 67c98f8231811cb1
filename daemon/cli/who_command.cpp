// who.
#include <boost/json.hpp>

#include "daemon/cli/context.hpp"
#include "daemon/cli/looks.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/when.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using Names = std::optional<std::vector<std::string>>;

struct AskedMembers {
  AskedGroup group;
  std::optional<Time> at;
  std::vector<store::HeldInterval> members;
  Names foreign;  // nothing: not known, or not asked for
};

json::value since_value(store::HeldInterval const& held) {
  return held.since ? json::value(rfc3339(*held.since)) : json::value{};
}

json::object document_of(AskedMembers const& answer) {
  json::array members;
  for (auto const& held : answer.members)
    members.push_back({{"principal", as_utf8(held.principal)},
                       {"dn", as_utf8(held.dn)},
                       {"id", held.id.value()},
                       {"rule", held.rule},
                       {"since", since_value(held)},
                       {"path", as_utf8(held.path)}});
  json::object document{{"group", as_utf8(answer.group.name)},
                        {"target", answer.group.target},
                        {"at", answer.at ? json::value(rfc3339(*answer.at)) : json::value{}},
                        {"members", std::move(members)}};
  if (answer.at) return document;
  auto& foreign = document["foreign"];
  if (!answer.foreign) return document;
  foreign = json::array{};
  for (auto const& name : *answer.foreign) foreign.as_array().push_back(json::string{as_utf8(name)});
  return document;
}

std::string people(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " member" : " members");
}

std::string who_view(AskedMembers const& answer) {
  auto const when = answer.at ? " at " + rfc3339(*answer.at) : std::string{};
  auto view = answer.group.target + ", group " + printable(answer.group.name) + when + ": " +
              people(answer.members.size()) + " because of dirsyncd\n";
  std::vector<std::vector<std::string>> rows{{"PRINCIPAL", "SINCE", "RULE", "PATH"}};
  for (auto const& held : answer.members)
    rows.push_back({held.principal, held.since ? rfc3339(*held.since) : "not known", held.rule,
                    held.path.empty() ? held.dn : held.path});
  if (rows.size() > 1) view += table(rows);
  if (answer.at) return view;
  if (!answer.foreign) return view + "Who else is in it is not known: no run has read its members yet.\n";
  if (answer.foreign->empty()) return view;
  auto const name = [](std::string const& one) { return std::string_view{one}; };
  return view + "Not because of dirsyncd, as of the last run that read the target: " +
         printable(join(*answer.foreign, ", ", name), std::string::npos) + "\n";
}

}  // namespace

Answer who_answer(config::Config const& config, store::Store& store, AccessQuestion const& question) {
  auto const intervals = store.intervals();
  auto group = asked_group(question, config, intervals);
  if (!group) return refusal(group.error());
  if (!group->flaw.empty()) return refusal(kUsage, "usage", group->flaw);
  if (!group->kept)
    return refusal(kUsage, "usage",
                   "dirsyncd never had anything in a group \"" + printable(question.group) +
                       "\"; give a group's name in the target, not in the directory");
  AskedMembers answer{.group = *std::move(group), .at = question.at, .members = {}, .foreign = {}};
  auto members = intervals.members(answer.group.kept->number, answer.at);
  if (!members) return refusal(members.error());
  answer.members = *std::move(members);
  if (!answer.at) {
    auto foreign = intervals.foreign(answer.group.target, answer.group.kept->id);
    if (!foreign) return refusal(foreign.error());
    answer.foreign = *std::move(foreign);
  }
  return {.document = json::serialize(document_of(answer)), .text = who_view(answer)};
}

int show_who(Arguments const& arguments) {
  std::optional<Time> at;
  if (!read_when(arguments, "--at", arguments.at, at)) return kUsage;
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  AccessQuestion const question{.group = arguments.group, .target = arguments.target, .at = at};
  return show_answer(arguments, who_answer(*config, state->store, question), Palette::plain());
}

}  // namespace dirsync::cli
