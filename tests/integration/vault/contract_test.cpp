// The suite for every Vault, with the client against each version of the server.
#include "tests/integration/vault/simulated_vault.hpp"
#include "tests/support/fakes/target_contract.hpp"

namespace dirsync::vault {
namespace {

namespace json = sim::json;

class OverTls final : public fake::TargetUnderTest {
 public:
  explicit OverTls(std::string const& profile) : vault_{io_, profile} {}

  boost::asio::io_context& io() override { return io_; }
  Target& target() override { return vault_.target(); }

  void create_user(std::string const& name) override { edit({{"op", "create-user"}, {"username", name}}); }
  void delete_user(std::string const& name) override { edit({{"op", "delete-user"}, {"user", name}}); }
  void create_group(std::string const& name) override { edit({{"op", "create-group"}, {"groupName", name}}); }
  void delete_group(std::string const& name) override { edit({{"op", "delete-group"}, {"group", name}}); }
  void join(std::string const& group, std::string const& member) override {
    edit({{"op", "add-member"}, {"group", group}, {"member", member}});
  }
  void leave(std::string const& group, std::string const& member) override {
    edit({{"op", "remove-member"}, {"group", group}, {"member", member}});
  }
  void add_stray(std::string const& group, std::string const& id, std::string const& name) override {
    edit({{"op", "add-stray-member"}, {"group", group}, {"id", std::stoll(id)}, {"username", name}});
  }

  std::string group_id(std::string const& name) const override { return vault_.group_id(name); }
  std::string user_id(std::string const& name) const override { return vault_.user_id(name); }
  std::set<std::string> members(std::string const& group) const override { return vault_.members(group); }
  int writes() const override { return static_cast<int>(vault_.writes().size()); }

  void lose_next_write(Lost lost) override {
    json::array rules;
    for (auto const* route : {"create-group", "update-group", "delete-group", "add-member", "remove-member"})
      rules.push_back(
          {{"route", route}, {"drop", true}, {"effect", lost == Lost::answer ? "happens" : "prevented"}});
    vault_.faults(json::serialize(rules));
  }
  void serve_pages_of(std::size_t groups) override { vault_.set({{"page_size", std::to_string(groups)}}); }
  std::vector<std::string> ways_to_spoil() const override {
    std::vector<std::string> names;
    for (auto const& way : kWays) names.emplace_back(way.name);
    return names;
  }
  void spoil(std::string const& name) override {
    auto const& way = *std::ranges::find(kWays, name, &Way::name);
    if (way.knob != nullptr) vault_.set({{"page_size", "3"}, {way.knob, way.value}});
    if (way.faults != nullptr) vault_.faults(way.faults);
  }
  void fail_all_reads() override { vault_.faults(R"([{"method": "GET", "status": 500, "count": 0}])"); }
  void mend() override {
    vault_.faults("[]");
    vault_.set({{"page_size", "0"},
                {"members", "shown"},
                {"list_fault", "none"},
                {"users_fault", "none"},
                {"next_link", "relative"}});
  }

 private:
  struct Way {
    std::string_view name;
    char const *knob, *value, *faults;
  };
  static constexpr Way kWays[] = {
      {"no group shows members", "members", "missing", nullptr},
      {"groups are fewer than announced", "list_fault", "truncated", nullptr},
      {"users are fewer than announced", "users_fault", "truncated", nullptr},
      {"a user comes twice", "users_fault", "duplicate", nullptr},
      {"a group comes twice", "list_fault", "duplicate", nullptr},
      {"a group comes twice and differs", "list_fault", "duplicate_changed", nullptr},
      {"the next page is the same page", "next_link", "loop", nullptr},
      {"the next page is on another host", "next_link", "other_host", nullptr},
      {"groups are cut", nullptr, nullptr, R"([{"route": "list-groups", "cut_after": 150, "count": 0}])"},
      {"users are cut", nullptr, nullptr, R"([{"route": "list-users", "cut_after": 150, "count": 0}])"},
      {"groups are a web page", nullptr, nullptr,
       R"([{"route": "list-groups", "status": 200, "content_type": "text/html", "body": "<html>", "count": 0}])"},
      {"users are a web page", nullptr, nullptr,
       R"([{"route": "list-users", "status": 200, "content_type": "text/html", "body": "<html>", "count": 0}])"},
      {"users are refused", nullptr, nullptr, R"([{"route": "list-users", "status": 403, "count": 0}])"},
      {"groups are nowhere", nullptr, nullptr, R"([{"route": "list-groups", "status": 404, "count": 0}])"},
      {"groups are an empty body", nullptr, nullptr,
       R"([{"route": "list-groups", "status": 200, "count": 0}])"}};

  void edit(json::object const& one) { vault_.edit(one); }

  boost::asio::io_context io_;
  SimulatedVault vault_;
};

fake::VaultToTest profile(std::string const& name, fake::Differences const& differences = {}) {
  auto plain = name;
  std::erase_if(plain, [](char c) { return c == '-' || c == '.'; });
  return {plain, differences, [name] { return std::make_unique<OverTls>(name); }};
}

/// Its lists ignore includeMembers, so that every group would look empty.
fake::Differences without_members() {
  fake::Differences differences;
  differences.shows_members = false;
  differences.gives_one_group = false;
  return differences;
}

/// "Get group details" came with 12.6.
fake::Differences without_single_groups() {
  fake::Differences differences;
  differences.gives_one_group = false;
  return differences;
}

using fake::GivenATarget;
/// Identities come from elsewhere, so that nobody is taken from a directory; predefined groups are not
/// listed.
fake::Differences of_privilege_cloud() {
  fake::Differences differences;
  differences.shows_predefined = false;
  differences.provisions = false;
  return differences;
}

INSTANTIATE_TEST_SUITE_P(OverTls, GivenATarget,
                         testing::Values(profile("pam-11.1", without_members()),
                                         profile("pam-12.0", without_single_groups()),
                                         profile("pam-12.2", without_single_groups()), profile("pam-12.6"),
                                         profile("pam-14.4"), profile("ispss", of_privilege_cloud())),
                         GivenATarget::name_of);

}  // namespace
}  // namespace dirsync::vault
