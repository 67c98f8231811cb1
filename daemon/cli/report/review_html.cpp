#include "daemon/cli/report/html_text.hpp"
#include "daemon/cli/report/review_formats.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace {

constexpr char kHtmlBegin[] =
    R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Access review</title>
<style>
body { font: 11pt/1.35 sans-serif; margin: 2em; color: #000; background: #fff; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; border-bottom: 1pt solid #000; margin-top: 2em; }
h3 { font-size: 12pt; margin: 1.5em 0 .3em; break-after: avoid; }
p { margin: .3em 0; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; }
th, td { border: .5pt solid #777; padding: 2pt 4pt; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; } tr { break-inside: avoid; }
bdi { unicode-bidi: isolate; } i { color: #a00; } small { color: #444; }
.choice { white-space: nowrap; width: 9em; }
@page { margin: 15mm; }
@media print { body { margin: 0; } h2.owner { break-before: page; } h2.first { break-before: auto; } }
</style>
</head>
<body>
)html";

/// A value from a directory or a target, which no other text may run into.
std::string html_value(std::string_view text) { return "<bdi>" + html_text(text) + "</bdi>"; }

std::string html_values(std::vector<std::string> const& texts) {
  return join(texts, ", ", [](std::string const& text) { return html_value(text); });
}

std::string html_row(std::initializer_list<std::string> const& contents) {
  std::string row = "<tr>";
  for (auto const& content : contents) row += "<td>" + content + "</td>";
  return row + "</tr>\n";
}

std::string table_of(std::initializer_list<char const*> titles, std::string const& rows) {
  std::string table = "<table>\n<thead><tr>";
  for (auto const* title : titles) table += std::string{"<th>"} + title + "</th>";
  return table + "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n";
}

std::string approval_text(ReviewedMember const& member) {
  if (!member.approved) return {};
  return html_value(member.approved->by) + " <small>" + rfc3339(member.approved->at) + "</small>";
}

std::string member_row(ReviewedMember const& member) {
  return html_row({html_value(member.principal) + "<br><small>" + html_value(member.dn) + "</small>",
                   member.since ? rfc3339(*member.since) : std::string{"not known"},
                   html_value(member.rule) + "<br><small>" + html_value(member.path) + "</small>",
                   approval_text(member), "<span class=\"choice\">&#9744; keep &#9744; remove</span>"});
}

class HtmlReview final : public ReviewWriter {
 public:
  std::string head(Review const& review) override {
    auto text =
        std::string{kHtmlBegin} + "<h1>Access review</h1>\n<p>Who has which group because of dirsyncd, ";
    text += review.at ? "as of " + rfc3339(*review.at) + ". Owners are those of now. "
                      : std::string{"as it is known now. "};
    text += "Made at " + rfc3339(review.made);
    if (review.run.value() != 0) text += "; the last run was run " + std::to_string(review.run.value());
    if (review.run_finished) text += ", which ended at " + rfc3339(*review.run_finished);
    return text + ".</p>\n";
  }
  std::string group(Review const&, ReviewedGroup const& group,
                    std::span<ReviewedMember const> members) override {
    std::string text;
    if (!owners_ || *owners_ != group.owners) text += owner_heading(group.owners);
    text += "<h3>" + html_value(group.target) + ": " + html_value(group.name) + "</h3>\n";
    if (!group.sources.empty()) text += "<p>Fed by " + html_values(group.sources) + "</p>\n";
    if (!group.is_managed) text += "<p>No group of ours any more.</p>\n";
    text += "<p>" + counted(members.size(), "member", "members") + " because of dirsyncd.</p>\n";
    std::string rows;
    for (auto const& member : members) rows += member_row(member);
    if (!members.empty())
      text += table_of({"Member", "Since", "Rule and way", "Approved by", "Decision"}, rows);
    if (group.foreign && !group.foreign->empty())
      text += "<p>Not because of dirsyncd, as of the last run that read the target: " +
              html_values(*group.foreign) + "</p>\n";
    return text;
  }
  std::string end(Review const& review) override {
    return (review.at ? std::string{} : present_of(review)) + "</body>\n</html>\n";
  }

 private:
  std::string owner_heading(std::vector<std::string> const& owners) {
    std::string const kind = owners_ ? "owner" : "owner first";
    owners_ = owners;
    auto const who =
        owners.empty() ? std::string{"No owner in the directory"} : "Owner: " + html_values(owners);
    return "<h2 class=\"" + kind + "\">" + who + "</h2>\n";
  }
  static std::string present_of(Review const& review) {
    std::string waiting, set_aside, blocked, frozen;
    for (auto const& [target, names] : review.waiting)
      waiting += html_row({html_value(target), html_values(names)});
    for (auto const& object : review.set_aside)
      set_aside +=
          html_row({html_value(object.target), html_value(object.group), html_value(object.principal),
                    html_value(object.reason), rfc3339(object.next_try)});
    for (auto const& [change, code, reason, since] : review.blocked)
      blocked += html_row({html_value(change.target), html_value(change.group), html_value(change.principal),
                           to_text(change.verb), html_value(code + ": " + reason), rfc3339(since)});
    for (auto const& one : review.frozen)
      frozen +=
          html_row({one.target.empty() ? std::string{"all"} : html_value(one.target), html_value(one.text)});
    return part("Who waits", "The target does not know these people yet.", {"Target", "People"}, waiting) +
           part("What is set aside", "It failed, and is tried again.",
                {"Target", "Group", "Member", "Why", "Next try"}, set_aside) +
           part("What is blocked", "It is due and cannot be sent.",
                {"Target", "Group", "Member", "Change", "Why", "Since"}, blocked) +
           part("What is frozen", "No change is sent, or no removal.", {"Target", "Why"}, frozen);
  }
  static std::string part(char const* title, char const* meaning, std::initializer_list<char const*> titles,
                          std::string const& rows) {
    auto const heading = std::string{"<h2>"} + title + "</h2>\n";
    if (rows.empty()) return heading + "<p>Nothing.</p>\n";
    return heading + "<p>" + meaning + "</p>\n" + table_of(titles, rows);
  }

  std::optional<std::vector<std::string>> owners_;  // of the group before
};

}  // namespace

std::unique_ptr<ReviewWriter> html_writer() { return std::make_unique<HtmlReview>(); }

std::optional<ReviewFormat> review_format(std::string_view name) {
  if (name == "html") return ReviewFormat::html;
  if (name == "csv") return ReviewFormat::csv;
  if (name == "json") return ReviewFormat::json;
  return std::nullopt;
}

std::unique_ptr<ReviewWriter> writer_of(ReviewFormat format) {
  switch (format) {
    case ReviewFormat::html:
      return html_writer();
    case ReviewFormat::csv:
      return csv_writer();
    case ReviewFormat::json:
      return json_writer();
  }
  DIRSYNC_ASSERT(!"a format");
}

}  // namespace dirsync::cli
