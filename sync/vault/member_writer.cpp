#include "sync/vault/member_writer.hpp"

#include <utility>

#include "sync/rest/outcomes.hpp"
#include "sync/vault/requests.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

Step step_of(Change const& change, rest::Write request, std::string what) {
  return {.request = std::move(request),
          .verb = change.verb,
          .what = std::move(what),
          .group_id = change.group_id,
          .group = change.group,
          .principal = change.principal};
}

}  // namespace

asio::awaitable<Applied> MemberWriter::add(rest::Sending& sending, Change change) {
  // Nobody could take such a member out again through this API.
  if (auto const why = why_not_addressable(change.principal); !why.empty())
    co_return rest::applied(Outcome::failed, "not sent: " + why + "; rename the user in the Vault");
  auto request = add_member(change.group_id, change.principal);
  if (!request) co_return not_done(request.error());
  auto step = step_of(change, *std::move(request), "add " + change.principal + " to " + change.group);
  Steps::RawAnswer last;
  auto result = co_await steps_.perform(sending, step, &last);
  // The published description calls domainName required, and some servers mean it.
  if (result.outcome != Outcome::failed || last.status != 400 || !wants_domain_name(last.body))
    co_return result;
  request = add_member_with_empty_domain(change.group_id, change.principal);
  if (!request) co_return not_done(request.error());
  step.request = *std::move(request);
  co_return co_await steps_.perform(sending, std::move(step));
}

asio::awaitable<Applied> MemberWriter::remove(rest::Sending& sending, Change change) {
  auto const what = "remove " + change.principal + " from " + change.group;
  auto request = remove_member(change.group_id, change.principal);
  if (!request)
    co_return rest::applied(Outcome::failed,
                            request.error().context + "; " + what + " by hand in the PrivateArk client");
  auto step = step_of(change, *std::move(request), what);
  co_return co_await steps_.perform(sending, std::move(step));
}

}  // namespace dirsync::vault
