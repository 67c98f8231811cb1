#include "sync/console/target.hpp"

#include <algorithm>
#include <set>

#include "sync/console/api/errors.hpp"
#include "sync/console/api/names.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::console {
namespace {
using boost::asio::awaitable;

constexpr char kWhyPeopleWait[] =
    ": the console makes one at their first LDAP login. "
    "dirsyncd creates nobody: that would be a local login with a password of its own, "
    "might clash with the console's own user for them, and might send mail; "
    "users = \"create\" does it all the same";

Error bad_settings(std::string text) { return Error{ConsoleErrc::bad_settings, std::move(text)}; }

std::string any_name_can_be_removed(std::string_view) { return {}; }

char const* to_text(MembersWay way) {
  switch (way) {
    case MembersWay::console_groups:
      return "users of each console group";
    case MembersWay::group_members:
      return "membership records of each group";
    case MembersWay::each_user:
      return "groups of each user";
  }
  return "";
}
}  // namespace

Result<std::unique_ptr<ConsoleTarget>> ConsoleTarget::open(Settings settings,
                                                           std::unique_ptr<http::Client> client,
                                                           Clock const& clock) {
  auto profile = profile_named(settings.profile);
  if (!profile)
    return bad_settings("profile '" + settings.profile +
                        "' is not known; use auto, pulse-2.0, pulse-2.0.2 or infer-3");
  if (settings.user.empty()) return bad_settings("auth.user is empty; name the console's service user");
  if (settings.user.find(':') != std::string::npos)
    return bad_settings("auth.user holds a ':', which the console's login cannot carry");
  if (settings.page_size < 1) return bad_settings("page_size must be at least 1");
  if (settings.api_version != "auto") profile->api_version = settings.api_version;
  return std::unique_ptr<ConsoleTarget>(
      new ConsoleTarget(std::move(settings), std::move(*profile), std::move(client), clock));
}

ConsoleTarget::ConsoleTarget(Settings settings, Profile profile, std::unique_ptr<http::Client> client,
                             Clock const& clock)
    : settings_(std::move(settings)),
      profile_(std::move(profile)),
      client_(std::move(client)),
      session_(*client_, clock, settings_, profile_),
      reader_(session_, profile_, settings_.page_size, settings_.http.pace.concurrency),
      users_(context()),
      new_users_(context(), users_, clock),
      groups_(context(), clock) {}

TargetTraits ConsoleTarget::traits() const {
  TargetTraits traits;
  traits.kind = TargetKind::console;
  traits.group_names_fold_case = false;
  traits.one_write_per_user = true;
  traits.concurrency = settings_.http.pace.concurrency;
  traits.refuse_group_name = [this](std::string_view name) {
    return refused_new_name_because(name, profile_, settings_);
  };
  traits.refuse_removal = any_name_can_be_removed;
  if (settings_.create_users)
    traits.refuse_user_name = bad_user_name_because;
  else
    traits.why_people_wait = kWhyPeopleWait;
  return traits;
}

awaitable<Result<void>> ConsoleTarget::enter() {
  if (!session_.organization().empty()) co_return Result<void>{};
  auto organization = co_await find_organization();
  if (!organization) co_return organization.error();
  session_.use_organization(std::move(*organization));
  co_return Result<void>{};
}

awaitable<Result<Observed>> ConsoleTarget::read() {
  reader_.reset_figures();
  reader_.forget_way();  // what the console lacked in the last run is tried again
  if (auto const entered = co_await enter(); !entered) co_return entered.error();
  auto const lists = co_await read_lists();
  if (!lists) {
    session_.use_organization(
        {});  // it may have been replaced by another of its name: the next read looks anew
    co_return lists.error();
  }
  auto observed = observe(*lists, session_.organization(), profile_, settings_);
  last_read_ = last_read_of(*lists, observed);
  observed.product = profile_.product + ", api " + session_.api_version();
  observed.certificate = certificate_of(*lists);
  co_return observed;
}

awaitable<Result<std::string>> ConsoleTarget::find_organization() {
  auto const organizations = co_await reader_.organizations();
  if (!organizations) co_return organizations.error();
  if (settings_.organization.empty()) {
    if (organizations->size() == 1) co_return organizations->front().id;
    co_return co_await own_organization();
  }
  auto const named = std::ranges::count(*organizations, settings_.organization, &Organization::name);
  if (named == 1)
    co_return std::ranges::find(*organizations, settings_.organization, &Organization::name)->id;
  Error error{ConsoleErrc::ambiguous,
              named == 0 ? "the service user sees no organization '" + settings_.organization +
                               "'; check its spelling and the service user's place in the tree"
                         : "the console has " + std::to_string(named) + " organizations '" +
                               settings_.organization + "'; rename all but one"};
  co_return error;
}

/// Without the organization header the scope is that of the token, so the service user is in the list.
awaitable<Result<std::string>> ConsoleTarget::own_organization() {
  auto const users = co_await reader_.users();
  if (!users) co_return users.error();
  std::set<std::string> organizations;  // of users of that name: there may be one in each
  for (auto const& user : *users)
    if (fold_case(user.name) == fold_case(settings_.user)) organizations.insert(user.organization);
  if (organizations.size() == 1 && !organizations.begin()->empty()) co_return *organizations.begin();
  Error error{
      ConsoleErrc::ambiguous,
      "the console does not tell the service user's own organization; set organization for this target"};
  co_return error;
}

awaitable<Result<Lists>> ConsoleTarget::read_lists() {
  Lists lists;
  auto roles = co_await reader_.roles();
  if (!roles) co_return roles.error();
  lists.roles = std::move(*roles);
  auto groups = co_await reader_.groups();
  if (!groups) co_return groups.error();
  lists.groups = std::move(*groups);
  auto members = co_await reader_.members_of_each(lists.groups);
  if (!members) co_return members.error();
  lists.members = std::move(*members);
  // Last, so that whoever joined a group meanwhile is in the list.
  auto users = co_await reader_.users();
  if (!users) co_return users.error();
  lists.users = std::move(*users);
  co_return lists;
}

Certificate ConsoleTarget::certificate_of(Lists const& lists) const {
  auto const& figures = reader_.figures();
  Certificate certificate;
  certificate.clauses.push_back(
      {"paging", true, "every page is the one asked for; distinct ids equal the total"});
  certificate.clauses.push_back({"organization", true, session_.organization()});
  certificate.clauses.push_back({"members", true, to_text(reader_.way())});
  certificate.searches = figures.lists;
  certificate.pages = figures.pages;
  certificate.entries = lists.groups.size() + lists.users.size();
  for (auto const& members : lists.members) certificate.values += members.size();
  if (!settings_.http.urls.empty()) certificate.server = settings_.http.urls.front();
  return certificate;
}

awaitable<Result<std::optional<TargetGroup>>> ConsoleTarget::read_group(std::string group_id,
                                                                        Observed const& users) {
  auto const group = co_await reader_.group(group_id);
  if (!group) co_return group.error();
  if (!*group) co_return std::optional<TargetGroup>{};
  UsersByGroup by_group;
  auto const members = co_await reader_.members(group_id, by_group);
  if (!members) co_return members.error();
  auto found = target_group(**group, *members, users.users);
  found.protected_because =
      protected_because(**group, *members, service_user_id(users.users, settings_), profile_, settings_);
  co_return std::optional<TargetGroup>{std::move(found)};
}

/// It takes in nobody from a directory.
awaitable<MappingAnswer> ConsoleTarget::ask_mapping(std::string) { co_return MappingAnswer{}; }

awaitable<std::vector<Applied>> ConsoleTarget::apply(std::vector<Change> batch) {
  DIRSYNC_ASSERT(!batch.empty());
  std::function<awaitable<std::vector<Applied>>(rest::Sending&)> const work =
      [this, &batch](rest::Sending& sending) { return write(sending, batch); };
  co_return co_await rest::send_and_settle(batch.size(), work);
}

awaitable<std::vector<Applied>> ConsoleTarget::write(rest::Sending& sending, std::vector<Change> batch) {
  if (batch.front().new_user) co_return co_await new_users_.apply(sending, std::move(batch));
  if (batch.front().verb == Verb::add || batch.front().verb == Verb::remove)
    co_return co_await users_.apply(sending, std::move(batch));
  std::vector<Applied> answers;
  for (auto& change : batch) {
    auto answer = co_await write_group(sending, std::move(change));
    answers.push_back(std::move(answer));
  }
  co_return answers;
}

awaitable<Applied> ConsoleTarget::write_group(rest::Sending& sending, Change change) {
  switch (change.verb) {
    case Verb::create_group:
      return groups_.create(sending, std::move(change));
    case Verb::delete_group:
      return groups_.remove(sending, std::move(change));
    default:
      return groups_.rename(sending, std::move(change));
  }
}

void ConsoleTarget::forget_read() { last_read_ = {}; }

awaitable<void> ConsoleTarget::close() {
  co_await session_.close();
  reader_.forget_way();
}

}  // namespace dirsync::console
