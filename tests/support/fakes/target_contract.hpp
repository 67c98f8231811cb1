#pragma once
// One suite for every Vault that a Target may lead to: the fake that engine tests trust must do what the
// client does on each version of the server.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "sync/ports/target.hpp"

namespace boost::asio {
class io_context;
}

namespace dirsync::fake {

/// A Vault that a test shapes and breaks, and the port that leads to it. At first it has the group "Vault
/// Admins" with Administrator in it, the Directory group "CyberArk Admins", the users of kMary, kBob and
/// kLocal, and behind it the directory kDomain, which lets kJohn in.
class TargetUnderTest {
 public:
  enum class Lost { request, answer };

  virtual ~TargetUnderTest() = default;
  virtual boost::asio::io_context& io() = 0;
  virtual Target& target() = 0;

  // What somebody else does. Members are users or groups, by name.
  virtual void create_user(std::string const& name) = 0;
  virtual void delete_user(std::string const& name) = 0;
  virtual void create_group(std::string const& name) = 0;
  virtual void delete_group(std::string const& name) = 0;
  virtual void join(std::string const& group, std::string const& member) = 0;
  virtual void leave(std::string const& group, std::string const& member) = 0;
  /// A member that is no known user and no known group.
  virtual void add_stray(std::string const& group, std::string const& id, std::string const& name) = 0;

  // What is so, past the port.
  virtual std::string group_id(std::string const& name) const = 0;  // empty: there is none
  virtual std::string user_id(std::string const& name) const = 0;   // empty: there is none
  virtual std::set<std::string> members(std::string const& group) const = 0;
  virtual int writes() const = 0;  // calls that asked for a change, since the beginning

  virtual void lose_next_write(Lost lost) = 0;
  virtual void serve_pages_of(std::size_t groups) = 0;
  /// Ways in which a read can be less than whole.
  virtual std::vector<std::string> ways_to_spoil() const = 0;
  virtual void spoil(std::string const& way) = 0;  // every read, until mend()
  virtual void fail_all_reads() = 0;
  virtual void mend() = 0;
};

inline constexpr char kMary[] = "mjones", kMaryDn[] = "CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com";
inline constexpr char kBob[] = "bsmith@corp.example.com";
inline constexpr char kLocal[] = "local.operator";
inline constexpr char kDomain[] = "corp.example.com";
inline constexpr char kJohn[] = "jsmith", kJohnDn[] = "CN=John Smith,OU=People,DC=corp,DC=example,DC=com";

/// How one Vault differs from the others by design.
struct Differences {
  bool shows_members = true;     // false: every read is refused with the reason, and nothing is ever written
  bool shows_predefined = true;  // the predefined groups
  bool pages = true;             // its lists may come in pages
  bool provisions = true;        // takes people from a directory
  bool gives_one_group = true;   // has a call for a group by itself
  /// The port's word on a call that was carried out and whose answer was lost; and on one that never arrived.
  Outcome answer_lost = Outcome::done, request_lost = Outcome::done;
};

struct VaultToTest {
  std::string name;  // letters and digits
  Differences differences;
  std::function<std::unique_ptr<TargetUnderTest>()> make;
};
void PrintTo(VaultToTest const& vault, std::ostream* out);

/// A Vault with a group UnixAdmins of Mary and Lara, read once. Instantiate with INSTANTIATE_TEST_SUITE_P;
/// the tests are in target_contract_reads.cpp and target_contract_changes.cpp.
class GivenATarget : public testing::TestWithParam<VaultToTest> {
 public:
  static std::string name_of(testing::TestParamInfo<VaultToTest> const& info) { return info.param.name; }

 protected:
  using Members = std::set<std::string>;
  static constexpr char kGroup[] = "UnixAdmins";

  void SetUp() override;
  /// What is there. Where no read can be trusted: checks that it is refused with the reason, and gives
  /// nothing.
  std::optional<Observed> read();
  static TargetGroup const* group_in(Observed const& all, std::string_view name);
  static Members names(Observed const& all, TargetGroup const& group);
  static std::optional<OtherMember::Kind> kind_of(TargetGroup const& group, std::string_view member);

  Change change(Verb verb, std::string const& principal = "", std::string const& group = kGroup) const;
  Change renaming(std::string const& name) const;
  Change provisioning(std::string const& name, std::string const& dn) const;
  Applied apply(Change change);
  /// Applies and checks what became of it, and how many calls asked for a change. Where nothing may be
  /// written: checks that nothing was sent.
  Applied expect(Change change, Outcome outcome, int writes);
  Applied expect_unsent(Change change);
  int calls_to_provision() const { return differences_.provisions ? 1 : 0; }
  void expect_members(Members after, std::string const& group = kGroup) const;
  Result<std::optional<TargetGroup>> look_at(std::string const& group_id, Observed const& users);
  /// Of that group and that user. Where there is no such read: checks that it is an error, and gives nothing.
  std::optional<Observed> read_some(std::string const& group_id, std::string const& user_id);

  std::unique_ptr<TargetUnderTest> vault_;
  Differences differences_ = GetParam().differences;
  Members const initial_{kMary, kLocal};
};

}  // namespace dirsync::fake
