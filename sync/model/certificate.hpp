#pragma once
// Why a read counts as complete, clause by clause.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dirsync {

/// One clause of a read's completeness; docs/json.md lists them.
struct CertificateClause {
  std::string name;  // "result-codes", "paging", "base-readable", "canary", "band", "change-number", ...
  bool holds = false;
  std::string detail;  // figures; what to do when it does not hold
};

/// How far a server had come, in the server's own count of changes.
struct ChangeNumbers {
  /// Numbers of different sources cannot be compared: "contextCSN of dc=example,dc=com", or what names one
  /// server. Empty: the server offers none.
  std::string source;
  /// By origin of the changes (a server id of a replicated set; "" where there is only one). Numbers of one
  /// origin only ever grow: the longer text is the larger one, of two equally long ones the one that sorts
  /// later.
  std::map<std::string, std::string> values;
  friend bool operator==(ChangeNumbers const&, ChangeNumbers const&) = default;
};

/// What of `before` is larger than in `now`, in words; empty when nothing went back. Both of one source.
std::string went_back(ChangeNumbers const& before, ChangeNumbers const& now);

/// "contextCSN of dc=example,dc=com: 000 20261121201500.000000Z#000000#000#000000".
std::string in_words(ChangeNumbers const& numbers);

/// A count beside that of the last accepted read.
struct BandFigure {
  std::string what;                    // "groups", "people", "member values"
  std::optional<std::int64_t> before;  // none: the first read
  std::int64_t after = 0;
  double percent = 0;  // by which it may fall
};

/// Why a snapshot counts as complete. Stored with the run, shown by `run show`.
struct Certificate {
  std::vector<CertificateClause> clauses;
  std::uint64_t searches = 0, pages = 0, entries = 0, values = 0;
  std::string server{};            // URI that answered
  ChangeNumbers change_numbers{};  // after the last search
  std::vector<BandFigure> band{};
  /// Of each attribute that decides about people, in lower case: entries that show it.
  std::map<std::string, std::int64_t> deciding_attributes{};
  std::int64_t ignored_referrals = 0;  // parts that lie on other servers and were not read, each once
  /// While it was read: the server's change number moved, or there is none to tell.
  bool may_have_changed = false;
  bool complete() const;
  /// The first clause that does not hold; null when all do.
  CertificateClause const* failing() const;
};

}  // namespace dirsync
