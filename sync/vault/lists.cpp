#include "sync/vault/lists.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "sync/model/text.hpp"
#include "sync/rest/mark.hpp"

namespace json = boost::json;

namespace dirsync::vault {
namespace {

struct Scalar {
  enum class Kind { text, integer, boolean, other } kind = Kind::other;
  std::string_view text;
  std::int64_t integer = 0;

  /// Ids are numbers; some servers write them as text.
  std::optional<std::int64_t> as_id() const {
    if (kind == Kind::integer) return integer;
    return kind == Kind::text ? parse_integer(text) : std::nullopt;
  }
};

/// Events of the parser, told apart by where they stand:
/// { "value": [ {row: fields, "members": [ {inner fields}, ... ]}, ... ], fields }.
/// Rows receives what a list holds, keys in lower case. A row_end() of false: the row is not valid.
template <class Rows>
struct Handler {
  // NOLINTBEGIN(readability-identifier-naming): Boost.JSON asks for these names.
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = 1U << 16;
  static constexpr std::size_t max_string_size = 1U << 20;
  // NOLINTEND(readability-identifier-naming)
  enum class Place { list, rows, row, inner_list, inner, ignored };

  Rows* rows = nullptr;
  bool single_row = false;  // the document itself is the row
  std::vector<Place> places;
  std::string key, text;
  bool is_list = false, valid = true, bare_array = false;

  bool on_object_begin(json::error_code&) {
    auto place = Place::ignored;
    if (places.empty()) {
      place = single_row ? Place::row : Place::list;
      is_list = true;
    } else if (places.back() == Place::rows) {
      place = Place::row;
    } else if (places.back() == Place::inner_list) {
      place = Place::inner;
      rows->inner_begin();
    } else if (places.back() == Place::row && rows->has_inner_list(key)) {
      rows->inner_list_is_none();
    }
    if (place == Place::row) rows->row_begin();
    places.push_back(place);
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    if (places.back() == Place::row) valid = rows->row_end() && valid;
    if (places.back() == Place::inner) rows->inner_end();
    places.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code&) {
    auto place = Place::ignored;
    if (places.empty() && !single_row) {
      place = Place::rows;
      is_list = bare_array = true;
    } else if (!places.empty() && places.back() == Place::list && rows->is_row_list(key)) {
      place = Place::rows;
    } else if (!places.empty() && places.back() == Place::row && rows->has_inner_list(key)) {
      place = Place::inner_list;
      rows->inner_list_begin();
    } else if (!places.empty() && (places.back() == Place::rows || places.back() == Place::inner_list)) {
      valid = false;  // rows are objects
    }
    places.push_back(place);
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    places.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    if (text.empty()) {
      key.assign(part.data(), part.size());
    } else {
      text.append(part);
      key.assign(text);
      text.clear();
    }
    for (char& c : key)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    if (text.empty()) {
      scalar({Scalar::Kind::text, {part.data(), part.size()}, 0});
    } else {
      text.append(part);
      scalar({Scalar::Kind::text, text, 0});
      text.clear();
    }
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    scalar({Scalar::Kind::integer, {}, number});
    return true;
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return other(); }
  bool on_double(double, json::string_view, json::error_code&) { return other(); }
  bool on_bool(bool value, json::error_code&) {
    scalar({Scalar::Kind::boolean, {}, value ? 1 : 0});
    return true;
  }
  bool on_null(json::error_code&) { return other(); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool other() {
    scalar({});
    return true;
  }
  void scalar(Scalar const& value) {
    if (places.empty()) return;
    switch (places.back()) {
      case Place::list:
        rows->list_field(key, value);
        break;
      case Place::row:
        rows->row_field(key, value);
        break;
      case Place::inner:
        rows->inner_field(key, value);
        break;
      case Place::rows:
      case Place::inner_list:
        valid = false;
        break;  // rows are objects
      case Place::ignored:
        break;
    }
  }
};

template <class Page, class PageRows>
class Sink final : public ListSink<Page> {
 public:
  template <class... Args>
  explicit Sink(bool single_row, Args const&... args) : rows_{args...}, parser_{json::parse_options{}} {
    parser_.handler().rows = &rows_;
    parser_.handler().single_row = single_row;
  }
  bool write(std::string_view piece) override {
    // A broken document is reported by finish(); the transfer goes on so that the connection stays usable.
    if (!failed_) parser_.write_some(true, piece.data(), piece.size(), failed_);
    return true;
  }
  std::optional<Page> finish() override {
    if (!failed_) parser_.write_some(false, "", 0, failed_);
    auto const& handler = parser_.handler();
    if (failed_ || !parser_.done() || !handler.is_list) {
      problem_ = "the body is not the JSON of a list" + (failed_ ? ": " + failed_.message() : std::string{});
      return std::nullopt;
    }
    if (!handler.valid) {
      problem_ = rows_.problem.empty() ? "an entry is not an object" : rows_.problem;
      return std::nullopt;
    }
    rows_.finish(handler.bare_array);
    return std::move(rows_.page);
  }
  std::string const& problem() const override { return problem_; }

 private:
  PageRows rows_;
  json::basic_parser<Handler<PageRows>> parser_;
  json::error_code failed_;
  std::string problem_;
};

class UserRows {
 public:
  UserPage page;
  std::string problem;

  bool is_row_list(std::string_view key) const { return key == "users"; }
  bool has_inner_list(std::string_view) const { return false; }
  void inner_list_begin() {}
  void inner_list_is_none() {}
  void inner_begin() {}
  void inner_field(std::string_view, Scalar const&) {}
  void inner_end() {}
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
    if (user_.id.empty() || user_.name.empty()) {
      problem = "a user has no id or no username";
      return false;
    }
    if (component_) {
      user_.protected_because = "component user";
    } else if (ascii_lower(type_).starts_with("built-in")) {
      user_.protected_because = "built-in user (" + printable(type_) + ")";
    }
    page.users.push_back(std::move(user_));
    return true;
  }
  void finish(bool bare_array) { page.bare_array = bare_array; }

 private:
  TargetUser user_;
  std::string type_;
  bool component_ = false;
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
    if (group_.id.empty() || group_.name.empty()) {
      problem = "a group has no id or no groupName";
      return false;
    }
    std::ranges::sort(group_.users);
    auto const repeated = std::ranges::unique(group_.users);
    group_.users.erase(repeated.begin(), repeated.end());
    group_.users.shrink_to_fit();
    if (unreadable_) page.unreadable.insert(group_.id);
    group_.directory_group = ascii_iequal(type_, "Directory");
    auto const location = ascii_lower(location_);
    if (group_.directory_group) {
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
  void finish(bool) {}

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
    for (auto const& member : members_) {
      auto const name = std::string_view{names_}.substr(member.name_at, member.name_length);
      if (member.user != nullptr && users_.is_named(*member.user, name))
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
};

}  // namespace

UserIndex::UserIndex(std::vector<TargetUser> const& users) {
  by_id_.reserve(users.size());
  for (std::uint32_t i = 0; i < users.size(); ++i) {
    auto const& id_text = users[i].id;
    auto const& name = users[i].name;
    std::int64_t id = 0;
    std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
    by_id_.try_emplace(id, Known{i, static_cast<std::uint32_t>(name.size()), names_.size()});
    names_ += name;
  }
}

UserIndex::Known const* UserIndex::with_id(std::int64_t id) const {
  auto const found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

bool UserIndex::is_named(Known const& user, std::string_view name) const {
  auto const known = std::string_view{names_}.substr(user.name_at, user.name_length);
  return known == name || fold_case(known) == fold_case(name);
}

UserIndex const& nobody() {
  static std::vector<TargetUser> const none;
  static UserIndex const index{none};
  return index;
}

std::unique_ptr<ListSink<UserPage>> make_user_sink() {
  return std::make_unique<Sink<UserPage, UserRows>>(false);
}
std::unique_ptr<ListSink<GroupPage>> make_group_sink(UserIndex const& users) {
  return std::make_unique<Sink<GroupPage, GroupRows>>(false, users);
}
std::unique_ptr<ListSink<GroupPage>> make_single_group_sink(UserIndex const& users) {
  return std::make_unique<Sink<GroupPage, GroupRows>>(true, users);
}

}  // namespace dirsync::vault
