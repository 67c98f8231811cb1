#include "tests/integration/vault/simulated_vault.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sync/model/assert.hpp"
#include "sync/vault/vault_target.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::vault {
namespace {

namespace json = sim::json;

/// One CA and one certificate for all servers of the process.
struct Certificates {
  TempFolder folder;
  test::CertificateFiles files = test::make_certificates(folder.path());
};

test::CertificateFiles const& certificates() {
  static Certificates const all;
  return all.files;
}

sim::VaultSim::Options options(std::string const& profile, sim::Fields knobs) {
  sim::VaultSim::Options options;
  options.profile = profile;
  options.knobs = std::move(knobs);
  return options;
}

void expect_right(std::optional<std::string> const& wrong, json::value const& given) {
  EXPECT_EQ(wrong, std::nullopt) << json::serialize(given);
}

/// The object of that name in one of the lists of the state; null pointer when there is none.
json::object const* find(json::value const& state, char const* list, char const* key,
                         std::string const& name) {
  for (auto const& each : state.at(list).as_array())
    if (sim::text_of(each.as_object(), key) == name) return &each.as_object();
  return nullptr;
}

std::string id_of(json::object const* object) {
  return object == nullptr ? "" : std::to_string(sim::number_of(*object, "id"));
}

std::string name_of(json::value const& state, std::int64_t id) {
  for (auto const& [list, key] : {std::pair{"users", "username"}, std::pair{"groups", "groupName"}})
    for (auto const& each : state.at(list).as_array())
      if (sim::number_of(each.as_object(), "id") == id) return sim::text_of(each.as_object(), key);
  return "?";
}

}  // namespace

SimulatedVault::SimulatedVault(boost::asio::io_context& io, std::string const& profile, sim::Fields knobs,
                               std::chrono::milliseconds total)
    : simulator_{options(profile, std::move(knobs))} {
  sim::Server::Options where;
  where.certificate_file = certificates().cert_file;
  where.key_file = certificates().key_file;
  server_ = std::make_unique<sim::Server>(where, [this](sim::Request const& request) {
    {
      std::scoped_lock const lock{mutex_};
      received_.push_back(request);
    }
    return simulator_.handle(request);
  });
  auto opened = open_vault(io.get_executor(), "vault", settings(profile, total));
  DIRSYNC_ASSERT(opened.has_value());
  target_ = *std::move(opened);
}
SimulatedVault::~SimulatedVault() = default;

Settings SimulatedVault::settings(std::string const& profile, std::chrono::milliseconds total) const {
  Settings settings;
  auto const here = "https://127.0.0.1:" + std::to_string(server_->port());
  settings.http.target = "vault";
  settings.http.urls = {here + "/PasswordVault"};
  if (profile == "ispss") {
    settings.method = AuthMethod::ispss;
    settings.token_url = here + "/oauth2/platformtoken";
  }
  settings.http.tls.ca_file = certificates().ca_file;
  settings.http.pace = {4, 0};
  settings.http.timeouts.total = total;
  settings.http.retry = {4, std::chrono::milliseconds{1}, std::chrono::seconds{5}};
  settings.user = "svc-dirsync";
  settings.password = Secret{"Sync.Pass.1"};
  return settings;
}

void SimulatedVault::edit(std::string const& edits) {
  auto const parsed = json::parse(edits);
  expect_right(simulator_.edit(parsed), parsed);
}
void SimulatedVault::edit(json::object const& one) { edit(json::serialize(one)); }

void SimulatedVault::set(sim::Fields const& knobs) {
  json::object values;
  for (auto const& [name, value] : knobs) values[name] = value;
  edit(json::object{{"op", "set"}, {"knobs", std::move(values)}});
}

void SimulatedVault::faults(std::string const& rules) {
  auto const parsed = json::parse(rules);
  expect_right(simulator_.replace_faults(parsed), parsed);
}

std::vector<sim::Request> SimulatedVault::received() const {
  std::scoped_lock const lock{mutex_};
  return received_;
}

void SimulatedVault::forget() {
  simulator_.forget_calls();
  std::scoped_lock const lock{mutex_};
  received_.clear();
}

std::vector<sim::Call> SimulatedVault::writes() const {
  auto calls = simulator_.journal();
  std::erase_if(calls, [](sim::Call const& call) { return !call.write; });
  return calls;
}

std::string SimulatedVault::group_id(std::string const& name) const {
  auto const state = simulator_.state();
  return id_of(find(state, "groups", "groupName", name));
}

std::string SimulatedVault::user_id(std::string const& name) const {
  auto const state = simulator_.state();
  return id_of(find(state, "users", "username", name));
}

std::set<std::string> SimulatedVault::members(std::string const& group) const {
  std::set<std::string> names;
  auto const state = simulator_.state();
  auto const* const found = find(state, "groups", "groupName", group);
  if (found == nullptr) return names;
  for (auto const& member : sim::array_of(*found, "members"))
    names.insert(member.is_object() ? sim::text_of(member.as_object(), "username")
                                    : name_of(state, member.as_int64()));
  return names;
}

}  // namespace dirsync::vault
