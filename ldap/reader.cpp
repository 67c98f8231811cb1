#include "ldap/reader.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "ldap/flavour.hpp"
#include "ldap/referral.hpp"
#include "ldap/search.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kGroupClasses[] =
    "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";

std::string both(std::string const& left, std::string const& right) {
  return right.empty() ? left : "(&" + left + right + ")";
}

/// Alone each must be whole: "(a=b)(c=d)" or "(a=b))(|(c=d)" would change what is around it.
Result<void> require_whole(std::string const& filter, std::string const& setting) {
  if (filter.empty()) return {};
  auto const parsed = Filter::parse(filter);
  // A matching rule that only the server knows is the server's business.
  if (parsed || parsed.error().code == FilterErrc::unsupported) return {};
  return Error{LdapErrc::bad_filter, setting + ": " + parsed.error().context};
}

std::vector<std::string> attribute_list(std::set<std::string> names, std::initializer_list<char const*> own) {
  for (auto const* name : own) names.insert(name);
  return {names.begin(), names.end()};
}

bool is_id(EntryReader const& entry) {
  return ascii_iequal(entry.name(), "entryUUID") && !entry.values().empty();
}

/// Attributes in the form that the builder takes; memory is used again for the next entry.
class Collected {
 public:
  void clear() { used_ = 0; }
  void add(std::string_view name, std::span<berval const> values) {
    if (used_ == attributes_.size()) attributes_.emplace_back();
    auto& attribute = attributes_[used_++];
    attribute.name = name;
    attribute.values.clear();
    for (auto const& value : values) attribute.values.push_back(view(value));
  }
  std::span<SnapshotBuilder::Attribute const> all() const { return {attributes_.data(), used_}; }

 private:
  std::vector<SnapshotBuilder::Attribute> attributes_;
  std::size_t used_ = 0;
};

class Read {
 public:
  Read(Settings const& settings, DirectoryQuery const& query, Connection& connection)
      : settings_(settings), query_(query), connection_(connection), builder_(settings.name) {}

  Result<Snapshot> run() {
    if (auto const whole = require_whole_filters(); !whole) return whole.error();
    if (auto const known = require_supported_flavour(connection_, settings_); !known) return known.error();
    for (auto const* area : {&settings_.users, &settings_.groups})
      if (auto const readable = require_base(*area); !readable) return readable.error();
    // Groups first: someone deleted in between leaves a value that names nobody, which costs no one access.
    if (auto const groups = read_groups(); !groups) return groups.error();
    if (auto const people = read_people(); !people) return people.error();
    for (auto const& rule : query_.rules)
      if (auto const selected = select(rule); !selected) return selected.error();
    return std::move(builder_).build(certificate());
  }

 private:
  Result<void> require_whole_filters() const {
    auto const where = "directory " + settings_.name + ", ";
    if (auto const whole = require_whole(settings_.users.filter, where + "users.filter"); !whole)
      return whole;
    if (auto const whole = require_whole(settings_.groups.filter, where + "groups.filter"); !whole)
      return whole;
    for (auto const& rule : query_.rules)
      if (auto const* matching = std::get_if<GroupQuery::Matching>(&rule.selection))
        if (auto const whole = require_whole(matching->filter, where + "rule " + rule.rule); !whole)
          return whole;
    return {};
  }

  /// An entry may be hidden by an ACL while what is below it is not, and the other way round: a base that
  /// can not be read proves nothing about the rest.
  Result<void> require_base(Area const& area) {
    Search const search{"reading the base entry", area.base, Scope::base, "(objectClass=*)", {"1.1"}};
    auto const found = search_few(connection_, search, [](EntryReader&) { return Result<void>{}; });
    if (!found) return found.error();
    count("base " + printable(area.base), *found);
    if (found->entries == 1) return {};
    return Error{LdapErrc::base_missing,
                 connection_.place() + ": the base entry \"" + printable(area.base) +
                     "\" is not shown; check its spelling and that the bind DN may read it"};
  }

  Error unreadable(EntryReader const& entry, std::string const& lacking) const {
    return {LdapErrc::not_readable, connection_.place() + ": entry \"" + printable(entry.dn()) +
                                        "\" shows no " + lacking + "; give the bind DN read access to it"};
  }

  Result<EntryId> id_of(EntryReader const& entry, std::string_view uuid) const {
    if (uuid.empty()) return unreadable(entry, "entryUUID");
    return EntryId{ascii_lower(uuid)};
  }

  Result<void> read_people() {
    auto const filter = settings_.users.filter.empty() ? "(objectClass=*)" : settings_.users.filter;
    Search const search{"search for people", settings_.users.base, settings_.users.scope, filter,
                        attribute_list(query_.person_attributes, {"entryuuid", "uid"})};
    auto const figures = search_all(connection_, search, settings_.page_size,
                                    [this](EntryReader& entry) { return add_person(entry); });
    if (!figures) return figures.error();
    count("people", *figures);
    return {};
  }

  Result<void> add_person(EntryReader& entry) {
    std::string_view uuid;
    collected_.clear();
    while (entry.next()) {
      if (is_id(entry))
        uuid = view(entry.values()[0]);
      else
        collected_.add(entry.name(), entry.values());
      // The values' array is gone after the next step; the text stays in the message.
    }
    auto id = id_of(entry, uuid);
    if (!id) return id.error();
    builder_.add_person(std::move(*id), entry.dn(), collected_.all());
    return {};
  }

  Result<void> read_groups() {
    Search const search{"search for groups", settings_.groups.base, settings_.groups.scope,
                        both(kGroupClasses, settings_.groups.filter),
                        attribute_list(query_.group_attributes,
                                       {"entryuuid", "objectclass", "member", "uniquemember", "memberuid"})};
    auto const figures = search_all(connection_, search, settings_.page_size,
                                    [this](EntryReader& entry) { return add_group(entry); });
    if (!figures) return figures.error();
    count("groups", *figures);
    return {};
  }

  Result<void> add_group(EntryReader& entry) {
    std::string_view uuid;
    auto has_classes = false, needs_dns = false;
    collected_.clear();
    member_dns_.clear();
    member_uids_.clear();
    while (entry.next()) {
      auto const name = entry.name();
      auto const values = entry.values();
      if (is_id(entry)) {
        uuid = view(values[0]);
      } else if (ascii_iequal(name, "member") || ascii_iequal(name, "uniqueMember")) {
        member_dns_.insert(member_dns_.end(), values.begin(), values.end());
      } else if (ascii_iequal(name, "memberUid")) {
        member_uids_.assign(values.begin(), values.end());
      } else if (name.find(';') != std::string_view::npos && ascii_lower(name).find("member") == 0) {
        return Error{LdapErrc::not_readable, connection_.place() + ": entry \"" + printable(entry.dn()) +
                                                 "\" gives its members in part, as " + printable(name) +
                                                 "; lift the server's limit on values of one attribute"};
      } else if (ascii_iequal(name, "objectClass")) {
        has_classes = true;
        needs_dns = std::ranges::any_of(values, [](berval const& value) {
          return ascii_iequal(view(value), "groupOfNames") || ascii_iequal(view(value), "groupOfUniqueNames");
        });
        if (query_.group_attributes.contains("objectclass")) collected_.add(name, values);
      } else {
        collected_.add(name, values);
      }
    }
    auto id = id_of(entry, uuid);
    if (!id) return id.error();
    if (!has_classes) return unreadable(entry, "objectClass");
    // RFC 4519, 3.5 and 3.6: these classes have a member always, so none means hidden, not empty.
    if (needs_dns && member_dns_.empty())
      return unreadable(entry, "member or uniqueMember, which its class must have");
    auto const group = builder_.add_group(std::move(*id), entry.dn(), collected_.all());
    for (auto const& value : member_dns_) builder_.add_member_dn(group, view(value));
    for (auto const& value : member_uids_) builder_.add_member_uid(group, view(value));
    values_ += member_dns_.size() + member_uids_.size();
    return {};
  }

  Result<void> select(GroupQuery const& rule) {
    if (auto const* named = std::get_if<GroupQuery::Named>(&rule.selection)) {
      for (auto const& dn : named->dns) builder_.select_dn(rule.rule, dn);
      return {};
    }
    if (auto const* top = std::get_if<GroupQuery::MembersOf>(&rule.selection)) {
      builder_.select_members_of(rule.rule, top->dn);
      return {};
    }
    auto const& matching = std::get<GroupQuery::Matching>(rule.selection);
    Search const search{"search for the groups of rule " + rule.rule,
                        settings_.groups.base,
                        settings_.groups.scope,
                        both(both(kGroupClasses, settings_.groups.filter), matching.filter),
                        {"entryuuid"}};
    auto const figures = search_all(connection_, search, settings_.page_size,
                                    [this, &rule](EntryReader& entry) -> Result<void> {
                                      std::string_view uuid;
                                      while (entry.next())
                                        if (is_id(entry)) uuid = view(entry.values()[0]);
                                      auto const id = id_of(entry, uuid);
                                      if (!id) return id.error();
                                      builder_.select(rule.rule, *id);
                                      return {};
                                    });
    if (!figures) return figures.error();
    count("rule " + rule.rule, *figures);
    return {};
  }

  void count(std::string const& what, SearchFigures const& figures) {
    ++certificate_.searches;
    certificate_.pages += figures.pages;
    certificate_.entries += figures.entries;
    counts_ += (counts_.empty() ? "" : ", ") + what + " " + std::to_string(figures.entries);
  }

  /// Reached only when every search succeeded; each clause names what was required on the way.
  Certificate certificate() const {
    auto certificate = certificate_;
    certificate.server = connection_.uri();
    certificate.values = values_;
    auto const searches = std::to_string(certificate.searches) + " searches";
    certificate.clauses = {
        {"result-codes", true, searches + " ended with 0"},
        {"referrals", true, connection_.referrals().summary()},
        {"paging", true, std::to_string(certificate.pages) + " pages, last cookies empty, none repeated"},
        {"base-readable", true, printable(settings_.users.base) + " and " + printable(settings_.groups.base)},
        {"entry-count", true, counts_},
        {"ids", true, "every entry had its entryUUID, none twice"},
        {"members-readable", true, std::to_string(values_) + " member values; no group hid its own"},
    };
    for (auto const& reason : connection_.passed_over())
      certificate.clauses.push_back({"passed-over", true, reason});
    if (!settings_.tls.verify)
      certificate.clauses.push_back({"tls", true, "the server's certificate was not verified"});
    return certificate;
  }

  Settings const& settings_;
  DirectoryQuery const& query_;
  Connection& connection_;
  SnapshotBuilder builder_;
  Certificate certificate_;
  std::string counts_;
  std::uint64_t values_ = 0;
  Collected collected_;
  std::vector<berval> member_dns_, member_uids_;  // of the current entry; text in its message
};

}  // namespace

Result<Snapshot> read_directory(Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  return Read{settings, query, *connection}.run();
}

}  // namespace dirsync::ldap
