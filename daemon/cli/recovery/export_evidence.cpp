// An export of the audit trail.
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "daemon/cli/extract/extract_check.hpp"
#include "daemon/cli/recovery/audit_replay.hpp"
#include "daemon/cli/recovery/evidence.hpp"
#include "store/audit_key.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
using store::StoreErrc;

Error not_read(std::string const& path) {
  return {StoreErrc::unwritable,
          printable(path) + ": cannot be read: " + std::generic_category().message(errno != 0 ? errno : EIO) +
              ". Correct the path, or let the account that owns the state folder read it"};
}

/// What the lines of an export say of themselves, without a proof.
class OwnChain {
 public:
  /// Nothing: the line is no row.
  void next(std::int64_t line, std::optional<AuditRow> const& row) {
    if (!row) return fail(line, "it is no row of a trail");
    if (rows_ == 0) first_ = row->sequence;
    if (store::hash_of(*row) != row->hash) fail(line, "its hash is not that of its content");
    if (rows_ > 0 && row->sequence <= last_.sequence)
      fail(line, "its sequence does not go on from the row before");
    if (rows_ > 0 && row->sequence == last_.sequence + 1 && row->previous != last_.hash)
      fail(line, "it does not continue the row before");
    if (rows_ > 0 && row->sequence > last_.sequence + 1) has_gaps_ = true;
    last_ = {row->sequence, row->hash};
    ++rows_;
  }

  std::string const& fault() const { return fault_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t first() const { return first_; }
  std::int64_t last() const { return last_.sequence; }
  bool has_gaps() const { return has_gaps_; }

 private:
  void fail(std::int64_t line, std::string const& why) {
    if (fault_.empty()) fault_ = "line " + std::to_string(line) + ": " + why;
  }

  store::ChainHead last_{0, store::kNoHash};
  std::int64_t rows_ = 0, first_ = 0;
  bool has_gaps_ = false;
  std::string fault_;
};

/// Nothing where there is none.
Result<std::optional<ExtractCheck>> check_by_proof(std::string const& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return std::optional<ExtractCheck>{};
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string const text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad()) return not_read(path);
  auto proof = parse_proof(text);
  if (!proof) return within(printable(path), proof.error());
  return std::optional<ExtractCheck>{std::in_place, std::move(*proof)};
}

/// Nothing when there is none, or none that can be read: then nobody can be compared with.
std::optional<store::PublicKey> key_in(store::StateFolder const& folder) {
  auto const key = store::read_audit_key(folder);
  return key && *key ? std::optional{(*key)->public_key()} : std::nullopt;
}

/// Those of which nothing can be claimed.
void doubt_other_targets(std::string const& file, plan::RememberedByTarget const& remembered,
                         std::set<std::string> const& targets, std::vector<Reason>& doubts) {
  std::vector<std::string> others;
  for (auto const& [target, of] : remembered)
    if (!targets.contains(target)) others.push_back(printable(target));
  if (others.empty()) return;
  doubts.push_back(doubt_of("other-target", printable(file) + " also tells of what is not configured here (" +
                                                join(others, ", ") +
                                                "): nothing of that is claimed. Approve only if it is the "
                                                "trail of this dirsyncd"));
}

std::vector<Reason> export_doubts_of(std::string const& file, OwnChain const& chain,
                                     ExtractCheck const* proof) {
  std::vector<Reason> doubts;
  auto const broken = [&doubts, &file](std::string const& why) {
    doubts.push_back(doubt_of("audit-broken", printable(file) + " does not hold, " + why +
                                                  ". What it says is taken as it stands: approve only if you "
                                                  "know why that is so"));
  };
  if (!chain.fault().empty())
    broken("first at " + chain.fault());
  else if (proof != nullptr && proof->fault() && proof->fault()->kind == kOtherSigner)
    doubts.push_back(doubt_of(
        "audit-foreign", printable(file) +
                             ".proof was not signed with the key in the state folder (it names " +
                             printable(proof->checkpoint().origin) +
                             "): the export is that of another dirsyncd, of the time before this key, or "
                             "forged. Approve only if you know which"));
  else if (proof != nullptr && proof->fault())
    broken((proof->fault()->line > 0 ? "first at line " + std::to_string(proof->fault()->line) + ": "
                                     : std::string{}) +
           proof->fault()->text);
  if (proof == nullptr)
    doubts.push_back(doubt_of(
        "audit-unproven",
        "there is no " + printable(file) + ".proof, so nobody can tell whether rows were added or left out"));
  if (chain.rows() > 0 && (chain.first() > 1 || chain.has_gaps()))
    doubts.push_back(
        doubt_of("audit-incomplete", printable(file) + " begins with row " + std::to_string(chain.first()) +
                                         (chain.has_gaps() ? " and has gaps" : "") +
                                         ": what was given in rows that it does not have stays foreign"));
  return doubts;
}

}  // namespace

Result<Evidence> read_export(std::string const& file, store::StateFolder const& folder,
                             std::set<std::string> const& targets) {
  auto check = check_by_proof(file + ".proof");
  if (!check) return check.error();
  errno = 0;
  std::ifstream lines{file, std::ios::binary};
  if (!lines.is_open()) return not_read(file);
  AuditReplay replay;
  OwnChain chain;
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    if (*check) (*check)->line(line, !lines.eof());
    auto const row = row_of(ExtractFormat::jsonl, line);
    chain.next(++number, row);
    if (row) replay.take(*row);
  }
  if (lines.bad()) return not_read(file);
  if (number == 0)
    return Error{StoreErrc::malformed,
                 printable(file) +
                     ": has no rows, as an export that was cut off leaves it: nothing can "
                     "be recovered from it. Give another one, or a copy of dirsyncd.db"};
  if (chain.rows() == 0)
    return Error{StoreErrc::malformed,
                 printable(file) +
                     ": neither an export of the audit trail nor a store. Give what `dirsyncd log "
                     "export` wrote in its format jsonl, or a copy of dirsyncd.db"};
  if (*check) (*check)->finish(key_in(folder));
  auto remembered = replay.remembered();
  auto doubts = export_doubts_of(file, chain, *check ? &**check : nullptr);
  doubt_other_targets(file, remembered, targets, doubts);
  return Evidence{.remembered = std::move(remembered),
                  .source = "audit export " + printable(file) + ", rows " + std::to_string(chain.first()) +
                            " to " + std::to_string(chain.last()),
                  .last_row = chain.last(),
                  .doubts = std::move(doubts)};
}

Reason doubt_of(char const* code, std::string text) {
  return {.code = code,
          .text = std::move(text),
          .target = "",
          .rule = "",
          .group = "",
          .count = std::nullopt,
          .allowed = std::nullopt};
}

Result<Evidence> read_evidence(std::string const& file, store::StateFolder const& folder,
                               std::set<std::string> const& targets) {
  static constexpr std::string_view kStore = "SQLite format 3";
  errno = 0;
  std::ifstream begin{file, std::ios::binary};
  std::string magic(kStore.size(), '\0');
  begin.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (!begin.is_open() || begin.bad()) return not_read(file);
  return begin.gcount() == static_cast<std::streamsize>(magic.size()) && magic == kStore
             ? read_store_copy(file, folder, targets)
             : read_export(file, folder, targets);
}

}  // namespace dirsync::cli
