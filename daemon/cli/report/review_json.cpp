#include <boost/json.hpp>
#include <utility>

#include "daemon/cli/report/review_formats.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::value shown_time(std::optional<Time> time) {
  return time ? json::value(rfc3339(*time)) : json::value{};
}
json::value shown_text(std::string const& text) {
  return text.empty() ? json::value{} : json::value(json::string{as_utf8(text)});
}
json::value shown_run(RunId run) { return run.value() == 0 ? json::value{} : json::value(run.value()); }

json::array shown_texts(std::vector<std::string> const& texts) {
  json::array values;
  for (auto const& text : texts) values.push_back(json::string{as_utf8(text)});
  return values;
}

json::object member_value(ReviewedMember const& member) {
  json::value approved;
  if (member.approved)
    approved = json::object{{"by", as_utf8(member.approved->by)}, {"at", rfc3339(member.approved->at)}};
  return {{"principal", as_utf8(member.principal)},
          {"dn", as_utf8(member.dn)},
          {"id", member.id.value()},
          {"rule", member.rule},
          {"path", as_utf8(member.path)},
          {"since", shown_time(member.since)},
          {"verb", shown_text(member.verb)},
          {"run", shown_run(member.run)},
          {"plan", shown_text(member.plan)},
          {"actor", shown_text(member.actor)},
          {"approved", std::move(approved)}};
}

json::object blocked_value(Blocked const& blocked) {
  auto const& change = blocked.change;
  return {{"target", change.target},
          {"verb", to_text(change.verb)},
          {"group", as_utf8(change.group)},
          {"principal", as_utf8(change.principal)},
          {"dn", as_utf8(change.dn)},
          {"id", change.id.value()},
          {"rule", change.rule},
          {"code", blocked.code},
          {"reason", as_utf8(blocked.reason)},
          {"since", rfc3339(blocked.since)}};
}

class JsonReview final : public ReviewWriter {
 public:
  std::string head(Review const& review) override {
    auto const head = json::serialize(json::object{{"made", rfc3339(review.made)},
                                                   {"at", shown_time(review.at)},
                                                   {"run", shown_run(review.run)},
                                                   {"run_finished", shown_time(review.run_finished)}});
    return head.substr(0, head.size() - 1) + ",\"groups\":[";
  }
  std::string group(Review const&, ReviewedGroup const& group,
                    std::span<ReviewedMember const> members) override {
    json::array values;
    for (auto const& member : members) values.push_back(member_value(member));
    json::value foreign;
    if (group.foreign) foreign = shown_texts(*group.foreign);
    json::object const value{{"target", group.target},
                             {"group", as_utf8(group.name)},
                             {"id", as_utf8(group.id)},
                             {"managed", group.is_managed},
                             {"sources", shown_texts(group.sources)},
                             {"owners", shown_texts(group.owners)},
                             {"members", std::move(values)},
                             {"foreign", std::move(foreign)}};
    return std::string{std::exchange(is_first_, false) ? "" : ","} + json::serialize(value);
  }
  std::string end(Review const& review) override {
    if (review.at) return "]}";
    json::array waiting, set_aside, blocked, frozen;
    for (auto const& [target, names] : review.waiting)
      for (auto const& name : names)
        waiting.push_back(json::object{{"target", target}, {"principal", as_utf8(name)}});
    for (auto const& object : review.set_aside)
      set_aside.push_back(json::object{{"target", object.target},
                                       {"group", as_utf8(object.group)},
                                       {"principal", as_utf8(object.principal)},
                                       {"reason", as_utf8(object.reason)},
                                       {"next_try", rfc3339(object.next_try)}});
    for (auto const& one : review.blocked) blocked.push_back(blocked_value(one));
    for (auto const& one : review.frozen)
      frozen.push_back(json::object{{"target", shown_text(one.target)}, {"text", as_utf8(one.text)}});
    auto const rest = json::serialize(json::object{{"waiting", std::move(waiting)},
                                                   {"set_aside", std::move(set_aside)},
                                                   {"blocked", std::move(blocked)},
                                                   {"frozen", std::move(frozen)}});
    return "]," + rest.substr(1);
  }

 private:
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<ReviewWriter> json_writer() { return std::make_unique<JsonReview>(); }

}  // namespace dirsync::cli
