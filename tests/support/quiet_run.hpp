#pragma once
// What one run of a company leaves in its journal when nothing had to be sent, for tests and benchmarks of
// the store alone.
#include <string>
#include <vector>

#include "sync/model/snapshot.hpp"
#include "sync/ports/journal.hpp"

namespace dirsync {

/// One directory, two targets, and people whom the Vault does not know yet.
class QuietRuns {
 public:
  explicit QuietRuns(int waiting)
      : state_{.target = "vault", .run = {}, .time = {}, .waiting = {}, .effective = {}, .unresolved = {}} {
    for (auto person = 0; person < waiting; ++person) wait();
  }
  /// One more person waits from now on.
  void wait() {
    auto const name = "person" + std::to_string(state_.waiting.size());
    state_.waiting.push_back(name);
    notices_.push_back(
        R"({"code":"waiting","group":"unix-admins","principal":")" + name + R"(","text":")" + name +
        R"( is in uid=)" + name +
        R"(,ou=people,dc=example,dc=com and has no user in the target yet","target":"vault"})");
  }
  /// From begin_run() to end_run(), at that time.
  void record(Journal& journal, Time time) {
    auto const digest = std::string(64, 'd');
    RunRecord run;
    run.start = {.time = time, .trigger = "daemon", .actor = "daemon", .configuration_digest = digest};
    run.id = journal.begin_run(run.start).value();
    journal.replace_absences("corp", {}).value();
    journal.accept_read(run.id, snapshot(run.id)).value();
    state_.run = run.id;
    state_.time = time;
    journal.keep_target_states(run.id, {&state_, 1}).value();
    run.finished = time + std::chrono::seconds{1};
    run.verdict = "in-sync";
    run.digest = digest;
    run.succeeded = {"console", "vault"};
    run.report_json = figures(run.id);
    run.shared_json =
        R"({"plan":{"run":null,"targets":{}},"clauses":{"corp":[{"name":"band","holds":true,"detail":""}]}})";
    run.notices = notices_;
    journal.end_run(run).value();
  }

 private:
  static Snapshot snapshot(RunId run) {
    SnapshotBuilder builder{"corp"};
    for (auto const* uid : {"ann", "bob"})
      builder.add_person(EntryId{uid}, "uid=" + std::string{uid} + ",dc=example,dc=com", {});
    auto const group = builder.add_group(EntryId{"ops"}, "cn=ops,dc=example,dc=com", {});
    builder.add_member_dn(group, "uid=ann,dc=example,dc=com");
    Certificate certificate;
    certificate.change_numbers = {"contextCSN of dc=example,dc=com", {{"001", std::to_string(run.value())}}};
    certificate.deciding_attributes = {{"employeetype", 2}, {"uid", 2}};
    return std::move(builder).build(std::move(certificate)).value();
  }
  /// As sync/engine/run/report.cpp makes them, with those numbers that change in every run.
  static std::string figures(RunId run) {
    auto const number = std::to_string(run.value());
    auto const side = [&number](std::string const& name, std::string const& band,
                                std::string const& numbers) {
      return "\"" + name + R"(":{"server":"https://)" + name +
             R"(.example.com","complete":true,"failing":null,"searches":14,"pages":16,"entries":1420,"values":)" +
             number + R"(,"band":[)" + band + R"(],"change_numbers":)" + numbers + "}";
    };
    std::string const band =
        R"({"what":"groups","before":210,"after":210,"percent":2E1},{"what":"people","before":1204,"after":1204,)"
        R"("percent":2E1},{"what":"member values","before":9120,"after":9120,"percent":3E1})";
    return R"({"certificates":{)" +
           side("corp", band,
                R"({"source":"contextCSN of dc=example,dc=com","values":{"001":"20261128171830.123456Z#)" +
                    number + R"(#001#000000"}})") +
           "," + side("console", "", "null") + "," + side("vault", "", "null") +
           R"(},"read_ms":{"console":212,"corp":840,"vault":)" + number +
           R"(},"total_ms":1204,"stopped":false})";
  }

  TargetState state_;
  std::vector<std::string> notices_;
};

}  // namespace dirsync
