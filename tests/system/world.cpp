#include "tests/system/world.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace dirsync::test {
namespace {
namespace json = boost::json;

/// The group's name in the target, when the rule of `prefix` selects it.
std::optional<std::string> target_name(Group const& group, std::string_view prefix) {
  if (!group.cn.starts_with(prefix)) return std::nullopt;
  return group.cn.substr(prefix.size());
}

}  // namespace

std::string Configuration::text() const {
  auto const secret = [](std::string const& file) { return "password = { file = \"" + file + "\" }"; };
  auto const target = [&secret](std::string const& kind, std::string const& url, std::string const& user,
                                std::string const& password, std::string const& ca) {
    return "kind = \"" + kind + "\"\nurl = \"" + url + "\"\nauth = { user = \"" + user + "\", " +
           secret(password) + " }\ntls = { ca_file = \"" + ca +
           "\" }\npace = { concurrency = 4, requests_per_second = 5000 }\n" +
           "retry = { attempts = 2, first = \"10ms\", longest = \"1s\" }\n";
  };
  auto const vault = "\n[target.vault]\n" +
                     target("cyberark-vault", vault_url, "svc-dirsync", vault_password_file, vault_ca) +
                     "domain = \"example.com\"\n" + vault_keys;
  auto const vault_rule =
      "\n[[rule]]\nname = \"privileged\"\ndirectory = \"corp\"\ntarget = \"vault\"\ngroups = "
      "\"(cn=pam-*)\"\n"
      "group_name = \"{cn|remove_prefix:pam-}\"\ncreate_groups = true\n" +
      vault_rule_keys;
  // Tests move people to and fro within seconds.
  auto const flaps = limits_keys.find("flaps") == limits_keys.npos ? "flaps = \"off\"\n" : "";
  return "[service]\nstate_dir = \"" + state_dir + "\"\n" + service_keys +  //
         "\n[directory.corp]\nuris = [\"" + ldap_uri + "\"]\nbase = \"dc=example,dc=com\"\nbind = { dn = \"" +
         kReaderDn + "\", " + secret(ldap_password_file) + " }\ntls = { ca_file = \"" + ldap_ca + "\" }\n" +
         "users = { base = \"ou=people,dc=example,dc=com\", filter = \"(objectClass=inetOrgPerson)\"" +
         disabled_key + users_keys + " }\ngroups = { base = \"" + groups_base +
         "\" }\nretry = { attempts = 1 }\n" + directory_keys +  //
         (vault_url.empty() ? "" : vault) +                     //
         "\n[target.console]\n" +
         target("pulse-console", console_url, "svc-dirsync@root.local", console_password_file, console_ca) +
         console_keys + "\n[limits]\nconfirm = { apart = \"0s\" }\n" + flaps + limits_keys +  //
         (vault_url.empty() ? "" : vault_rule) +                                              //
         "\n[[rule]]\nname = \"plant\"\ndirectory = \"corp\"\ntarget = \"console\"\ngroups = \"(cn=iot-*)\"\n"
         "group_name = \"{cn|remove_prefix:iot-}\"\ncreate_groups = true\nroles = [\"Device "
         "Administrator\"]\n" +
         console_rule_keys + "\n" + more;
}

World::World() : certificates_(make_certificates(folder_.path())) {
  slapd_options_.access = {"access to attrs=userPassword by anonymous auth by * none",
                           "access to * by * read"};
}

void World::SetUp() {
  slapd_options_.ldif = company.ldif();
  slapd_.emplace(slapd_options_);
  if (has_vault)
    vault_.emplace(SimulatorProcess::Kind::vault, folder_.path(), certificates_, company.vault_state());
  console_.emplace(SimulatorProcess::Kind::console, folder_.path(), certificates_, company.console_state(),
                   console_options);
  if (has_vault) vault_before_ = vault_->memberships();
  console_before_ = console_->memberships();
  configuration.state_dir = folder_.path() / "state";
  configuration.ldap_uri = slapd_->tls_uri();
  configuration.ldap_ca = slapd_->ca_file();
  configuration.ldap_password_file = secret_file("ldap", kReaderPassword);
  if (has_vault) configuration.vault_url = vault_->url();
  configuration.vault_password_file = secret_file("vault", kVaultPassword);
  configuration.console_url = console_->url();
  configuration.console_password_file = secret_file("console", kConsolePassword);
  configuration.vault_ca = configuration.console_ca = certificates_.ca_file;
  configure();
}

std::filesystem::path World::secret_file(std::string const& name, std::string const& content) const {
  auto const file = folder_.path() / (name + ".secret");
  std::ofstream{file} << content << "\n";
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return file;
}

void World::configure() {
  std::ofstream{config_file()} << configuration.text();
  std::filesystem::permissions(config_file(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::unique_ptr<Process> World::start(std::vector<std::string> words, Environment const& environment) {
  std::vector<std::string> all{DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file()};
  all.insert(all.end(), words.begin(), words.end());
  return std::make_unique<Process>(std::move(all), folder_.path(), "run-" + std::to_string(++runs_),
                                   environment);
}

Finished World::run(std::vector<std::string> words, Environment const& environment) {
  return start(std::move(words), environment)->wait();
}

json::value World::document(Finished const& finished) {
  boost::system::error_code failed;
  auto value = json::parse(finished.out, failed);
  EXPECT_FALSE(failed) << finished.out << finished.err;
  return value;
}

json::value World::sync(int exit) {
  auto const finished = run({"sync", "--json"});
  EXPECT_EQ(finished.exit, exit) << finished.err << finished.out;
  return document(finished);
}

void World::modify(Slapd const& slapd, std::string const& records) {
  auto const file = folder_.path() / "changes.ldif";
  std::ofstream{file} << records;
  Process ldapmodify{
      {"ldapmodify", "-x", "-H", slapd.uri(), "-D", "cn=admin,dc=example,dc=com", "-w", "secret", "-f", file},
      folder_.path(),
      "ldapmodify"};
  auto const finished = ldapmodify.wait();
  if (finished.exit != 0) throw std::runtime_error{"ldapmodify: " + finished.err};
}

void World::join(std::string const& uid, std::string const& cn) {
  auto& group = company.group(cn);
  modify_directory("dn: " + group.dn() +
                   "\nchangetype: modify\nadd: member\nmember: " + company.person(uid).dn() + "\n");
  group.people.push_back(uid);
}

void World::leave(std::string const& uid, std::string const& cn) {
  auto& group = company.group(cn);
  modify_directory("dn: " + group.dn() +
                   "\nchangetype: modify\ndelete: member\nmember: " + company.person(uid).dn() + "\n");
  std::erase(group.people, uid);
}

void World::disable(std::string const& uid) {
  modify_directory("dn: " + company.person(uid).dn() +
                   "\nchangetype: modify\nadd: employeeType\nemployeeType: disabled\n");
}

Memberships World::expected_in_vault(std::set<std::string> const& without) const {
  Memberships expected;
  for (auto const& group : company.groups) {
    auto const name = target_name(group, "pam-");
    if (!name) continue;
    auto& members = expected[*name];
    for (auto const& uid : company.everybody_in(group.cn))
      if (!without.contains(uid)) members.insert(uid);
  }
  return expected;
}

Memberships World::expected_in_console(std::set<std::string> const& without) const {
  Memberships expected;
  for (auto const& group : company.groups) {
    auto const name = target_name(group, "iot-");
    if (!name) continue;
    auto& members = expected[*name];
    for (auto const& uid : company.everybody_in(group.cn))
      if (!without.contains(uid) && company.person(uid).in_console)
        members.insert(company.person(uid).mail());
  }
  return expected;
}

void World::expect_in_sync(std::set<std::string> const& without) {
  auto vault = expected_in_vault(without), console = expected_in_console(without);
  vault.insert(vault_before_.begin(), vault_before_.end());
  console.insert(console_before_.begin(), console_before_.end());
  if (vault_) {
    EXPECT_EQ(differences(vault_->memberships(), vault), "");
  }
  EXPECT_EQ(differences(console_->memberships(), console), "");
}

bool World::comes_in_sync(std::set<std::string> const& without, std::chrono::seconds longest) {
  return comes_to_hold(expected_in_vault(without), expected_in_console(without), longest);
}

bool World::comes_to_hold(Memberships vault, Memberships console, std::chrono::seconds longest) {
  vault.insert(vault_before_.begin(), vault_before_.end());
  console.insert(console_before_.begin(), console_before_.end());
  return eventually(
      [this, &vault, &console] {
        return (!vault_ || vault_->memberships() == vault) && console_->memberships() == console;
      },
      longest);
}

void World::forget_calls() const {
  if (vault_) vault_->forget_calls();
  console_->forget_calls();
}

std::vector<json::object> World::audit(std::vector<std::string> filters) {
  filters.insert(filters.begin(), {"log", "--json"});
  auto const finished = run(filters);
  EXPECT_EQ(finished.exit, 0) << finished.err;
  std::vector<json::object> rows;
  std::istringstream lines{finished.out};
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line).as_object());
  return rows;
}

void World::expect_chain_holds() {
  auto const finished = run({"log", "verify"});
  EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
}

std::string differences(Memberships const& have, Memberships const& want) {
  std::string text;
  auto const compare = [&text](char const* what, Memberships const& those, Memberships const& others) {
    for (auto const& [group, members] : those) {
      auto const other = others.find(group);
      if (other == others.end())
        text += std::string{what} + " group " + group + "\n";
      else
        for (auto const& member : members)
          if (!other->second.contains(member))
            text += std::string{what} + " " + member + " in " + group + "\n";
    }
  };
  compare("unwanted:", have, want);
  compare("missing:", want, have);
  return text;
}

std::string text_at(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : "";
}

}  // namespace dirsync::test
