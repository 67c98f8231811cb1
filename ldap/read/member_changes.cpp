#include "ldap/read/member_changes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "ldap/errors.hpp"
#include "ldap/read/member_log.hpp"
#include "ldap/read/some_entries.hpp"
#include "ldap/search/attributes.hpp"
#include "ldap/search/suffix.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using MaybeChanges = std::optional<MemberChanges>;

/// Bytes of changes. What is more is read as fast with the group itself, and a server takes no filter of any
/// length.
constexpr std::size_t kMostText = 50'000;

/// The log is not there, or not to be seen, or too long for a limit: that is no failure of the directory.
bool is_silence(boost::system::error_code code) {
  constexpr std::array kSilence{LdapErrc::base_missing, LdapErrc::not_readable, LdapErrc::size_limit,
                                LdapErrc::time_limit,   LdapErrc::admin_limit,  LdapErrc::referral,
                                LdapErrc::refused};
  return std::ranges::any_of(kSilence, [code](LdapErrc silent) { return code == silent; });
}

/// DN of the log's root; empty: the server names none.
Result<std::string> find_log(ReadContext const& context) {
  auto const root = read_if_shown(context.connection, root_dse_search({"namingContexts"}));
  if (!root) return root.error();
  auto const suffix = suffix_of(root->all("namingcontexts"), context.settings.groups.base);
  if (suffix.empty()) return std::string{};
  auto const entry = read_if_shown(context.connection,
                                   entry_search("looking for the log of changes", suffix, {"auditContext"}));
  if (!entry) return entry.error();
  return entry->first("auditcontext");
}

Search log_search(std::string const& log, std::string const& dn, std::string const& when,
                  std::vector<std::string> attributes) {
  return {
      .what = "asking the log for the changes of a group",
      .base = log,
      .scope = Scope::one,
      .filter = "(&(objectClass=auditWriteObject)(reqResult=0)(reqDN=" + filter_value(dn) + ")" + when + ")",
      .attributes = std::move(attributes)};
}

/// Whether the log holds the change that made the group what it was when it was read, so that it goes back as
/// far. The stamp knows no less than milliseconds: of two changes in one nobody can tell which of them it
/// was.
Result<bool> goes_back(ReadContext const& context, std::string const& log, std::string const& dn,
                       Time changed) {
  auto const when = "(entryCSN>=" + first_csn_of(changed) +
                    ")(!(entryCSN>=" + first_csn_of(changed + std::chrono::milliseconds{1}) + "))";
  auto const found = search_all(context.connection, log_search(log, dn, when, {"1.1"}), context.paging(),
                                [](EntryReader&) { return Result<void>{}; });
  if (!found && is_silence(found.error().code)) return false;
  if (!found) return found.error();
  return found->entries == 1;
}

Result<std::optional<std::vector<LoggedChange>>> later_changes(ReadContext const& context,
                                                               std::string const& log, std::string const& dn,
                                                               Time changed) {
  std::vector<LoggedChange> changes;
  std::size_t size = 0;
  auto const when = "(entryCSN>=" + first_csn_of(changed + std::chrono::milliseconds{1}) + ")";
  auto const keep = [&changes, &size](EntryReader& entry) -> Result<void> {
    Attributes shown;
    shown.add(entry);
    auto const& classes = shown.all("objectclass");
    LoggedChange change{.csn = shown.first("entrycsn"), .is_modify = false, .mods = shown.all("reqmod")};
    // Without a number nobody can tell when it was.
    change.is_modify = !change.csn.empty() && std::ranges::any_of(classes, [](auto const& name) {
      return ascii_iequal(name, "auditModify");
    });
    for (auto const& mod : change.mods) size += mod.size();
    if (size > kMostText) return Error{LdapErrc::admin_limit, "too many changes to look at one by one"};
    changes.push_back(std::move(change));
    return {};
  };
  auto const found =
      search_all(context.connection, log_search(log, dn, when, {"objectClass", "entryCSN", "reqMod"}),
                 context.paging(), keep);
  if (!found && is_silence(found.error().code)) return std::optional<std::vector<LoggedChange>>{};
  if (!found) return found.error();
  return std::optional{std::move(changes)};
}

/// `list`: empty: none was changed.
bool list_counts(GroupKinds const& kinds, std::string_view list) {
  auto const& named = kinds.member_attributes;
  return named.empty() || list.empty() ||
         std::ranges::any_of(named, [list](auto const& one) { return ascii_iequal(one, list); });
}

/// What a group fits that has members by no other list than this: a value may stand in several. Of attributes
/// that the server lacks it would not be true, and not false either.
std::string no_other_list(Schema const& schema, std::string_view list) {
  std::vector<std::string_view> lists{"memberURL"};
  if (!list.empty())
    lists.insert(lists.end(), {"member", "uniqueMember", "roleOccupant", "memberUid", "ipaExternalMember"});
  std::string any;
  for (auto const other : lists)
    if (other != list && schema.type(other)) any += "(" + std::string{other} + "=*)";
  auto const own = schema.type(list);
  for (Schema::TypeIndex type = 0; own && type < schema.types().size(); ++type)
    if (type != *own && schema.is_kind_of(type, *own)) any += "(" + schema[type].key + "=*)";
  return any.empty() ? any : "(!(|" + any + "))";
}

/// What the group fits if it is as its changes make it.
std::string filter_of_members(NetMembers const& net) {
  auto const has = [&net](std::string const& value) {
    return "(" + std::string{net.list} + "=" + filter_value(value) + ")";
  };
  std::string all;
  for (auto const& value : net.changes.added) all += has(value);
  for (auto const& value : net.changes.removed) all += "(!" + has(value) + ")";
  return all;
}

/// Whether the group is as its changes make it, and there is none that the log does not tell. A server keeps
/// those out of it that it makes on its own, such as slapo-refint(5) where an entry is renamed.
Result<bool> is_so(ReadContext const& context, GroupOnceRead const& group, NetMembers const& net,
                   std::string const& last_csn) {
  auto const wanted = "(&" + filter_of_ids(context.flavour, {group.id}) + filter_of_members(net) +
                      no_other_list(context.schema, net.list) + ")";
  Search const search{.what = "looking whether a group is as the log says",
                      .base = context.settings.groups.base,
                      .scope = context.settings.groups.scope,
                      .filter = and_filter(group_filter(context), wanted),
                      .attributes = {"entryCSN"}};
  DnKeys const keys{context.schema};
  auto const dn = keys.key(group.dn);
  auto as_told = false;
  auto const found = search_all(
      context.connection, search, context.paging(),
      [&keys, &dn, &as_told, &last_csn, &group](EntryReader& entry) {
        Attributes shown;
        auto const is_there = dn && keys.key(entry.dn()) == dn;
        shown.add(entry);
        auto const csn = shown.first("entrycsn");
        as_told = is_there && (last_csn.empty() ? stamp_of_csn(csn) == group.changed : csn == last_csn);
        return Result<void>{};
      });
  if (!found) return found.error();
  return found->entries == 1 && as_told;
}

}  // namespace

Result<std::optional<MemberChanges>> read_member_changes(Settings const& settings, Opened& opened,
                                                         GroupOnceRead const& group) {
  auto const changed = group.changed.time();
  // The millisecond after it is to be a time as well.
  if (!changed || *changed > Time::max() - std::chrono::milliseconds{1}) return MaybeChanges{};
  auto const context = opened.context(settings);
  auto const is_id = !filter_of_ids(context.flavour, {group.id}).empty();
  if (context.flavour.flavour != Flavour::openldap || !is_id) return MaybeChanges{};
  auto const log = find_log(context);
  if (!log) return log.error();
  if (log->empty()) return MaybeChanges{};
  auto const reaches = goes_back(context, *log, group.dn, *changed);
  if (!reaches) return reaches.error();
  if (!*reaches) return MaybeChanges{};
  auto changes = later_changes(context, *log, group.dn, *changed);
  if (!changes) return changes.error();
  if (!*changes) return MaybeChanges{};
  std::string last_csn;
  for (auto const& change : **changes) last_csn = std::max(last_csn, change.csn);
  auto net = net_members(std::move(**changes), context.schema);
  if (!net || !list_counts(settings.group_kinds, net->list)) return MaybeChanges{};
  auto const so = is_so(context, group, *net, last_csn);
  if (!so) return so.error();
  return *so ? MaybeChanges{std::move(net->changes)} : MaybeChanges{};
}

}  // namespace dirsync::ldap
