#include "sync/vault/lists.hpp"

#include <algorithm>
#include <charconv>

#include "sync/model/text.hpp"
#include "sync/rest/mark.hpp"
#include "sync/vault/list_parser.hpp"

namespace dirsync::vault {
namespace {

/// Why a user or a group cannot be used as it was told; empty: it can.
std::string damage_of(auto const& one) {
  if (one.name.empty())
    return "the Vault tells no name of it; look at it in the PrivateArk client, and at a gateway that may "
           "change answers";
  if (rest::is_mended(one.name))
    return "its name is no Unicode text, so that no request can name it; give it another name in the Vault";
  if (one.id.empty())
    return "the Vault tells no id of it, or none that is a number; look at a gateway that may change answers";
  return {};
}

class UserRows {
 public:
  explicit UserRows(bool tells_groups) : tells_groups_{tells_groups} {}
  UserPage page;
  std::string problem;

  bool is_row_list(std::string_view key) const { return key == "users"; }
  bool has_inner_list(std::string_view key) const { return tells_groups_ && key == "groupsmembership"; }
  void inner_list_begin() {}
  void inner_list_is_none() {}  // an object stands where the list should: of no group is anything known
  void inner_begin() { group_id_.reset(), is_vault_group_ = false; }
  void inner_field(std::string_view key, Scalar const& value) {
    if (key == "groupid") group_id_ = value.as_id();
    if (key == "grouptype") is_vault_group_ = ascii_iequal(value.text, "Vault");
  }
  void inner_end() {
    if (group_id_ && is_vault_group_) page.groups.insert(std::to_string(*group_id_));
  }
  void list_field(std::string_view key, Scalar const& value) {
    if (key == "total") page.total = value.as_id();
  }
  void row_begin() { user_ = {}, component_ = false, type_.clear(); }
  void row_field(std::string_view key, Scalar const& value) {
    if (key == "id") {
      if (auto const id = value.as_id()) user_.id = std::to_string(*id);
    } else if (key == "username") {
      user_.name = value.text;
    } else if (key == "userdn") {
      user_.dn = value.text;
    } else if (key == "source") {
      user_.source = ascii_iequal(value.text, "LDAP")       ? UserSource::directory
                     : ascii_iequal(value.text, "CyberArk") ? UserSource::local
                                                            : UserSource::unknown;
    } else if (key == "usertype") {
      type_ = value.text;
    } else if (key == "componentuser") {
      component_ =
          (value.kind == Scalar::Kind::boolean && value.integer != 0) || ascii_iequal(value.text, "true");
    }
  }
  bool row_end() {
    if (user_.id.empty() && user_.name.empty()) {
      problem = "a user has neither an id nor a username";
      return false;
    }
    if (auto damage = damage_of(user_); !damage.empty()) {
      user_.left_alone = LeftAlone::damaged;
      user_.protected_because = std::move(damage);
    } else if (component_) {
      user_.protected_because = "component user";
    } else if (ascii_lower(type_).starts_with("built-in")) {
      user_.protected_because = "built-in user (" + printable(type_) + ")";
    }
    page.users.push_back(std::move(user_));
    return true;
  }
  void finish(bool bare_array) { page.bare_array = bare_array; }

 private:
  bool tells_groups_;
  TargetUser user_;
  std::string type_;
  bool component_ = false;
  std::optional<std::int64_t> group_id_;  // of one that the user is in
  bool is_vault_group_ = false;
};

class GroupRows {
 public:
  explicit GroupRows(UserIndex const& users) : users_{users} {}
  GroupPage page;
  std::string problem;

  bool is_row_list(std::string_view key) const { return key == "value" || key == "usergroups"; }
  bool has_inner_list(std::string_view key) const { return key == "members"; }
  void list_field(std::string_view key, Scalar const& value) {
    if (key == "count") page.count = value.as_id();
    if (key == "nextlink") page.next_link = value.text;
  }
  void row_begin() {
    group_ = {}, type_.clear(), location_.clear();
    unreadable_ = has_members_ = false;
  }
  void row_field(std::string_view key, Scalar const& value) {
    if (key == "id") {
      if (auto const id = value.as_id()) group_.id = std::to_string(*id);
    } else if (key == "groupname") {
      group_.name = value.text;
    } else if (key == "grouptype") {
      type_ = value.text;
    } else if (key == "dn") {
      group_.dn = value.text;
    } else if (key == "location") {
      location_ = value.text;
    } else if (key == "description") {
      group_.marked = rest::bears_mark(value.text);
    } else if (key == "members" && value.kind != Scalar::Kind::other) {
      unreadable_ = true;  // null is an empty list; text or a number is no list at all
    }
  }
  void inner_list_begin() { has_members_ = true; }
  /// An object stands where the list should.
  void inner_list_is_none() { unreadable_ = true; }
  void inner_begin() {
    member_ = {.name_at = names_.size()};
    has_user_name_ = false;
  }
  void inner_field(std::string_view key, Scalar const& value) {
    if (key == "id") {
      member_.id = value.as_id();
    } else if (key == "username" || key == "user_name") {
      if (value.text.empty()) return;
      has_user_name_ = true;
      name_member(value.text);
    } else if (key == "membername" || key == "member_name" || key == "name") {
      if (!has_user_name_) name_member(value.text);
    }
  }
  void inner_end() {
    ++page.members;
    if (member_.name_length == 0)
      unreadable_ = true;
    else
      members_.push_back(member_);
  }
  bool row_end() {
    if (!has_members_) ++page.without_members;
    resolve_members();
    if (group_.id.empty() && group_.name.empty()) {
      problem = "a group has neither an id nor a groupName";
      return false;
    }
    std::ranges::sort(group_.users);
    auto const repeated = std::ranges::unique(group_.users);
    group_.users.erase(repeated.begin(), repeated.end());
    group_.users.shrink_to_fit();
    if (!ascii_iequal(type_, "Directory")) {
      if (!has_members_) untold_.push_back(page.groups.size());
      tells_empty_lists_ = tells_empty_lists_ ||
                           (has_members_ && !unreadable_ && group_.users.empty() && group_.others.empty());
    }
    if (unreadable_) page.unreadable.insert(group_.id);
    group_.members_unread = unreadable_;
    group_.directory_group = ascii_iequal(type_, "Directory");
    auto const location = ascii_lower(location_);
    if (auto damage = damage_of(group_); !damage.empty()) {
      group_.left_alone = LeftAlone::damaged;
      group_.protected_because = std::move(damage);
    } else if (group_.directory_group) {
      group_.protected_because = "Directory group: LDAP decides its members";
    } else if (!ascii_iequal(type_, "Vault")) {
      group_.protected_because = "group of unknown type \"" + printable(type_) + "\"";
    } else if (location == "\\system" || location.starts_with("\\system\\")) {
      group_.protected_because = "group in \\System";
    } else if (unreadable_) {
      group_.protected_because = "its members cannot be read: they are no list, or one has no name";
    }
    page.groups.push_back(std::move(group_));
    return true;
  }
  /// A list that is missing is empty only where the same answer leaves out the other empty ones as well.
  void finish(bool) {
    if (!tells_empty_lists_) return;
    for (auto const at : untold_) {
      auto& group = page.groups[at];
      page.unreadable.insert(group.id);
      group.members_unread = true;
      if (group.protected_because.empty())
        group.protected_because =
            "its members were not told, while the same answer tells of other groups that they have none; "
            "look at the group in the PrivateArk client, and at a gateway that may change answers";
    }
  }

 private:
  struct Member {
    std::optional<std::int64_t> id = {};
    UserIndex::Known const* user = nullptr;
    std::size_t name_at = 0, name_length = 0;  // in names_
  };

  void name_member(std::string_view name) {
    names_.resize(member_.name_at);
    names_ += name;
    member_.name_length = name.size();
  }

  /// All ids first, then all names: looks that miss the cache overlap when nothing waits for one of them.
  void resolve_members() {
    group_.users.reserve(members_.size());
    for (auto& member : members_)
      if (member.id) member.user = users_.with_id(*member.id);
    for (auto& member : members_) {
      auto const name = std::string_view{names_}.substr(member.name_at, member.name_length);
      if (member.user == nullptr || !users_.is_named(*member.user, name))
        member.user = users_.damaged(member.id, name);
      if (member.user != nullptr)
        group_.users.push_back(member.user->index);
      else
        group_.others.push_back({member.id ? std::to_string(*member.id) : std::string{}, std::string{name},
                                 OtherMember::Kind::unknown});
    }
    members_.clear();
    names_.clear();
  }

  UserIndex const& users_;
  TargetGroup group_;
  std::vector<Member> members_;  // of this group
  std::string names_;            // of its members, one after another
  Member member_;
  std::string type_, location_;
  bool unreadable_ = false, has_members_ = false, has_user_name_ = false;
  std::vector<std::size_t> untold_;  // places of groups that came without a list of members
  bool tells_empty_lists_ = false;   // of another one
};

}  // namespace

UserIndex::UserIndex(std::vector<TargetUser> const& users) {
  by_id_.reserve(users.size());
  for (std::uint32_t i = 0; i < users.size(); ++i) {
    auto const& id_text = users[i].id;
    auto const& name = users[i].name;
    Known const known{i, static_cast<std::uint32_t>(name.size()), names_.size()};
    names_ += name;
    std::int64_t id = 0;
    if (std::from_chars(id_text.data(), id_text.data() + id_text.size(), id).ec != std::errc{})
      without_id_.emplace(fold_case(name), known);
    else if (!by_id_.try_emplace(id, known).second)
      more_with_id_.emplace(id, known);
  }
}

UserIndex::Known const* UserIndex::with_id(std::int64_t id) const {
  auto const found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

bool UserIndex::is_named(Known const& user, std::string_view name) const {
  auto const known = std::string_view{names_}.substr(user.name_at, user.name_length);
  return known.empty() || known == name || fold_case(known) == fold_case(name);
}

UserIndex::Known const* UserIndex::damaged(std::optional<std::int64_t> id, std::string_view name) const {
  if (id && !more_with_id_.empty()) {
    auto const [first, last] = more_with_id_.equal_range(*id);
    for (auto const& [same, known] : std::ranges::subrange{first, last})
      if (is_named(known, name)) return &known;
  }
  if (without_id_.empty()) return nullptr;
  auto const found = without_id_.find(fold_case(name));
  return found == without_id_.end() ? nullptr : &found->second;
}

UserIndex const& nobody() {
  static std::vector<TargetUser> const none;
  static UserIndex const index{none};
  return index;
}

std::unique_ptr<ListSink<UserPage>> make_user_sink() {
  return std::make_unique<Sink<UserPage, UserRows>>(false, false);
}
std::unique_ptr<ListSink<UserPage>> make_single_user_sink() {
  return std::make_unique<Sink<UserPage, UserRows>>(true, true);
}
std::unique_ptr<ListSink<GroupPage>> make_group_sink(UserIndex const& users) {
  return std::make_unique<Sink<GroupPage, GroupRows>>(false, users);
}
std::unique_ptr<ListSink<GroupPage>> make_single_group_sink(UserIndex const& users) {
  return std::make_unique<Sink<GroupPage, GroupRows>>(true, users);
}

}  // namespace dirsync::vault
