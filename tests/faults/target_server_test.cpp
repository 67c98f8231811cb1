// The targets' certificates, and lists that change while they are read.

#include "tests/faults/edits.hpp"

namespace dirsync::test {
namespace {

constexpr char kNotRead[] = "5 refuse: read-failed";

SimulatorProcess::Kind kind_of(Side side) {
  return side == Side::vault ? SimulatorProcess::Kind::vault : SimulatorProcess::Kind::console;
}

std::string state_of(Stage const& stage, Side side) {
  return side == Side::vault ? stage.company.vault_state() : stage.company.console_state();
}

using Servers = std::map<Side, std::unique_ptr<SimulatorProcess>>;

/// Servers of their own with those certificates, at the addresses of both targets.
Fault served_with(std::string name, std::string const& expected,
                  std::function<CertificateFiles(std::filesystem::path const&)> make) {
  auto servers = std::make_shared<Servers>();
  return for_both(
      std::move(name), expected,
      [servers, make = std::move(make)](Stage& stage) {
        for (auto const side : {Side::vault, Side::console}) {
          auto const folder = stage.folder_.path() / ("other-" + title_of(side));
          std::filesystem::create_directories(folder);
          auto const files = make(folder);
          servers->insert_or_assign(
              side, std::make_unique<SimulatorProcess>(kind_of(side), folder, files, state_of(stage, side)));
          stage.change_configuration([side, &servers, &files](Configuration& configuration) {
            auto const is_vault = side == Side::vault;
            (is_vault ? configuration.vault_url : configuration.console_url) = servers->at(side)->url();
            (is_vault ? configuration.vault_ca : configuration.console_ca) = files.ca_file;
          });
        }
      },
      [servers](Stage&) { servers->clear(); });
}

/// It is the only certificate of its chain, and no CA that anybody trusts.
CertificateFiles self_signed(std::filesystem::path const& folder) {
  auto files = make_certificates(folder);
  output_of({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", files.key_file, "-out", files.cert_file},
            folder);
  return files;
}

/// Where a Vault shows none of our groups, whoever is due to leave them is told as well.
Fault elsewhere(Fault fault) {
  fault.vault = "4 hold: blocked hidden-group, configuration-changed, hidden-group, unchecked-mapping";
  return fault;
}

std::vector<Fault> certificates() {
  auto const with = [](CertificateOptions const& options) {
    return [options](std::filesystem::path const& folder) { return make_certificates(folder, options); };
  };
  return {
      for_both("the target's certificate is of another CA", kNotRead,
               [](Stage& stage) {
                 stage.change_configuration([&stage](Configuration& configuration) {
                   configuration.vault_ca = configuration.console_ca = stage.slapd_->ca_file();
                 });
               }),
      served_with("the target's certificate has expired", kNotRead, with({.expired = true})),
      served_with("the target's certificate names another host", kNotRead,
                  with({.subject_names = "DNS:elsewhere.example.com"})),
      served_with("the target's certificate is signed by itself", kNotRead, self_signed),
      // An installation that holds none of our groups: what the plan would do there is nobody's wish yet.
      elsewhere(served_with("the target's address leads to another installation",
                            "4 hold: configuration-changed", with({}))),
  };
}

/// In pages of a few, `edit` happens just before the second one of the list is asked for.
Fault in_mid_list(Side side, std::string name, std::string const& expected, std::string const& route,
                  std::string const& edit) {
  return only_on(side, std::move(name), expected, [side, route, edit](Stage& stage) {
    if (side == Side::vault) {
      // On the first page, before the groups of ours.
      stage.simulator(side).edit(R"({"op": "create-group", "id": 12, "groupName": "Empty"})");
      stage.turn(side, "page_size", "3", "0");
    } else {
      stage.change_configuration(
          [](Configuration& configuration) { configuration.console_keys += "page_size = 10\n"; });
    }
    stage.simulator(side).replace_faults(R"([{"route": ")" + route + R"(", "nth": 2, "do": )" + edit + "}]");
  });
}

std::vector<Fault> lists() {
  // A console's list that shows somebody twice is read again; a Vault's announces as many as it sends, and
  // whatever of ours is not among them keeps its grants.
  constexpr char kAgain[] = "0 run", kHidden[] = "6 wait: blocked hidden-group";
  auto const console_group = Stage::group_of(Side::console);
  return {
      in_mid_list(Side::console, "a group moves from a page to the one before", kAgain, "GET /api/groups",
                  R"({"op": "move", "group": ")" + console_group + R"(", "to": "first"})"),
      in_mid_list(Side::console, "a group moves from a page to one behind", kAgain, "GET /api/groups",
                  R"({"op": "move", "group": "Directory Sync", "to": "last"})"),
      in_mid_list(Side::console, "a person moves from a page to the one before", kAgain, "GET /api/users",
                  R"({"op": "move", "user": "u01@example.com", "to": "first"})"),
      in_mid_list(Side::vault, "a group is made anew while pages are read", kHidden, "list-groups",
                  R"({"op": "recreate-group", "group": "Empty"})"),
      in_mid_list(Side::vault, "a group is deleted while pages are read", kHidden, "list-groups",
                  R"({"op": "delete-group", "group": "Empty"})"),
      in_mid_list(Side::vault, "a group is added while pages are read", "0 run", "list-groups",
                  R"({"op": "create-group", "groupName": "Another"})"),
  };
}

using GivenServersOfTargets = Stage;
TEST_F(GivenServersOfTargets, WhenTheyAreOthersThenNobodyIsWrongedOrForgotten) {
  play_all("The targets' servers", certificates());
}

using GivenListsInPages = Stage;
TEST_F(GivenListsInPages, WhenTheyChangeMeanwhileThenNobodyIsWrongedOrForgotten) {
  play_all("Lists that change while they are read", lists());
}

}  // namespace
}  // namespace dirsync::test
