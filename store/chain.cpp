#include "store/chain.hpp"

#include "sync/model/assert.hpp"
#include "sync/model/digest.hpp"

namespace dirsync::store {
namespace {
// Names the layout: a later one gets another name, so no row can be read under two layouts.
constexpr char kLayout[] = "dirsyncd-audit-1";

std::string row_number(std::int64_t sequence) { return "row " + std::to_string(sequence); }
}  // namespace

std::string const kNoHash(64, '0');

std::string hashed_bytes(AuditRow const& row) {
  std::string bytes;
  bytes.reserve(1024);
  auto const add = [&bytes](std::string_view field) {
    char length[8];
    for (auto at = 0U; at < sizeof length; ++at)
      length[at] = static_cast<char>((field.size() >> (56 - 8 * at)) & 0xff);
    bytes.append(length, sizeof length);
    bytes += field;
  };
  add(kLayout);
  add(std::to_string(row.sequence));
  add(rfc3339(row.time));
  add(std::to_string(row.run.value()));
  for (auto const* const field :
       {&row.phase, &row.target, &row.verb, &row.group, &row.principal, &row.dn, &row.id, &row.rule,
        &row.path, &row.plan, &row.actor, &row.result, &row.detail, &row.previous})
    add(*field);
  return bytes;
}

std::string chain_hash(std::string_view hashed) {
  // To make one takes longer than to hash a row.
  static thread_local Sha256 digest;
  return digest.update(hashed).hex();
}

std::string hash_of(AuditRow const& row) { return chain_hash(hashed_bytes(row)); }

char const* to_text(ChainFault::Kind kind) {
  switch (kind) {
    case ChainFault::Kind::altered:
      return "altered";
    case ChainFault::Kind::missing:
      return "missing";
    case ChainFault::Kind::reordered:
      return "reordered";
    case ChainFault::Kind::inserted:
      return "inserted";
    case ChainFault::Kind::cut_tail:
      return "cut-tail";
    case ChainFault::Kind::head_mismatch:
      return "head-mismatch";
    case ChainFault::Kind::wrong_checkpoint:
      return "checkpoint";
    case ChainFault::Kind::wrong_signature:
      return "signature";
  }
  DIRSYNC_ASSERT(!"a kind of fault");
}

bool ChainCheck::next(AuditRow const& row, std::string_view hashed) {
  using enum ChainFault::Kind;
  if (fault_) return false;
  auto const expected = last_.sequence + 1;
  if (row.sequence < expected) {
    auto const* const why =
        row.sequence < 1 ? " stands before the first one" : " was pruned and is there again";
    fault_ = ChainFault{inserted, row.sequence, row_number(row.sequence) + why + ": somebody put it in"};
  } else if (row.sequence != expected) {
    auto const gap = row_number(expected) + " is gone; the next one there is " + row_number(row.sequence);
    fault_ = ChainFault{missing, expected, gap};
  } else if (chain_hash(hashed) != row.hash) {
    fault_ = ChainFault{altered, expected,
                        row_number(expected) + " does not fit its hash: it was changed or moved"};
  } else if (row.previous != last_.hash) {
    fault_ = ChainFault{
        reordered, expected,
        row_number(expected) + " does not continue the row before it: one of the two was replaced or moved"};
  } else {
    last_ = {row.sequence, row.hash};
  }
  return !fault_;
}

std::optional<ChainFault> ChainCheck::finish(ChainHead const& head) {
  using enum ChainFault::Kind;
  if (fault_) return fault_;
  auto const after = last_.sequence + 1;
  if (head.sequence > last_.sequence)
    return ChainFault{cut_tail, after,
                      "the trail ended with " + row_number(head.sequence) + ", but " + row_number(after) +
                          " and what followed are gone"};
  if (head.sequence < last_.sequence)
    return ChainFault{head_mismatch, head.sequence + 1,
                      "rows follow after the stored head, " + row_number(head.sequence)};
  if (head.hash != last_.hash)
    return ChainFault{head_mismatch, head.sequence,
                      row_number(head.sequence) + " does not bear the hash of the stored head"};
  return std::nullopt;
}

}  // namespace dirsync::store
