#include "tests/support/fakes/fake_target.hpp"

#include <boost/asio/io_context.hpp>

#include "tests/support/fakes/target_contract.hpp"

namespace dirsync::fake {
namespace {

class InMemoryVault final : public TargetUnderTest {
 public:
  InMemoryVault() {
    auto& world = vault_.world;
    world.observed.users[world.user("Administrator", "", UserSource::local)].protected_because = "predefined";
    world.user(kMary, kMaryDn);
    world.user(kBob, "CN=Bob Smith,OU=People,DC=corp,DC=example,DC=com");
    world.user(kLocal, "", UserSource::local);
    world.group("Vault Admins", {"Administrator"}).protected_because = "predefined";
    auto& of_ldap = world.group("CyberArk Admins");
    of_ldap.directory_group = true;
    of_ldap.protected_because = "Directory group";
    vault_.domains = {{kDomain, {{kJohn, kJohnDn}}}};
  }

  boost::asio::io_context& io() override { return io_; }
  Target& target() override { return vault_; }

  void create_user(std::string const& name) override { vault_.world.user(name); }
  void delete_user(std::string const& name) override { vault_.world.drop_user(name); }
  void create_group(std::string const& name) override { vault_.world.group(name); }
  void delete_group(std::string const& name) override {
    std::erase_if(vault_.world.observed.groups,
                  [&name](TargetGroup const& group) { return group.name == name; });
  }
  void join(std::string const& group, std::string const& member) override {
    if (vault_.world.find_user(member) != nullptr) return vault_.world.add(group, member);
    auto const& nested = *vault_.world.find_group(member);
    vault_.world.find_group(group)->others.push_back({nested.id, nested.name, OtherMember::Kind::group});
  }
  void leave(std::string const& group, std::string const& member) override {
    if (vault_.world.find_user(member) != nullptr) return vault_.world.remove(group, member);
    std::erase_if(vault_.world.find_group(group)->others,
                  [&member](OtherMember const& other) { return other.name == member; });
  }
  void add_stray(std::string const& group, std::string const& id, std::string const& name) override {
    vault_.world.find_group(group)->others.push_back({id, name, OtherMember::Kind::unknown});
  }

  std::string group_id(std::string const& name) const override {
    auto const& groups = vault_.world.observed.groups;
    auto const found = std::ranges::find(groups, name, &TargetGroup::name);
    return found == groups.end() ? "" : found->id;
  }
  std::string user_id(std::string const& name) const override {
    auto const& users = vault_.world.observed.users;
    auto const found = std::ranges::find(users, name, &TargetUser::name);
    return found == users.end() ? "" : found->id;
  }
  std::set<std::string> members(std::string const& group) const override {
    auto names = vault_.world.members(group);
    for (auto const& one : vault_.world.observed.groups)
      if (one.name == group)
        for (auto const& other : one.others) names.insert(other.name);
    return names;
  }
  int writes() const override { return vault_.requests; }

  void lose_next_write(Lost lost) override {
    using Fate = FakeTarget::Fate;
    auto const fate = lost == Lost::answer ? Fate::lost_but_done : Fate::lost_not_done;
    vault_.fate = [fate](Change const&) { return fate; };
  }
  void serve_pages_of(std::size_t) override {}
  std::vector<std::string> ways_to_spoil() const override { return {"refused"}; }
  void spoil(std::string const&) override { fail_all_reads(); }
  void fail_all_reads() override {
    vault_.read_failure = vault_.look_failure =
        Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  }
  void mend() override {
    vault_.read_failure.reset();
    vault_.look_failure.reset();
    vault_.fate = [](Change const&) { return FakeTarget::Fate::works; };
  }

 private:
  boost::asio::io_context io_;
  FakeTarget vault_{vault_traits()};
};

/// It has no wire: lists come whole, and a look at a call without an answer is left to the engine.
VaultToTest in_memory() {
  Differences differences;
  differences.pages = false;
  differences.answer_lost = differences.request_lost = Outcome::unknown;
  return {"InMemory", differences, [] { return std::make_unique<InMemoryVault>(); }};
}

INSTANTIATE_TEST_SUITE_P(Fake, GivenATarget, testing::Values(in_memory()), GivenATarget::name_of);

}  // namespace
}  // namespace dirsync::fake
