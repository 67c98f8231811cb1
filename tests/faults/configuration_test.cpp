// What becomes of dirsyncd.toml.
#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;

constexpr char kHeld[] = "4 hold: configuration-changed";

Fault changed(std::string name, std::string const& expected, std::function<void(Configuration&)> change) {
  return for_both(std::move(name), expected,
                  [change = std::move(change)](Stage& stage) { stage.change_configuration(change); });
}

Fault with_mode(std::string name, std::function<fs::path(Stage&)> file, fs::perms more) {
  return for_both(
      std::move(name), "2 insecure",
      [file, more](Stage& stage) { fs::permissions(file(stage), more, fs::perm_options::add); },
      [file, more](Stage& stage) { fs::permissions(file(stage), more, fs::perm_options::remove); });
}

/// Whoever replaces a file may be in the middle of it: the service manager is to try again.
Fault service_without_secret() {
  auto fault = for_both("a secret is missing when the service starts", "1", [](Stage& stage) {
    stage.change_configuration(
        [](Configuration& configuration) { configuration.vault_password_file += ".not"; });
  });
  fault.act = [](Stage& stage) { return stage.run({"run"}); };
  return fault;
}

/// Nobody says any more what its groups are to hold; who was disabled is taken out all the same.
Fault without_rule(std::string name, Side side, std::string const& rule) {
  auto fault = for_both(std::move(name), "0 run", [rule](Stage& stage) {
    auto const text = stage.configuration.text();
    auto const begin = text.find("\n[[rule]]\nname = \"" + rule);
    stage.replace_in_configuration(text.substr(begin, text.find("\n[[rule]]", begin + 1) - begin), "");
  });
  (side == Side::vault ? fault.vault : fault.console) = "0 run: orphaned";
  return fault;
}

/// Whom it leaves out is not found besides; the Vault's side tells of its user's DN.
Fault narrowed() {
  auto fault = for_both("the people's filter is narrowed",
                        "4 hold: configuration-changed, unconfirmed, unresolved", [](Stage& stage) {
                          stage.replace_in_configuration("(objectClass=inetOrgPerson)",
                                                         "(&(objectClass=inetOrgPerson)(!(uid=u01)))");
                        });
  fault.vault = "4 hold: configuration-changed, dn-check, gone-dn, unconfirmed, unresolved";
  return fault;
}

std::vector<Fault> faults() {
  return {
      changed("a line is broken", "2 syntax",
              [](Configuration& configuration) { configuration.more = "[limits\n"; }),
      changed("a key that does not exist", "2 unknown-key",
              [](Configuration& configuration) { configuration.service_keys = "colour = \"blue\"\n"; }),
      for_both("the file is missing", "2 unreadable", [](Stage& stage) { fs::remove(stage.config_file()); }),
      changed("a secret is missing", "2 unreadable",
              [](Configuration& configuration) { configuration.ldap_password_file += ".not"; }),
      service_without_secret(),
      with_mode(
          "others may write to the file", [](Stage& stage) { return stage.config_file(); },
          fs::perms::others_write),
      with_mode(
          "others may read a secret",
          [](Stage& stage) { return fs::path{stage.configuration.vault_password_file}; },
          fs::perms::others_read),
      without_rule("the rule of the Vault is taken out of the file", Side::vault, "privileged"),
      without_rule("the rule of the console is taken out of the file", Side::console, "plant"),
      for_both("the rules bear other names", "4 hold: first-plan, rule-gone",
               [](Stage& stage) {
                 stage.replace_in_configuration("name = \"privileged\"", "name = \"privileged people\"");
                 stage.replace_in_configuration("name = \"plant\"", "name = \"the plant\"");
               }),
      for_both("the directory is taken out of the file", "2 unknown-name",
               [](Stage& stage) { stage.replace_in_configuration("[directory.corp]", "[directory.lab]"); }),
      for_both("the directory bears another name", kHeld,
               [](Stage& stage) {
                 stage.replace_in_configuration("[directory.corp]", "[directory.lab]");
                 for (int n = 0; n < 2; ++n)
                   stage.replace_in_configuration("directory = \"corp\"", "directory = \"lab\"");
               }),
      for_both("the targets are reached at other addresses", kHeld,
               [](Stage& stage) {
                 stage.change_configuration([](Configuration& configuration) {
                   for (auto* const url : {&configuration.vault_url, &configuration.console_url})
                     url->replace(url->find("127.0.0.1"), sizeof "127.0.0.1" - 1, "localhost");
                 });
               }),
      changed("the limit of removals is tightened", "4 hold: removals",
              [](Configuration& configuration) { configuration.limits_keys = "removals = 0\n"; }),
      for_both("the people's base is another one that exists", "5 refuse: band",
               [](Stage& stage) {
                 stage.replace_in_configuration("users = { base = \"ou=people,",
                                                "users = { base = \"ou=groups,");
               }),
      changed(
          "the groups' base does not exist", "5 refuse: read-failed",
          [](Configuration& configuration) { configuration.groups_base = "ou=nowhere,dc=example,dc=com"; }),
      changed("another attribute tells who is disabled", kHeld,
              [](Configuration& configuration) {
                configuration.disabled_key = ", disabled = \"(employeeType=blocked)\"";
              }),
      for_both("another account reads the directory", kHeld,
               [](Stage& stage) {
                 stage.replace_in_configuration(kReaderDn, "cn=admin,dc=example,dc=com");
                 auto const file = stage.folder_.path() / "admin.secret";
                 fs::copy_file(stage.configuration.ldap_password_file, file,
                               fs::copy_options::overwrite_existing);
                 output_of({"sh", "-c", "printf secret > \"$0\"", file}, stage.folder_.path());
                 stage.replace_in_configuration(stage.configuration.ldap_password_file, file);
               }),
      narrowed(),
      for_both("the rules' filters are narrowed", "4 hold: configuration-changed, orphaned",
               [](Stage& stage) {
                 stage.replace_in_configuration("\"(cn=pam-*)\"", "\"(cn=pam-u*)\"");
                 stage.replace_in_configuration("\"(cn=iot-*)\"", "\"(cn=iot-o*)\"");
               }),
      changed("people are excluded", kHeld,
              [](Configuration& configuration) {
                configuration.vault_rule_keys = configuration.console_rule_keys =
                    "exclude_people = \"(uid=u01)\"\n";
              }),
      // So many at once are seen in two runs; the second one holds them as what the new settings bring about.
      changed("the nesting is no longer followed", "3 run: unconfirmed",
              [](Configuration& configuration) {
                configuration.vault_rule_keys = configuration.console_rule_keys = "nested = false\n";
              }),
  };
}

using GivenConfiguration = Stage;
TEST_F(GivenConfiguration, WhenItIsChangedThenNobodyIsWrongedOrForgotten) {
  play_all("The configuration", faults());
}

}  // namespace
}  // namespace dirsync::test
