// Faults that outlast every count of reads, and then end.
#include "tests/faults/edits.hpp"

namespace dirsync::test {
namespace {

constexpr char kNotRead[] = "5 refuse: read-failed";
constexpr int kRuns = 4;

Fault lasting(Fault fault) {
  fault.runs = kRuns;
  return fault;
}

/// One target fails, and the other one gets what is due.
Fault one_down(Side side) {
  auto const is_vault = side == Side::vault;
  auto fault = for_both(title_of(side) + " answers 503 to everything", "5 in-sync", [side](Stage& stage) {
    stage.simulator(side).replace_faults(R"([{"path": "/", "count": 0, "status": 503}])");
  });
  (is_vault ? fault.vault : fault.console) = kNotRead;
  return fault;
}

/// The list of a group lacks, in every run, some who stay. Their real memberships stand.
Fault short_list(Side side) {
  return only_on(
      side, "the list of a group lacks some who stay, again and again", "0 run", [side](Stage& stage) {
        std::string edits;
        for (auto const* uid : {"u01", "u04", "u06"})
          edits += (edits.empty() ? "" : ", ") + edit_of_member(side, "remove", stage.name_of(side, uid));
        auto const* const route = side == Side::vault ? "list-groups" : "GET /api/groups";
        stage.simulator(side).replace_faults(R"([{"route": ")" + std::string{route} +
                                             R"(", "count": 0, "do": [)" + edits + "]}]");
      });
}

std::vector<Fault> faults() {
  return {
      lasting(for_both(
          "no directory server listens", kNotRead, [](Stage& stage) { stage.slapd_->stop(); },
          [](Stage& stage) { stage.slapd_->start(); })),
      lasting(for_both("a rule hides a third of the people", "5 refuse: band",
                       [](Stage& stage) {
                         stage.hide(
                             "access to dn.regex=\"^uid=u[12].,ou=people,dc=example,dc=com$\" by * none");
                       })),
      lasting(for_both("a rule hides who is disabled", "5 refuse: attributes",
                       [](Stage& stage) { stage.hide("access to attrs=employeeType by * none"); })),
      lasting(one_down(Side::vault)),
      lasting(one_down(Side::console)),
      lasting(short_list(Side::vault)),
      lasting(short_list(Side::console)),
      lasting(hidden(Side::vault)),
      lasting(hidden(Side::console)),
  };
}

using GivenFaultsThatLast = Stage;
TEST_F(GivenFaultsThatLast, WhenTheyEndThenWhatIsDueIsDoneAndNobodyIsWronged) {
  play_all("Faults that last", faults());
}

}  // namespace
}  // namespace dirsync::test
