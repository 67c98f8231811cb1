#include "sync/vault/vault_target.hpp"

#include <algorithm>

#include "sync/rest/outcomes.hpp"
#include "sync/rest/sending.hpp"
#include "sync/vault/group_writer.hpp"
#include "sync/vault/member_writer.hpp"
#include "sync/vault/protection.hpp"
#include "sync/vault/provisioner.hpp"
#include "sync/vault/read_checks.hpp"
#include "sync/vault/reader.hpp"
#include "sync/vault/requests.hpp"
#include "sync/vault/session.hpp"
#include "sync/vault/steps.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {

struct VaultTarget::Parts {
  Parts(std::string given_name, Settings given_settings, std::unique_ptr<http::Client> given_pvwa,
        std::unique_ptr<http::Client> given_identity)
      : name{std::move(given_name)},
        settings{std::move(given_settings)},
        pvwa{std::move(given_pvwa)},
        identity{std::move(given_identity)} {}
  std::string name;
  Settings settings;
  std::unique_ptr<http::Client> pvwa, identity;
  Session session{settings, *pvwa, identity.get()};
  Reader reader{settings, session};
  Steps steps{session, reader};
  GroupWriter groups{settings, reader, steps};
  MemberWriter members{steps};
  Provisioner provisioner{settings, session, reader};

  void begin_run();
  asio::awaitable<Applied> write(rest::Sending& sending, Change change);
  asio::awaitable<std::vector<Applied>> write_each(rest::Sending& sending, std::vector<Change> batch);
};

namespace {

std::string why_no_removal(std::string_view name) {
  auto const why = why_not_addressable(name);
  return why.empty() ? why
                     : why + "; take the member out in the PrivateArk client, or rename it in the Vault";
}

std::string why_no_addition(std::string_view name) {
  auto const why = why_not_addressable(name);
  return why.empty()
             ? why
             : why + "; nobody is added who could not be taken out again: give them another logon name";
}

}  // namespace

VaultTarget::VaultTarget(std::string name, Settings settings, std::unique_ptr<http::Client> pvwa,
                         std::unique_ptr<http::Client> identity)
    : parts_{std::make_unique<Parts>(std::move(name), std::move(settings), std::move(pvwa),
                                     std::move(identity))} {}
VaultTarget::~VaultTarget() = default;

TargetTraits VaultTarget::traits() const {
  TargetTraits traits;
  traits.kind = TargetKind::vault;
  traits.matches_by_dn = true;
  traits.group_names_fold_case = true;
  traits.concurrency = parts_->settings.http.pace.concurrency;
  traits.refuse_group_name = [parts = parts_.get()](std::string_view name) {
    auto const why = why_no_new_group(name, parts->settings);
    return why.empty() ? why : why + "; give the rule a group_name without it";
  };
  traits.refuse_removal = why_no_removal;
  traits.refuse_addition = why_no_addition;
  traits.members_by_name = true;
  traits.tells_deleted = false;
  if (parts_->settings.method == AuthMethod::ispss) traits.no_provisioning = kNoProvisioning;
  return traits;
}

void VaultTarget::Parts::begin_run() {
  session.begin_run();
  steps.begin_run();
  provisioner.begin_run();
}

asio::awaitable<Result<Observed>> VaultTarget::read_some(SomeOfTarget wanted) {
  parts_->begin_run();
  auto observed = co_await parts_->reader.read_some(std::move(wanted));
  if (!observed) co_return within("target " + parts_->name, observed.error());
  co_return observed;
}

asio::awaitable<Result<Observed>> VaultTarget::read() {
  parts_->begin_run();
  auto observed = co_await parts_->reader.read_all();
  if (!observed) co_return within("target " + parts_->name, observed.error());
  co_return observed;
}

asio::awaitable<Result<std::optional<TargetGroup>>> VaultTarget::read_group(std::string group_id,
                                                                            Observed const& users) {
  auto const known = std::ranges::find(users.groups, group_id, &TargetGroup::id);
  auto name = known == users.groups.end() ? std::string{} : known->name;
  UserIndex const index{users.users};
  auto group = co_await parts_->reader.read_group(std::move(group_id), std::move(name), index);
  if (!group) co_return within("target " + parts_->name, group.error());
  if (*group) {
    std::vector<TargetGroup> one;
    one.push_back(std::move(**group));
    classify_others(one, users.groups);
    *group = std::move(one.front());
  }
  co_return group;
}

asio::awaitable<MappingAnswer> VaultTarget::ask_mapping(std::string domain) {
  return parts_->provisioner.ask_mapping(std::move(domain));
}

asio::awaitable<std::vector<Applied>> VaultTarget::apply(std::vector<Change> batch) {
  std::function<asio::awaitable<std::vector<Applied>>(rest::Sending&)> const work =
      [parts = parts_.get(), &batch](rest::Sending& sending) { return parts->write_each(sending, batch); };
  co_return co_await rest::send_and_settle(batch.size(), work);
}

asio::awaitable<std::vector<Applied>> VaultTarget::Parts::write_each(rest::Sending& sending,
                                                                     std::vector<Change> batch) {
  auto const takes_in = [](Change const& change) {
    return change.verb == Verb::add && !change.domain.empty();
  };
  if (reader.shows_members() && std::ranges::all_of(batch, takes_in))
    co_return co_await provisioner.provision(sending, std::move(batch));
  std::vector<Applied> results;
  for (auto& change : batch) {
    auto result = co_await write(sending, std::move(change));
    results.push_back(std::move(result));
  }
  co_return results;
}

asio::awaitable<Applied> VaultTarget::Parts::write(rest::Sending& sending, Change change) {
  if (!reader.shows_members())
    co_return rest::applied(Outcome::skipped,
                            "not sent: nothing is written to a Vault whose members could not be read; "
                            "see why its read was refused");
  switch (change.verb) {
    case Verb::create_group:
      co_return co_await groups.create(sending, std::move(change));
    case Verb::add:
      co_return co_await members.add(sending, std::move(change));
    case Verb::remove:
      co_return co_await members.remove(sending, std::move(change));
    case Verb::rename_group:
      co_return co_await groups.rename(sending, std::move(change));
    case Verb::delete_group:
      co_return co_await groups.erase(sending, std::move(change));
    case Verb::update_group:
    case Verb::adopt:
      break;
  }
  co_return rest::applied(Outcome::failed, "no such verb");
}

asio::awaitable<void> VaultTarget::close() { return parts_->session.close(); }

Result<std::unique_ptr<Target>> open_vault(asio::any_io_executor executor, std::string name,
                                           Settings settings, http::Surroundings surroundings) {
  auto pvwa = http::open_client(executor, settings.http, surroundings);
  if (!pvwa) return pvwa.error();
  std::unique_ptr<http::Client> identity;
  if (settings.method == AuthMethod::ispss) {
    auto of_identity = settings.http;
    of_identity.urls = {settings.token_url};
    auto opened = http::open_client(executor, std::move(of_identity), std::move(surroundings));
    if (!opened) return within("auth.token_url", opened.error());
    identity = *std::move(opened);
  }
  return std::unique_ptr<Target>{std::make_unique<VaultTarget>(std::move(name), std::move(settings),
                                                               *std::move(pvwa), std::move(identity))};
}

}  // namespace dirsync::vault
