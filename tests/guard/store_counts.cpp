// The store, with a real file.
#include <functional>
#include <optional>
#include <vector>

#include "store/store.hpp"
#include "tests/guard/company.hpp"
#include "tests/guard/counted.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::guard {
namespace {

using store::StateFolder;
using store::Store;

/// An open store in a folder of its own, in a run.
struct OpenStore {
  TempFolder folder;
  Store store = Store::open({.folder = StateFolder::open(folder.path()).value()}).value();
  RunId run = store.begin_run({}).value();
};

Change change_number(unsigned number, Verb verb) {
  auto const digits = std::to_string(number);
  Change change;
  change.n = static_cast<int>(number) + 1;
  change.target = "vault";
  change.verb = verb;
  change.group = "unix-admins";
  change.group_id = "7";
  change.principal = "user" + digits;
  change.principal_id = digits;
  change.dn = person_dn(number);
  change.id = EntryId{"00000000-0000-0000-0000-" + change.principal};
  change.rule = "rule0";
  return change;
}

std::vector<Grant> grants_of_one_group(unsigned count) {
  std::vector<Grant> grants;
  for (unsigned n = 0; n < count; ++n) grants.push_back(grant_of(change_number(n, Verb::add)));
  return grants;
}

void send_one_by_one(OpenStore& open, unsigned count, Verb verb) {
  for (unsigned n = 0; n < count; ++n) {
    auto const change = change_number(n, verb);
    auto const intents = open.store.intend(open.run, PlanDigest{"p"}, "guard", {&change, 1}).value();
    open.store.settle(intents.at(0), {change, Outcome::done, ""}).value();
  }
}

AuditRow row_number(unsigned number) {
  AuditRow row;
  row.phase = "change";
  row.target = "vault";
  row.verb = "add";
  row.group = "unix-admins";
  row.principal = "user" + std::to_string(number);
  row.dn = person_dn(number);
  row.actor = "guard";
  row.result = "done";
  return row;
}

void append_rows(OpenStore& open, unsigned count) {
  for (unsigned n = 0; n < count; ++n) open.store.append(row_number(n)).value();
}

}  // namespace

void accept_again(std::string const& name, unsigned n) {
  OpenStore open;
  Shape shape{.people = 1'000, .groups = n, .members = 50};
  auto const before = snapshot_of(shape);
  shape.depth = 1;  // the first group has one more member
  auto const after = snapshot_of(shape);
  open.store.accept_read(open.run, before).value();
  auto const run = open.store.begin_run({}).value();
  counted(name, [&open, &after, run] { open.store.accept_read(run, after).value(); });
}

void grant_to_one_group(std::string const& name, unsigned n) {
  OpenStore open;
  counted(name, [&open, n] { send_one_by_one(open, n, Verb::add); });
  expect(open.store.managed("vault").value().grants.size() == n, "an addition left no grant");
}

void revoke_from_one_group(std::string const& name, unsigned n) {
  OpenStore open;
  open.store.adopt(open.run, "vault", "guard", {}, grants_of_one_group(n)).value();
  counted(name, [&open, n] { send_one_by_one(open, n, Verb::remove); });
  expect(open.store.managed("vault").value().grants.empty(), "a removal left a grant");
}

void read_grants(std::string const& name, unsigned n) {
  OpenStore open;
  open.store.adopt(open.run, "vault", "guard", {}, grants_of_one_group(n)).value();
  std::size_t found = 0;
  counted(name, [&open, &found] { found = open.store.managed("vault").value().grants.size(); });
  expect(found == n, "another number of grants was read than kept");
}

void append_audit_rows(std::string const& name, unsigned n) {
  OpenStore open;
  counted(name, [&open, n] { append_rows(open, n); });
}

void verify_audit_rows(std::string const& name, unsigned n) {
  OpenStore open;
  append_rows(open, n);
  std::int64_t verified = 0;
  counted(name, [&open, &verified] { verified = open.store.verify_chain().value().count; });
  expect(verified >= n, "fewer rows were verified than appended");
}

}  // namespace dirsync::guard
