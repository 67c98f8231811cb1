#pragma once
// One world in sync, on which fault after fault is played.
#include <functional>
#include <memory>
#include <tuple>

#include "tests/faults/matrix.hpp"
#include "tests/faults/oracle.hpp"
#include "tests/support/ldap/proxy.hpp"
#include "tests/support/net/tcp_proxy.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {

class Stage;

struct Fault {
  std::string name;   // as the page tells it
  std::string vault;  // expected of the run under the fault, as Stage::said() tells it; empty: not looked at
  std::string console;                    // the same
  std::function<void(Stage&)> begin;      // what goes wrong, after the due changes and before the run
  std::function<void(Stage&)> end{};      // beside what Stage::lift() takes back by itself
  std::function<Finished(Stage&)> act{};  // the run; none: `sync --json`
  int runs = 1;                           // that meet it; the last one is told
};

/// A fault that both targets must answer in the same way.
Fault for_both(std::string name, std::string const& expected, std::function<void(Stage&)> begin,
               std::function<void(Stage&)> end = {});

/// A fault of one target; the other one is not looked at.
Fault only_on(Side side, std::string name, std::string const& expected, std::function<void(Stage&)> begin,
              std::function<void(Stage&)> end = {});

/// The Vault's side tells of its user's DN besides, whose entry is not found.
Fault unfound(Fault fault);

/// In sync with a company of whom three are disabled. Each fault meets a directory in which, since the last
/// run, somebody was disabled, somebody left a team and somebody joined it.
class Stage : public World {
 public:
  Stage();
  void SetUp() override;

  /// Plays each and compares its rows with `section` of docs/fault-matrix.md.
  void play_all(std::string const& section, std::vector<Fault> const& faults);

  // What faults are made of; lift() takes these back.
  SimulatorProcess& simulator(Side side) { return side == Side::vault ? *vault_ : *console_; }
  /// slapd with these access rules before its own, or other settings.
  void hide(std::string const& access_rule);
  void slapd_with(Slapd::Options const& options);
  /// The directory is read through it, without TLS.
  void bend(LdapProxy::Edit edit, Delivery delivery = {});
  /// The directory is read through it, with TLS.
  void spoil_connection(TcpProxy::Fault fault, std::size_t after);
  /// Changes dirsyncd.toml.
  void change_configuration(std::function<void(Configuration&)> const& change);
  void replace_in_configuration(std::string const& what, std::string const& by);
  /// `usual`: what lift() gives back.
  void turn(Side side, std::string const& knob, std::string const& value, std::string const& usual);
  /// One more group in the directory, of which the rule of that side makes one of the same members.
  void add_source(Side side, std::string const& name, std::vector<std::string> const& people);
  /// Changes the whole state of a target, as GET /_sim/state shows it. lift() does not take it back.
  void edit_state(Side side, std::function<void(boost::json::object&)> const& edit);

  /// A group that is managed on that side, and its name there.
  static std::string group_of(Side side) { return side == Side::vault ? "unix" : "operators"; }
  /// The name of a person there.
  std::string name_of(Side side, std::string const& uid) const;
  std::filesystem::path state() const { return folder_.path() / "state"; }
  std::filesystem::path prepared() const { return folder_.path() / "prepared"; }
  std::string digest_held();
  /// Names that somebody gave a group there, by hand, and ours.
  std::map<std::pair<Side, std::string>, std::string> renamed;
  /// The same of people.
  std::map<std::pair<Side, std::string>, std::string> renamed_people;
  /// Memberships that a target does not show while the fault lasts: nobody can know of them then.
  std::map<Side, Memberships> unseen;
  /// Memberships that somebody else gave, and that are no business of ours.
  std::map<Side, Memberships> by_hand;
  std::set<std::string> disabled;

  using World::certificates_;
  using World::company;
  using World::config_file;
  using World::configuration;
  using World::database;
  using World::document;
  using World::folder_;
  using World::modify_directory;
  using World::run;
  using World::slapd_;
  using World::slapd_options_;
  using World::start;

 private:
  void prepare();
  void due();
  void restore();
  void lift();
  void write_configuration();
  void set_knob(Side side, std::string const& knob, std::string const& value);
  Memberships held_by(Side side);
  Memberships justified(Side side) const;
  Finished observed_run(std::function<Finished(Stage&)> const& act, bool under_fault);
  std::string said(Side side, Finished const& finished) const;
  void settle();
  void play(Fault const& fault, std::vector<Row>& rows);

  Slapd::Options good_slapd_;
  Configuration good_configuration_;
  Company good_company_;
  std::vector<std::pair<std::string, std::string>> replacements_;
  std::vector<std::string> new_sources_;  // DNs
  std::vector<std::tuple<Side, std::string, std::string>> turned_;
  std::unique_ptr<LdapProxy> proxy_;
  std::unique_ptr<TcpProxy> tcp_;
  bool plaintext_ = false, slapd_differs_ = false, is_due_ = false;
  std::map<Side, std::string> target_states_;
  std::map<Side, std::set<std::string>> usual_notices_;
  std::map<Side, Harm> harm_;
};

}  // namespace dirsync::test
