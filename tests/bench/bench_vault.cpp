// Reading a large Vault and writing to a slow one.
//   bench_vault [groups] [memberships] [additions] [rounds]
// Reading: the parser over the list of groups with its members in memory; the same over TLS through the HTTP
// client; and the whole read of the target; beside libcurl alone that fetches the body and drops it. Writing:
// additions through the applier, with a journal on disk, to a simulator that takes 50 ms for each call.
#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <map>

#include "sync/http/curl_client.hpp"
#include "sync/vault/lists.hpp"
#include "sync/vault/requests.hpp"
#include "sync/vault/vault_target.hpp"
#include "tests/bench/applying.hpp"
#include "tests/bench/measured.hpp"
#include "tests/simulators/vault/vault_sim.hpp"
#include "tests/support/net/wire_server.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync {
namespace {

constexpr unsigned kFirstUser = 1000, kFirstGroup = 500'000;

struct Size {
  unsigned groups, memberships;
  unsigned people() const { return std::max(1U, memberships / 10); }
  unsigned members_of_each() const { return memberships / groups; }
};

std::string text_of(unsigned number) { return std::to_string(number); }
std::string user_name(unsigned n) { return "user" + text_of(n); }
std::string user_dn(unsigned n) { return "CN=" + user_name(n) + ",OU=People,DC=example,DC=com"; }

std::string users_list(Size size) {
  std::string json = R"({"Users":[{"id":2,"username":"Administrator","source":"CyberArk"})";
  for (unsigned n = 0; n < size.people(); ++n)
    json += R"(,{"id":)" + text_of(kFirstUser + n) + R"(,"username":")" + user_name(n) +
            R"(","source":"LDAP","userType":"EPVUser","componentUser":false,"userDN":")" + user_dn(n) +
            R"(","location":"\\"})";
  return json + R"(],"Total":)" + text_of(size.people() + 1) + "}";
}

std::string groups_list(Size size) {
  std::string json = R"({"value":[)";
  for (unsigned group = 0; group < size.groups; ++group) {
    json += (group == 0 ? "" : ",") + (R"({"id":)" + text_of(kFirstGroup + group)) +
            R"(,"groupType":"Vault","groupName":"group)" + text_of(group) +
            R"(","description":"","location":"\\","members":[)";
    for (unsigned member = 0; member < size.members_of_each(); ++member) {
      // In no order, as people are in groups; the step is a prime, so that each is once in a group.
      auto const user = (group * 37 + member * 991) % size.people();
      json += (member == 0 ? "" : ",") + (R"({"username":")" + user_name(user)) + R"(","id":)" +
              text_of(kFirstUser + user) + "}";
    }
    json += "]}";
  }
  return json + R"(],"count":)" + text_of(size.groups) + "}";
}

/// PVWA with prepared answers.
class PreparedVault {
 public:
  PreparedVault(Size size, test::CertificateFiles const& certificates)
      : users_{test::reply(200, users_list(size))},
        groups_{test::reply(200, groups_list(size))},
        server_{[this](test::WireRequest const& request) { return answer(request); }, &certificates} {}
  std::string url() const { return server_.url() + "/PasswordVault"; }
  double megabytes_of_groups() const { return static_cast<double>(groups_.bytes.size()) / 1e6; }

 private:
  test::WireReply answer(test::WireRequest const& request) const {
    if (request.has("/API/UserGroups?")) return groups_;
    if (request.has("/API/Users?")) return users_;
    if (request.has("/Server ")) return test::reply(200, R"({"ExternalVersion":"14.4.0"})");
    return test::reply(200, request.has("/Logon ") ? "\"TOKEN\"" : "{}");
  }

  test::WireReply users_, groups_;
  test::WireServer server_;
};

vault::Settings settings_for(std::string const& url, std::string const& ca_file) {
  vault::Settings settings;
  settings.http.target = "vault";
  settings.http.urls = {url};
  settings.http.tls.ca_file = ca_file;
  settings.http.pace = {4, 0};
  settings.user = "svc-dirsync";
  settings.password = Secret{"Sync.Pass.1"};
  return settings;
}

std::size_t drop(char*, std::size_t size, std::size_t count, void* seen) {
  *static_cast<unsigned long long*>(seen) += size * count;
  return size * count;
}

/// libcurl alone; gives bytes.
unsigned long long fetch_and_drop(std::string const& url, std::string const& ca_file) {
  unsigned long long bytes = 0;
  auto* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, (url + "/API/UserGroups?includeMembers=true").c_str());
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &drop);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
  if (auto const code = curl_easy_perform(easy); code != CURLE_OK) bench::give_up(curl_easy_strerror(code));
  curl_easy_cleanup(easy);
  return bytes;
}

std::vector<TargetUser> users_of(Size size) {
  std::vector<TargetUser> users;
  for (unsigned n = 0; n < size.people(); ++n) {
    TargetUser user;
    user.id = text_of(kFirstUser + n);
    user.name = user_name(n);
    users.push_back(std::move(user));
  }
  return users;
}

/// The list of groups through client and parser; gives memberships.
unsigned long long parse_list(std::string const& url, std::string const& ca_file,
                              vault::UserIndex const& index) {
  boost::asio::io_context io;
  auto const client = http::open_client(io.get_executor(), settings_for(url, ca_file).http);
  if (!client) bench::give_up(text(client.error()));
  auto request = vault::list_groups();
  request.make_sink = [&index] { return vault::make_group_sink(index); };
  auto const response = test::run(io, (*client)->send(std::move(request)));
  if (!response) bench::give_up(text(response.error()));
  auto* const sink = dynamic_cast<vault::ListSink<vault::GroupPage>*>(response->sink.get());
  auto const page = sink == nullptr ? std::nullopt : sink->finish();
  if (!page) bench::give_up("the list was not understood");
  return page->members;
}

/// The parser alone, over a body in memory; gives memberships.
unsigned long long parse_text(std::string_view body, vault::UserIndex const& index) {
  auto const sink = vault::make_group_sink(index);
  constexpr std::size_t kPiece = 16 * 1024;  // as libcurl hands them over
  for (; !body.empty(); body.remove_prefix(std::min(kPiece, body.size())))
    sink->write(body.substr(0, kPiece));
  auto const page = sink->finish();
  if (!page) bench::give_up("the list was not understood");
  return page->members;
}

/// Logon, version, users and groups; gives memberships.
unsigned long long read_whole(std::string const& url, std::string const& ca_file) {
  boost::asio::io_context io;
  auto target = vault::open_vault(io.get_executor(), "vault", settings_for(url, ca_file));
  if (!target) bench::give_up(text(target.error()));
  auto const observed = test::run(io, (*target)->read());
  if (!observed) bench::give_up(text(observed.error()));
  unsigned long long count = 0;
  for (auto const& group : observed->groups) count += group.users.size();
  return count;
}

int measured(std::vector<std::string> const& words) {
  auto const &kind = words.at(2), &url = words.at(3), &ca_file = words.at(4);
  if (kind == "libcurl")
    return bench::print_measured([&url, &ca_file] { return fetch_and_drop(url, ca_file); });
  if (kind == "whole-read")
    return bench::print_measured([&url, &ca_file] { return read_whole(url, ca_file); });
  // The users are known by the time the groups are read.
  Size const size{static_cast<unsigned>(std::stoul(words.at(5))),
                  static_cast<unsigned>(std::stoul(words.at(6)))};
  auto const users = users_of(size);
  vault::UserIndex const index{users};
  if (kind == "parse")
    return bench::print_measured([body = groups_list(size), &index] { return parse_text(body, index); });
  return bench::print_measured([&url, &ca_file, &index] { return parse_list(url, ca_file, index); });
}

void compare_reads(std::string const& program, Size size, int rounds) {
  TempFolder const folder;
  auto const certificates = test::make_certificates(folder.path());
  PreparedVault const vault{size, certificates};
  auto const megabytes = vault.megabytes_of_groups();
  std::printf("%u groups, %u memberships, %.1f MB, medians of %d\n", size.groups,
              size.groups * size.members_of_each(), megabytes, rounds);
  std::map<std::string, bench::Measurement> medians;
  std::map<std::string, std::vector<bench::Measurement>> runs;
  constexpr char const* kKinds[] = {"libcurl", "parse", "list", "whole-read"};
  for (int n = 0; n < rounds; ++n)
    for (auto const* kind : kKinds)
      runs[kind].push_back(bench::measure(program + " --measure " + kind + " " + vault.url() + " " +
                                          certificates.ca_file.string() + " " + text_of(size.groups) + " " +
                                          text_of(size.memberships)));
  for (auto const* kind : kKinds) bench::print(kind, medians[kind] = bench::median(runs[kind]));
  auto const list = medians["list"].seconds;
  std::printf("parse: %.1f MB/s of a body in memory\n", megabytes / medians["parse"].seconds);
  std::printf("list: %.1f MB/s, %.2f million members/s, list / libcurl %.2f, peak / body %.2f\n",
              megabytes / list, static_cast<double>(medians["list"].values) / 1e6 / list,
              list / medians["libcurl"].seconds, medians["list"].megabytes / megabytes);
}

/// A simulator with people and empty groups, where each call takes its time.
class SlowVault {
 public:
  static constexpr unsigned kGroups = 100;
  static constexpr std::chrono::milliseconds kLatency{50};
  SlowVault(unsigned people, test::CertificateFiles const& certificates) {
    sim::VaultSim::Options options;
    options.profile = "pam-14.4";
    vault_ = std::make_unique<sim::VaultSim>(std::move(options));
    sim::json::array edits;
    for (unsigned n = 0; n < people; ++n)
      edits.push_back(
          {{"op", "create-user"}, {"username", user_name(n)}, {"source", "LDAP"}, {"userDN", user_dn(n)}});
    for (unsigned n = 0; n < kGroups; ++n)
      edits.push_back({{"op", "create-group"}, {"groupName", "group" + text_of(n)}});
    if (auto const wrong = vault_->edit(edits)) bench::give_up(*wrong);
    sim::json::object const slow{{"path", "/"}, {"delay_ms", kLatency.count()}, {"count", 0}};
    if (auto const wrong = vault_->replace_faults(sim::json::array{slow})) bench::give_up(*wrong);
    sim::Server::Options where;
    where.certificate_file = certificates.cert_file;
    where.key_file = certificates.key_file;
    server_ = std::make_unique<sim::Server>(
        where, [this](sim::Request const& request) { return vault_->handle(request); });
  }
  std::string url() const {
    return "https://127.0.0.1:" + std::to_string(server_->port()) + "/PasswordVault";
  }
  std::int64_t additions() const { return vault_->counters().by_route["add-member"]; }

 private:
  std::unique_ptr<sim::VaultSim> vault_;
  std::unique_ptr<sim::Server> server_;
};

std::vector<Change> additions(Observed const& observed, unsigned count) {
  std::vector<TargetGroup const*> groups;
  for (auto const& group : observed.groups)
    if (group.name.starts_with("group")) groups.push_back(&group);
  std::vector<TargetUser const*> users;
  for (auto const& user : observed.users)
    if (user.name.starts_with("user")) users.push_back(&user);
  std::vector<Change> changes;
  for (unsigned n = 0; n < count; ++n) {
    Change change;
    change.n = static_cast<int>(n) + 1;
    change.target = "vault";
    change.verb = Verb::add;
    auto const& group = *groups.at(n % groups.size());
    change.group = group.name;
    change.group_id = group.id;
    auto const& user = *users.at(n);
    change.principal = user.name;
    change.principal_id = user.id;
    change.dn = user.dn;
    change.id = EntryId{"id-" + user.name};
    change.rule = "bench";
    changes.push_back(std::move(change));
  }
  return changes;
}

void apply_additions(unsigned count) {
  TempFolder const folder;
  auto const certificates = test::make_certificates(folder.path());
  SlowVault const slow{count, certificates};
  boost::asio::io_context io;
  auto const settings = settings_for(slow.url(), certificates.ca_file);
  auto target = vault::open_vault(io.get_executor(), "vault", settings);
  if (!target) bench::give_up(text(target.error()));
  auto const observed = test::run(io, (*target)->read());
  if (!observed) bench::give_up(text(observed.error()));
  auto changes = additions(*observed, count);
  auto const took = bench::apply_all(io, **target, *observed, changes);
  if (slow.additions() != count) bench::give_up("another number of calls than of additions");
  auto const latency = std::chrono::duration<double>(SlowVault::kLatency).count();
  // One look at each changed group follows.
  auto const ideal = (count + SlowVault::kGroups) * latency / settings.http.pace.concurrency;
  std::printf("%u additions to %u groups, %.0f ms for each call, %d at once, no limit per second\n", count,
              SlowVault::kGroups, latency * 1e3, settings.http.pace.concurrency);
  std::printf("apply, verify %7.3f s  ideal %7.3f s  took / ideal %.3f\n", took, ideal, took / ideal);
}

}  // namespace
}  // namespace dirsync

int main(int count, char** words) {
  std::vector<std::string> const given(words, words + count);
  if (count == 7 && given[1] == "--measure") return dirsync::measured(given);
  auto const number = [&given](std::size_t at, unsigned otherwise) {
    return at < given.size() ? static_cast<unsigned>(std::stoul(given[at])) : otherwise;
  };
  dirsync::Size const size{std::max(1U, number(1, 10'000)), number(2, 1'000'000)};
  dirsync::compare_reads(given[0], size, static_cast<int>(std::max(1U, number(4, 5))));
  dirsync::apply_additions(number(3, 5'000));
  return 0;
}
