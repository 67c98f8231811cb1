#include "tests/system/simulator_process.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

#include "tests/support/net/tls_client.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

std::string name_of(SimulatorProcess::Kind kind) {
  return kind == SimulatorProcess::Kind::vault ? "vault_sim" : "console_sim";
}

std::vector<std::string> words(SimulatorProcess::Kind kind, CertificateFiles const& certificates,
                               std::string const& state, std::vector<std::string> options) {
  if (options.empty() && kind == SimulatorProcess::Kind::vault) options = {"--profile", "pam-14.4"};
  if (options.empty()) options = {"--set-name", "doc-2.0.2"};
  std::vector<std::string> words{std::string{DIRSYNC_BIN_DIR "/"} + name_of(kind),
                                 "--cert",
                                 certificates.cert_file,
                                 "--key",
                                 certificates.key_file,
                                 "--state",
                                 state};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

Memberships vault_memberships(json::object const& state) {
  std::map<std::int64_t, std::string> names;
  for (auto const& user : state.at("users").as_array())
    names[user.at("id").to_number<std::int64_t>()] = user.at("username").as_string();
  for (auto const& group : state.at("groups").as_array())
    names[group.at("id").to_number<std::int64_t>()] = group.at("groupName").as_string();
  Memberships found;
  for (auto const& group : state.at("groups").as_array()) {
    auto& members = found[std::string{group.at("groupName").as_string()}];
    for (auto const& member : group.at("members").as_array())
      members.insert(names.at(member.to_number<std::int64_t>()));
  }
  return found;
}

Memberships console_memberships(json::object const& state) {
  std::map<std::string, std::string> names;
  Memberships found;
  for (auto const& group : state.at("groups").as_array()) {
    names[std::string{group.at("id").as_string()}] = group.at("name").as_string();
    found[std::string{group.at("name").as_string()}];
  }
  for (auto const& user : state.at("users").as_array())
    for (auto const& group : user.at("groups").as_array())
      found[names.at(std::string{group.as_string()})].insert(std::string{user.at("userName").as_string()});
  return found;
}

}  // namespace

SimulatorProcess::SimulatorProcess(Kind kind, std::filesystem::path const& folder,
                                   CertificateFiles const& certificates, std::string const& state,
                                   std::vector<std::string> options)
    : kind_(kind),
      folder_(folder),
      ca_file_(certificates.ca_file),
      state_file_(folder / (name_of(kind) + ".json")),
      words_(words(kind, certificates, state_file_, std::move(options))) {
  start(state);
}

void SimulatorProcess::start(std::string const& state) {
  std::ofstream{state_file_} << state;
  auto words = words_;
  if (port_ != 0) words.insert(words.end(), {"--port", std::to_string(port_)});
  process_.emplace(std::move(words), folder_, name_of(kind_));
  constexpr std::string_view kReady = "listening https://127.0.0.1:";
  std::string line;
  auto const ready = [this, &line] {
    line = process_->out();
    return line.ends_with('\n') || !process_->running();
  };
  if (!eventually(ready) || !line.starts_with(kReady))
    throw std::runtime_error{name_of(kind_) + ": " + process_->err()};
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(kReady.size())));
}

void SimulatorProcess::restart() {
  // From here on nothing is done that the state would not tell.
  replace_faults(R"([{"drop":true,"effect":"prevented","count":0}])");
  auto const state = json::serialize(get("state"));
  process_->stop();
  start(state);
}

std::string SimulatorProcess::url() const {
  return "https://127.0.0.1:" + std::to_string(port_) + (kind_ == Kind::vault ? "/PasswordVault" : "");
}

json::value SimulatorProcess::call(std::string const& method, std::string const& what,
                                   std::string const& body) const {
  TlsClient client{port_, ca_file_};
  client.write(method + " /_sim/" + what + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  auto const answer = client.read_answer();
  auto const head = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200") || head == std::string::npos)
    throw std::runtime_error{name_of(kind_) + " " + method + " " + what + ": " + answer};
  return json::parse(std::string_view{answer}.substr(head + 4));
}

json::value SimulatorProcess::get(std::string const& what) const { return call("GET", what, ""); }
void SimulatorProcess::replace_faults(std::string const& rules) const { call("POST", "faults", rules); }
void SimulatorProcess::edit(std::string const& edits) const { call("POST", "do", edits); }
void SimulatorProcess::put_state(std::string const& state) const { call("PUT", "state", state); }
void SimulatorProcess::forget_calls() const { call("DELETE", "journal", ""); }

std::int64_t SimulatorProcess::requests() const {
  return get("counters").at("requests").to_number<std::int64_t>();
}
std::int64_t SimulatorProcess::writes() const {
  return get("counters").at("writes").to_number<std::int64_t>();
}

Memberships SimulatorProcess::memberships() const {
  auto const state = get("state");
  return kind_ == Kind::vault ? vault_memberships(state.as_object()) : console_memberships(state.as_object());
}

}  // namespace dirsync::test
