#pragma once
// A review of access as text, piece by piece, as the memberships of all groups may be many: the head, the
// groups in their order, the end. Pure. Thread: any.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/cli/report/review.hpp"

namespace dirsync::cli {

enum class ReviewFormat { html, csv, json };
/// Nothing when there is no format of that name: "html", "csv", "json".
std::optional<ReviewFormat> review_format(std::string_view name);

class ReviewWriter {
 public:
  virtual ~ReviewWriter() = default;
  virtual std::string head(Review const& review) = 0;
  /// One group of the review, in its order.
  virtual std::string group(Review const& review, ReviewedGroup const& group,
                            std::span<ReviewedMember const> members) = 0;
  virtual std::string end(Review const& review) = 0;
};

/// One page that needs nothing else: no script, nothing from elsewhere. It is made to be printed.
std::unique_ptr<ReviewWriter> html_writer();
/// One line for each membership, and for each of those who wait, are set aside, foreign, blocked or frozen.
std::unique_ptr<ReviewWriter> csv_writer();
/// One document on one line, as docs/json.md says.
std::unique_ptr<ReviewWriter> json_writer();
std::unique_ptr<ReviewWriter> writer_of(ReviewFormat format);

}  // namespace dirsync::cli
