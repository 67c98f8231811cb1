#include "ldap/examine/examine.hpp"

#include <algorithm>
#include <set>
#include <thread>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/errors.hpp"
#include "ldap/examine/referral_entries.hpp"
#include "ldap/examine/sample.hpp"
#include "ldap/examine/servers.hpp"
#include "ldap/search/attributes.hpp"
#include "ldap/search/referral.hpp"
#include "ldap/search/schema.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

UtcTime now_in_utc() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// The look itself, on one connection; ends where the connection does.
class Examiner {
 public:
  Examiner(Settings const& settings, ExaminationRequest const& request, Examination& found)
      : settings_(settings), request_(request), found_(found) {
    // What lies elsewhere is counted and told; the rest is to be seen all the same.
    if (settings_.referrals.mode == ReferralSettings::Mode::error)
      settings_.referrals.mode = ReferralSettings::Mode::ignore;
  }

  void run() {
    auto connection = try_servers(settings_, stop_, found_);
    if (!connection) return;
    found_.server = connection->uri();
    if (auto const looked = look(*connection); !looked) found_.stopped = looked.error();
    found_.referrals.ignored = connection->referrals().ignored();
    if (found_.stopped || found_.people.base_error || found_.groups.base_error) return;
    auto surveyed = survey(settings_, stop_);
    if (surveyed)
      found_.survey = std::move(*surveyed);
    else
      found_.survey_error = surveyed.error();
  }

 private:
  Result<void> look(Connection& connection) {
    auto const flavour = find_flavour(connection, settings_);
    if (!flavour) return flavour.error();
    found_.flavour = *flavour;
    if (auto const root = read_root(connection); !root) return root;
    auto const schema = read_schema(connection, *flavour, nullptr);
    if (!schema) return schema.error();
    found_.schema_remark = schema->schema->remark();
    auto const& traits = traits_of(*flavour);
    auto const classes = group_classes(*schema->schema, traits, settings_.group_kinds);
    if (!classes) return classes.error();
    DirectoryQuery const query;
    look_at_entries({.connection = connection,
                     .settings = settings_,
                     .flavour = traits,
                     .query = query,
                     .schema = *schema->schema,
                     .classes = *classes});
    return {};
  }

  Result<void> read_root(Connection& connection) {
    found_.our_time = now_in_utc();
    auto const root = read_if_shown(connection, root_dse_search({"currentTime", "vendorName", "vendorVersion",
                                                                 "supportedLDAPVersion", "dnsHostName"}));
    if (!root) return root.error();
    found_.server_time = parse_generalized_time(root->first("currenttime"));
    found_.version = root->first("vendorversion");
    return {};
  }

  void look_at_entries(ReadContext const& context) {
    look_at_area(context, settings_.users, people_filter(context), found_.people);
    look_at_area(context, settings_.groups, group_filter(context), found_.groups);
    found_.people.may_be_empty = request_.may_have_no_people;
    found_.groups.may_be_empty = request_.may_have_no_groups;
    std::vector<SampledEntry> people, groups;
    if (found_.people.entries > 0) people = sample(context, settings_.users, found_.people, true);
    if (found_.groups.entries > 0) groups = sample(context, settings_.groups, found_.groups, false);
    found_.sampled_people = people.size();
    found_.sampled_groups = groups.size();
    found_.attributes = attributes_shown(request_.attributes, context.schema, people, groups);
    found_.members = look_at_members(context, groups);
    if (!found_.groups.base_error)
      for (auto const& rule : request_.rules) look_at_rule(context, rule);
    if (!people.empty())
      for (auto const& asked : request_.compared)
        found_.filters.push_back(compare_answers(context, asked, people));
    look_for_referrals(context, people, groups);
  }

  void look_at_area(ReadContext const& context, Area const& area, std::string const& filter,
                    AreaFinding& finding) {
    finding.base = area.base;
    finding.filter = filter;
    finding.scope = area.scope;
    auto const base =
        search_few(context.connection, entry_search("reading the base entry", area.base, {"1.1"}),
                   [](EntryReader&) { return Result<void>{}; });
    if (!base || base->entries != 1) {
      finding.base_error =
          base ? Error{LdapErrc::base_missing,
                       context.connection.place() + ": the base entry \"" + printable(area.base) +
                           "\" is not shown; check its spelling and that the bind DN may "
                           "read it"}
               : base.error();
      return;
    }
    auto const counted = count(context, area, filter, "counting entries");
    if (counted)
      finding.entries = *counted;
    else
      finding.search_error = counted.error();
  }

  static Result<std::uint64_t> count(ReadContext const& context, Area const& area, std::string const& filter,
                                     std::string what) {
    Search const search{.what = std::move(what),
                        .base = area.base,
                        .scope = area.scope,
                        .filter = filter,
                        .attributes = {"1.1"}};
    auto const figures =
        search_all(context.connection, search, context.paging(), [](EntryReader&) { return Result<void>{}; });
    if (!figures) return figures.error();
    return figures->entries;
  }

  /// An error here is the area's own, which its count has told or tells.
  std::vector<SampledEntry> sample(ReadContext const& context, Area const& area, AreaFinding& finding,
                                   bool of_people) {
    std::set<std::string> names;
    for (auto const& asked : request_.attributes)
      if (asked.of_people == of_people) names.insert(asked.name);
    if (of_people) {
      for (auto const& asked : request_.compared)
        if (auto const filter = Filter::parse(asked.text))
          names.insert(filter->attributes().begin(), filter->attributes().end());
    } else {
      names.insert(context.flavour.group_attributes.begin(), context.flavour.group_attributes.end());
    }
    auto entries = sample_of(context, area, finding.filter, {names.begin(), names.end()});
    if (entries) return std::move(*entries);
    if (!finding.search_error) finding.search_error = entries.error();
    return {};
  }

  void look_at_rule(ReadContext const& context, AskedFilter const& rule) {
    auto& finding = found_.rules.emplace_back();
    finding.asked = rule;
    auto const counted = count(context, settings_.groups, and_filter(found_.groups.filter, rule.text),
                               "counting the groups of " + rule.where);
    if (counted)
      finding.entries = *counted;
    else
      finding.error = counted.error();
  }

  void look_for_referrals(ReadContext const& context, std::vector<SampledEntry> const& people,
                          std::vector<SampledEntry> const& groups) {
    std::set<std::string> dns;
    for (auto const* const area : {&settings_.users, &settings_.groups}) {
      std::vector<std::string> below;
      // Where they cannot be searched for, `ignored` still counts what the searches met.
      if (find_referral_entries(context.connection, area->base, settings_.page_size, below))
        dns.insert(below.begin(), below.end());
    }
    auto& referrals = found_.referrals;
    referrals.entries = dns.size();
    std::vector<std::string> const all{dns.begin(), dns.end()};
    referrals.dns.assign(all.begin(),
                         all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kExamples)));
    if (all.empty()) return;
    std::vector<std::string> seen;
    for (auto const* const entries : {&people, &groups})
      for (auto const& entry : *entries) seen.push_back(entry.dn);
    referrals.narrower_base = base_without_referrals(seen, all);
  }

  Settings settings_;
  ExaminationRequest const& request_;
  Examination& found_;
  Stop stop_;
};

}  // namespace

Examination examine(Settings const& settings, ExaminationRequest const& request) {
  Examination found;
  std::thread{[&settings, &request, &found] {
    block_broken_pipes();
    Examiner{settings, request, found}.run();
  }}.join();
  return found;
}

}  // namespace dirsync::ldap
