// Reading and writing a console that takes 50 ms for each call.
//   bench_console [changed people] [groups] [users]
// Reading: groups, the members of each, users. WriteContext: three memberships for each changed person,
// through the applier, with a journal on disk. The ideal is the number of calls, times their latency, over
// the number of calls at a time.
#include <boost/asio/io_context.hpp>
#include <memory>

#include "sync/console/target.hpp"
#include "sync/http/curl_client.hpp"
#include "tests/bench/applying.hpp"
#include "tests/simulators/console/console_sim.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/run.hpp"

namespace dirsync {
namespace {
namespace json = sim::json;

constexpr std::chrono::milliseconds kLatency{50};
/// For each person a look, the write and a look.
constexpr unsigned kCallsPerPerson = 3;
constexpr unsigned kGroupsPerPerson = 3;

struct Size {
  unsigned changed, groups, users;
};

std::string user_name(unsigned n) { return "user" + std::to_string(n) + "@root.local"; }
std::string group_name(unsigned n) { return "group" + std::to_string(n); }

/// Each user is in one of the groups.
json::value state_of(Size size) {
  json::array groups, users;
  for (unsigned n = 0; n < size.groups; ++n)
    groups.push_back(
        {{"id", group_name(n)}, {"name", group_name(n)}, {"roles", json::array{"Device Administrator"}}});
  for (unsigned n = 0; n < size.users; ++n)
    users.push_back({{"userName", user_name(n)}, {"groups", json::array{group_name(n % size.groups)}}});
  return json::object{{"fillerGroups", 0}, {"fillerUsers", 0}, {"groups", groups}, {"users", users}};
}

class SlowConsole {
 public:
  SlowConsole(Size size, test::CertificateFiles const& certificates) {
    auto opened = sim::ConsoleSim::open(state_of(size), {.set_name = "infer-2021", .knobs = {}});
    if (!opened) bench::give_up(text(opened.error()));
    sim_ = std::move(*opened);
    json::object const slow{{"path", "/"}, {"delay_ms", kLatency.count()}, {"count", 0}};
    if (auto const wrong = sim_->replace_faults(json::array{slow})) bench::give_up(*wrong);
    sim::Server::Options where;
    where.certificate_file = certificates.cert_file;
    where.key_file = certificates.key_file;
    server_ = std::make_unique<sim::Server>(
        where, [this](sim::Request const& request) { return sim_->handle(request); });
  }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(server_->port()); }
  std::int64_t calls() const { return sim_->counters().requests; }
  std::int64_t calls_for_users() const {
    auto by_route = sim_->counters().by_route;
    return by_route["GET /api/users/{id}"] + by_route["PUT /api/users/{id}"];
  }

 private:
  std::unique_ptr<sim::ConsoleSim> sim_;
  std::unique_ptr<sim::Server> server_;
};

console::Settings settings_for(std::string const& url, std::string const& ca_file, int at_once) {
  console::Settings settings;
  settings.http.target = "console";
  settings.http.urls = {url};
  settings.http.tls.ca_file = ca_file;
  settings.http.pace = {at_once, 0};
  settings.organization = "root";
  settings.user = "svc-dirsync@root.local";
  settings.password = Secret{"Dirsync#2021"};
  return settings;
}

/// Every one to three groups that they are not in.
std::vector<Change> additions(Observed const& observed, Size size) {
  std::map<std::string, std::string> groups, users;  // ids by name
  for (auto const& group : observed.groups) groups[group.name] = group.id;
  for (auto const& user : observed.users) users[user.name] = user.id;
  std::vector<Change> changes;
  for (unsigned n = 0; n < size.changed; ++n)
    for (unsigned next = 1; next <= kGroupsPerPerson; ++next) {
      Change change;
      change.n = static_cast<int>(changes.size()) + 1;
      change.target = "bench";
      change.verb = Verb::add;
      change.group = group_name((n + next) % size.groups);
      change.group_id = groups.at(change.group);
      change.principal = user_name(n);
      change.principal_id = users.at(change.principal);
      change.id = EntryId{"id-" + change.principal};
      change.rule = "bench";
      changes.push_back(std::move(change));
    }
  return changes;
}

void print(char const* name, std::int64_t calls, double seconds, int at_once) {
  auto const ideal = static_cast<double>(calls) * std::chrono::duration<double>(kLatency).count() / at_once;
  std::printf("%-8s %6lld calls  %8.3f s  ideal %8.3f s  %s / ideal %.3f\n", name,
              static_cast<long long>(calls), seconds, ideal, name, seconds / ideal);
}

void measure(Size size, test::CertificateFiles const& certificates, int at_once) {
  SlowConsole const slow{size, certificates};
  boost::asio::io_context io;
  SystemClock const clock;
  auto settings = settings_for(slow.url(), certificates.ca_file, at_once);
  auto client = http::open_client(io.get_executor(), settings.http);
  if (!client) bench::give_up(text(client.error()));
  auto target = console::ConsoleTarget::open(std::move(settings), std::move(*client), clock);
  if (!target) bench::give_up(text(target.error()));

  std::printf("%d at once\n", at_once);
  auto const start = std::chrono::steady_clock::now();
  auto const observed = test::run(io, (*target)->read());
  if (!observed) bench::give_up(text(observed.error()));
  print("read", slow.calls(), bench::seconds_since(start), at_once);

  auto changes = additions(*observed, size);
  auto const before = slow.calls();
  auto const took = bench::apply_all(io, **target, *observed, changes);
  if (slow.calls_for_users() != std::int64_t{kCallsPerPerson} * size.changed)
    bench::give_up("another number of calls than three for each person");
  print("apply, verify", slow.calls() - before, took, at_once);
}

}  // namespace
}  // namespace dirsync

int main(int count, char** words) {
  std::vector<std::string> const given(words, words + count);
  auto const number = [&given](std::size_t at, unsigned otherwise) {
    return at < given.size() ? static_cast<unsigned>(std::stoul(given[at])) : otherwise;
  };
  dirsync::Size size{number(1, 2'000), number(2, 500), number(3, 5'000)};
  // So that three others are left for each person, and each changed person is there.
  size.groups = std::max(size.groups, dirsync::kGroupsPerPerson + 1);
  size.users = std::max(size.users, size.changed);
  std::printf("%u users, %u groups, %u people changed, %lld ms for each call, no limit per second\n",
              size.users, size.groups, size.changed, static_cast<long long>(dirsync::kLatency.count()));
  dirsync::TempFolder const folder;
  auto const certificates = dirsync::test::make_certificates(folder.path());
  for (int const at_once : {2, 8}) dirsync::measure(size, certificates, at_once);
  return 0;
}
