#include <initializer_list>

#include "daemon/cli/extract/csv_cell.hpp"
#include "daemon/cli/report/review_formats.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace {

/// The columns of a line; what does not apply is empty.
struct ReviewLine {
  std::string kind, target, group;
  std::string owners = {}, principal = {}, dn = {}, id = {}, rule = {}, path = {}, since = {}, verb = {};
  std::string run = {}, plan = {}, actor = {}, approved_by = {}, approved_at = {}, text = {};
};

std::string review_line(ReviewLine const& line) {
  std::string text;
  for (auto const* cell : {&line.kind, &line.target, &line.group, &line.owners, &line.principal, &line.dn,
                           &line.id, &line.rule, &line.path, &line.since, &line.verb, &line.run, &line.plan,
                           &line.actor, &line.approved_by, &line.approved_at, &line.text})
    text += (cell == &line.kind ? "" : ",") + safe_csv_cell(*cell);
  return text + "\n";
}

std::string time_cell(std::optional<Time> time) { return time ? rfc3339(*time) : std::string{}; }

class CsvReview final : public ReviewWriter {
 public:
  std::string head(Review const&) override {
    return "kind,target,group,owners,principal,dn,id,rule,path,since,verb,run,plan,actor,approved_by,"
           "approved_at,text\n";
  }
  std::string group(Review const&, ReviewedGroup const& group,
                    std::span<ReviewedMember const> members) override {
    std::string lines;
    auto const owners = join(group.owners, "; ");
    for (auto const& member : members) {
      ReviewLine line{.kind = "member", .target = group.target, .group = group.name, .owners = owners};
      line.principal = member.principal;
      line.dn = member.dn;
      line.id = member.id.value();
      line.rule = member.rule;
      line.path = member.path;
      line.since = time_cell(member.since);
      line.verb = member.verb;
      if (member.run.value() != 0) line.run = std::to_string(member.run.value());
      line.plan = member.plan;
      line.actor = member.actor;
      if (member.approved) {
        line.approved_by = member.approved->by;
        line.approved_at = rfc3339(member.approved->at);
      }
      lines += review_line(line);
    }
    if (group.foreign)
      for (auto const& name : *group.foreign)
        lines += review_line({.kind = "foreign",
                              .target = group.target,
                              .group = group.name,
                              .owners = owners,
                              .principal = name});
    if (lines.empty())
      lines =
          review_line({.kind = "no-member", .target = group.target, .group = group.name, .owners = owners});
    return lines;
  }
  std::string end(Review const& review) override {
    std::string lines;
    for (auto const& [target, names] : review.waiting)
      for (auto const& name : names)
        lines += review_line({.kind = "waiting", .target = target, .group = {}, .principal = name});
    for (auto const& object : review.set_aside)
      lines += review_line({.kind = "set-aside",
                            .target = object.target,
                            .group = object.group,
                            .principal = object.principal,
                            .text = object.reason});
    for (auto const& [change, code, reason, since] : review.blocked) {
      ReviewLine line{.kind = "blocked", .target = change.target, .group = change.group};
      line.principal = change.principal;
      line.dn = change.dn;
      line.id = change.id.value();
      line.rule = change.rule;
      line.since = rfc3339(since);
      line.verb = to_text(change.verb);
      line.text = code + ": " + reason;
      lines += review_line(line);
    }
    for (auto const& one : review.frozen)
      lines += review_line({.kind = "frozen", .target = one.target, .group = {}, .text = one.text});
    return lines;
  }
};

}  // namespace

std::unique_ptr<ReviewWriter> csv_writer() { return std::make_unique<CsvReview>(); }

}  // namespace dirsync::cli
