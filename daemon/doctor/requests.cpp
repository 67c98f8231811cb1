#include "daemon/doctor/requests.hpp"

#include <algorithm>

#include "sync/model/filter.hpp"

namespace dirsync::doctor {
namespace {

class RequestMaker {
 public:
  RequestMaker(config::Config const& config, std::string const& name)
      : config_(config), name_(name), directory_(config.directories.at(name)) {}

  ldap::ExaminationRequest run() {
    name_in_filter(directory_.ldap.users.filter, "users.filter", true);
    name_in_filter(directory_.ldap.groups.filter, "groups.filter", false);
    if (auto const& join = directory_.policy.join; !join.empty()) name_one(join, "users.join", true, true);
    if (auto const& disabled = directory_.policy.disabled) compare(*disabled, "users.disabled");
    for (auto const& rule : config_.rules) add(rule);
    request_.may_have_no_people =
        may_be_missing([this](Rule const& rule) { return rule.people_directory() == name_; });
    request_.may_have_no_groups =
        may_be_missing([this](Rule const& rule) { return rule.directory == name_; });
    return std::move(request_);
  }

 private:
  /// Whether there are rules that read what is meant, and each of them allows that nothing is there.
  template <class Reads>
  bool may_be_missing(Reads const& reads) const {
    return std::ranges::any_of(config_.rules, reads) &&
           std::ranges::none_of(config_.rules,
                                [&reads](Rule const& rule) { return reads(rule) && !rule.allow_empty; });
  }

  void add(Rule const& rule) {
    auto const of_rule = " of rule " + rule.name;
    if (rule.directory == name_) {
      for (auto const& attribute : rule.group_name.attributes())
        name_one(attribute, "group_name" + of_rule, false, true);
      if (auto const* const matching = std::get_if<MatchingGroups>(&rule.selection)) {
        request_.rules.push_back({"rule " + rule.name, matching->filter, rule.allow_empty});
        name_in_filter(matching->filter, "groups" + of_rule, false);
      }
      if (rule.people) name_one(rule.people->group_side, "people" + of_rule, true, true);
    }
    if (rule.people && rule.people->directory == name_)
      name_one(rule.people->people_side, "people" + of_rule, true, true);
    if (rule.people_directory() != name_) return;
    // Which of the two holds is not known before the kind of server is.
    auto const is_sure = !rule.member_name_on_ad;
    for (auto const& attribute : rule.member_name.attributes())
      name_one(attribute, "member_name" + of_rule, true, is_sure);
    if (rule.exclude_people) compare(*rule.exclude_people, "exclude_people" + of_rule);
  }

  void compare(Filter const& filter, std::string const& where) {
    request_.compared.push_back({where, filter.text()});
    for (auto const& attribute : filter.attributes()) name_one(attribute, where, true, false);
  }

  void name_in_filter(std::string const& text, std::string const& where, bool of_people) {
    if (text.empty()) return;
    auto const filter = Filter::parse(text);
    if (!filter) return;  // what only the server can evaluate is the server's to judge
    for (auto const& attribute : filter->attributes()) name_one(attribute, where, of_people, false);
  }

  void name_one(std::string const& attribute, std::string const& where, bool of_people, bool must_be_shown) {
    auto const is_same = [&attribute, &where, of_people](ldap::AskedAttribute const& one) {
      return one.name == attribute && one.where == where && one.of_people == of_people;
    };
    if (std::ranges::none_of(request_.attributes, is_same))
      request_.attributes.push_back({attribute, where, of_people, must_be_shown});
  }

  config::Config const& config_;
  std::string const& name_;
  config::Directory const& directory_;
  ldap::ExaminationRequest request_;
};

}  // namespace

ldap::ExaminationRequest request_for(config::Config const& config, std::string const& directory) {
  return RequestMaker{config, directory}.run();
}

}  // namespace dirsync::doctor
