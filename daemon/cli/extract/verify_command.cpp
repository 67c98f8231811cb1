// log verify: of the store, or of a file that log export wrote.
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "daemon/cli/context.hpp"
#include "daemon/cli/extract/extract_check.hpp"
#include "daemon/cli/pruned_notice.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;
using store::StoreErrc;

Error cannot_read(std::string const& path) {
  return {StoreErrc::unwritable,
          printable(path) + ": cannot be read: " + std::generic_category().message(errno != 0 ? errno : EIO) +
              ". Correct the path, or its rights"};
}

Result<std::string> content_of(std::string const& path) {
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad()) return cannot_read(path);
  return content;
}

/// Of --key; nothing when it was not given.
Result<std::optional<store::PublicKey>> asked_key(std::string const& path) {
  if (path.empty()) return std::optional<store::PublicKey>{};
  auto const pem = content_of(path);
  if (!pem) return pem.error();
  auto key = store::PublicKey::parse(*pem);
  if (!key) return within(printable(path), key.error());
  return std::optional{std::move(*key)};
}

/// Of --head: "12:" and 64 hexadecimal digits.
std::optional<store::ChainHead> head_in(std::string const& text) {
  auto const colon = text.find(':');
  auto const sequence = parse_integer(std::string_view{text}.substr(0, colon));
  if (colon == text.npos || !sequence || *sequence < 1) return std::nullopt;
  auto hash = text.substr(colon + 1);
  if (hash.size() != store::kNoHash.size() || hash.find_first_not_of("0123456789abcdef") != hash.npos)
    return std::nullopt;
  return store::ChainHead{*sequence, std::move(hash)};
}

/// What was asked to compare with.
struct Expected {
  std::optional<store::PublicKey> key;
  std::optional<store::ChainHead> head;
};

/// Nothing when there is a mistake in it, which is printed.
std::optional<Expected> expected(Arguments const& arguments) {
  auto const& head = arguments.extract.head;
  auto key = asked_key(arguments.extract.key);
  if (!key) return print_error(arguments, key.error()), std::nullopt;
  if (head.empty()) return Expected{std::move(*key), std::nullopt};
  auto read = head_in(head);
  if (read) return Expected{std::move(*key), std::move(read)};
  print_error(arguments, "usage",
              "--head takes the sequence of a row, a colon and its hash of 64 hexadecimal digits");
  return std::nullopt;
}

int fail_reading(Arguments const& arguments, Error const& error) {
  print_error(arguments, error);
  return exit_of(error);
}

// A file.

Result<ExtractCheck> check_file(std::string const& path, Expected const& expected) {
  auto const text = content_of(path + ".proof");
  if (!text) return text.error();
  auto proof = parse_proof(*text);
  if (!proof) return within(printable(path + ".proof"), proof.error());
  ExtractCheck check{std::move(*proof), expected.head};
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file.is_open()) return cannot_read(path);
  for (std::string line; std::getline(file, line);) check.line(line, !file.eof());
  if (file.bad()) return cannot_read(path);
  check.finish(expected.key);
  return check;
}

void show_file_report(Arguments const& arguments, ExtractCheck const& check, bool has_key) {
  auto const& fault = check.fault();
  auto const& trail = check.checkpoint();
  if (arguments.json) {
    json::object report{{"holds", !fault},
                        {"rows", check.rows()},
                        {"first_row", check.first_row()},
                        {"last_row", check.last_row()},
                        {"signature_checked", has_key},
                        {"trail",
                         {{"origin", trail.origin},
                          {"rows", trail.size},
                          {"head", trail.chain},
                          {"time", rfc3339(trail.time)}}}};
    if (fault) {
      report["kind"] = fault->kind;
      report["line"] = fault->line;
      report["text"] = fault->text;
    }
    return show_json(report);
  }
  if (fault) {
    auto const where = fault->line > 0 ? ", first at line " + std::to_string(fault->line) : std::string{};
    return show(stdout,
                "The extract does NOT hold" + where + " (" + fault->kind + "): " + fault->text + "\n");
  }
  auto const range = check.rows() == 0
                         ? std::string{}
                         : ", " + std::to_string(check.first_row()) + " to " +
                               std::to_string(check.last_row()) + (check.has_gaps() ? " with gaps" : "");
  show(stdout, "The extract holds: " + std::to_string(check.rows()) + " rows" + range + ", of a trail of " +
                   std::to_string(trail.size) + ", signed " + rfc3339(trail.time) + " by " + trail.origin +
                   "\n");
  if (!has_key)
    show(stdout,
         "Whose signature it is was NOT checked: give the public key with --key, as `dirsyncd log key` "
         "prints it where the trail is kept\n");
}

int verify_file(Arguments const& arguments, Expected const& expected) {
  auto const check = check_file(arguments.extract.file, expected);
  if (!check) return fail_reading(arguments, check.error());
  if (!check->fault() && expected.head && !check->tells_of_witnessed()) {
    print_error(arguments, "usage",
                "the extract does not tell the hash of row " + std::to_string(expected.head->sequence) +
                    ": it is neither in the file nor the last one of the trail. Export that row as well");
    return kUsage;
  }
  show_file_report(arguments, *check, expected.key.has_value());
  return check->fault() ? kBrokenChain : kDone;
}

// The store.

/// Looks whether the witnessed row is there. One that was pruned can be compared no more, but for the last.
Result<std::optional<store::ChainFault>> compare(store::Store& store,
                                                 std::optional<store::PrunedRows> const& pruned,
                                                 store::ChainHead const& witnessed) {
  std::string hash;
  if (pruned && witnessed.sequence == pruned->rows()) hash = pruned->head().hash;
  AuditFilter filter;
  filter.after_sequence = witnessed.sequence - 1;
  auto const read = store.audit(filter, [&hash, &witnessed](AuditRow const& row) {
    if (row.sequence == witnessed.sequence) hash = row.hash;
    return false;
  });
  if (!read) return read.error();
  if (hash == witnessed.hash) return std::optional<store::ChainFault>{};
  auto const row = "row " + std::to_string(witnessed.sequence);
  return std::optional{store::ChainFault{store::ChainFault::Kind::head_mismatch, witnessed.sequence,
                                         hash.empty() ? row + " is not there" : row + " has another hash"}};
}

void show_store_fault(store::ChainReport const& report) {
  auto const& fault = *report.fault;
  show(stdout, "The audit chain does NOT hold, first at sequence " + std::to_string(fault.sequence) + " (" +
                   store::to_text(fault.kind) + "): " + fault.text + "\n");
  if (auto const& row = report.acknowledged)
    show(stdout, "Row " + std::to_string(row->sequence) + ", " + rfc3339(row->time) + ", by " +
                     printable(row->actor) + ", took note of " + printable(row->detail, std::string::npos) +
                     "\n");
}

void show_store_report(Arguments const& arguments, store::ChainReport const& report) {
  auto const& fault = report.fault;
  if (arguments.json) {
    json::object object{{"holds", !fault},
                        {"rows", report.count},
                        {"head", report.head.hash},
                        {"checkpoints", report.checkpoints},
                        {"checkpoints_of_other_keys", report.of_other_keys},
                        {"signatures_checked", report.has_key},
                        {"pruned", report.pruned ? report.pruned->rows() : 0}};
    if (fault) {
      object["first_bad"] = fault->sequence;
      object["kind"] = store::to_text(fault->kind);
      object["text"] = fault->text;
    }
    if (auto const& row = report.acknowledged)
      object["acknowledged"] = json::object{{"seq", row->sequence},
                                            {"time", rfc3339(row->time)},
                                            {"actor", as_utf8(row->actor)},
                                            {"text", as_utf8(row->detail)}};
    return show_json(object);
  }
  if (fault) return show_store_fault(report);
  show(stdout,
       "The audit chain holds: " + std::to_string(report.count) + " rows, head " + report.head.hash + "\n");
  if (report.pruned)
    show(stdout, "It goes on from a signed checkpoint: " + pruned_text(*report.pruned) + "\n");
  if (report.checkpoints == 0) return;
  auto const others = report.of_other_keys == 0 ? std::string{}
                                                : ", " + std::to_string(report.of_other_keys) +
                                                      " of them signed with an earlier key";
  show(stdout, "So do " + std::to_string(report.checkpoints) + " checkpoints" + others +
                   (report.has_key ? "\n" : "; without a key nobody can tell who signed them\n"));
}

int verify_store(Arguments const& arguments, Expected const& expected) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto report = state->store.verify_chain(expected.key);
  if (!report) return fail_reading(arguments, report.error());
  if (expected.head && !report->fault) {
    if (report->pruned && expected.head->sequence < report->pruned->rows()) {
      print_error(arguments, "usage",
                  "row " + std::to_string(expected.head->sequence) + " can be compared no more: " +
                      pruned_text(*report->pruned) + ". Compare with `dirsyncd log verify --file`");
      return kUsage;
    }
    auto const compared = compare(state->store, report->pruned, *expected.head);
    if (!compared) return fail_reading(arguments, compared.error());
    report->fault = *compared;
  }
  show_store_report(arguments, *report);
  return report->fault ? kBrokenChain : kDone;
}
}  // namespace

int verify_log(Arguments const& arguments) {
  auto const asked = expected(arguments);
  if (!asked) return kUsage;
  return arguments.extract.file.empty() ? verify_store(arguments, *asked) : verify_file(arguments, *asked);
}

}  // namespace dirsync::cli
