#include "daemon/doctor/reads.hpp"

#include "daemon/doctor/words.hpp"
#include "sync/console/api/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/vault/errors.hpp"

namespace dirsync::doctor {
namespace {

/// Where, in target_ids(), a read failed.
std::size_t step_that_failed(Error const& error) {
  using console::ConsoleErrc;
  using vault::VaultErrc;
  constexpr std::size_t kLogOn = 0, kVersion = 1, kRights = 2, kRead = 3;
  auto const& code = error.code;
  if (code == VaultErrc::logon_refused || code == VaultErrc::logon_failed ||
      code == VaultErrc::session_lost || code == ConsoleErrc::login_refused ||
      code == ConsoleErrc::no_session || code == ConsoleErrc::unauthorized)
    return kLogOn;
  if (code == VaultErrc::bad_answer && error.context.find(": logon") != std::string::npos) return kLogOn;
  if (code == VaultErrc::old_version || code == VaultErrc::unknown_version ||
      code == ConsoleErrc::unsupported)
    return kVersion;
  if (code == VaultErrc::not_authorised || code == VaultErrc::incomplete_read || code == ConsoleErrc::denied)
    return kRights;
  return kRead;
}

char const* remedy_at(std::size_t step) {
  constexpr char const* kRemedies[] = {
      "check the account, its password and whether it is suspended",
      "update the target to a version that docs/architecture.md names",
      "give the service account the rights that docs/installing.md names",
      "see the target's own log for the request, and run again",
  };
  return kRemedies[step];
}

}  // namespace

std::vector<std::string> const& target_ids() {
  static std::vector<std::string> const ids{"log-on", "version", "rights", "read"};
  return ids;
}

void judge_directory_read(DirectoryRead const& read, CheckList& checks) {
  if (read.error) {
    checks.fail("read", *read.error, "run again; see the server's log");
    checks.skip_after("read", {"unresolved", "damaged"});
    return;
  }
  checks.ok("read", "a whole read is proven complete: " + people(read.people) + ", " + groups(read.groups) +
                        ", " + counted(read.values, "member value", "member values"));
  for (auto const& [cause, finding] : read.unresolved)
    checks.warn("unresolved",
                counted(finding.values, "member value", "member values") + " " +
                    explanation(cause, finding.values == 1) + ": " + join(finding.examples, ", "),
                remedy(cause));
  if (read.unresolved.empty()) checks.ok("unresolved", "every member value names somebody or a group");
  if (read.damages > 0)
    checks.warn("damaged",
                counted(read.damages, "entry", "entries") + " cannot be used without a correction, such as " +
                    join(read.damaged, ", "),
                "see `dirsyncd plan` for what to correct in each");
  else
    checks.ok("damaged", "every entry can be used");
}

void judge_target_read(TargetRead const& read, CheckList& checks) {
  auto const& ids = target_ids();
  auto const failed = read.error ? step_that_failed(*read.error) : ids.size();
  for (std::size_t step = 0; step < ids.size(); ++step) {
    if (step > failed) {
      checks.skip(ids[step], ids[failed] + " failed");
    } else if (step == failed) {
      checks.fail(ids[step], *read.error, remedy_at(step));
    } else if (ids[step] == "log-on") {
      checks.ok("log-on", "the account is let in");
    } else if (ids[step] == "version") {
      if (!read.error)
        checks.ok("version", read.product);
      else
        checks.ok("version", "it is one that can be read");
    } else if (ids[step] == "rights") {
      std::vector<std::string> proven;
      for (auto const& clause : read.clauses) proven.push_back(clause.name + " (" + clause.detail + ")");
      checks.ok("rights", read.error ? "no call was refused"
                                     : "every list that is needed is given whole: " + join(proven, ", "));
    } else {
      checks.ok("read", counted(read.users, "user", "users") + ", " + groups(read.groups));
    }
  }
}

void judge_mappings(std::map<std::string, MappingAnswer> const& answers, char const* without,
                    CheckList& checks) {
  if (without != nullptr) return checks.skip("mappings", without);
  if (answers.empty())
    return checks.ok("mappings", "no directory mapping is configured: people without a user wait");
  for (auto const& [domain, answer] : answers) {
    if (!answer.is_told)
      checks.skip("mappings", "whether the Vault takes people in through " + domain + " it does not tell" +
                                  (answer.text.empty() ? std::string{} : ": " + answer.text));
    else if (answer.text.empty())
      checks.ok("mappings", "the Vault can take people in through " + domain);
    else
      checks.fail("mappings", domain + ": " + answer.text,
                  "correct domain or domains, or add the directory mapping in PVWA");
  }
}

}  // namespace dirsync::doctor
