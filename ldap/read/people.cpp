#include "ldap/read/people.hpp"

#include <algorithm>

#include "ldap/read/syntax.hpp"
#include "ldap/search/ranges.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

class PeopleReader {
 public:
  PeopleReader(ReadContext const& context, std::string const& narrowed)
      : context_(context),
        narrowed_(narrowed),
        attributes_(attribute_list(context.query.person_attributes, context.flavour.person_attributes)),
        names_(context.schema, attributes_) {}

  Result<People> run() {
    auto const& area = context_.settings.users;
    Search const search{.what = "search for people",
                        .base = area.base,
                        .scope = area.scope,
                        .filter = and_filter(people_filter(context_), narrowed_),
                        .attributes = attributes_};
    auto const figures = search_all(context_.connection, search, context_.paging(),
                                    [this](EntryReader& entry) { return add(entry); });
    if (!figures) return figures.error();
    people_.figures.count("people", *figures);
    return std::move(people_);
  }

 private:
  /// What is kept of the current entry; text in its message.
  struct Parts {
    std::string_view id, sid, primary;
    ChangeStamp changed;
    bool has_classes = false, is_user = false;
  };

  Result<void> add(EntryReader& entry) {
    parts_ = {};
    collected_.clear();
    while (entry.next()) {
      auto const name = entry.name();
      if (parse_ranged(name)) return in_part(context_, entry);
      if (!take(entry) || context_.query.person_attributes.contains(ascii_lower(name)))
        collected_.add(name, entry.values());
      // The values' array is gone after the next step; the text stays in the message.
    }
    collected_.add_other_names(names_);
    collected_.add_sid(context_, parts_.sid);
    auto id = id_of(context_, entry, parts_.id);
    if (!id) return id.error();
    leave_out_bad_text(context_, Damage::Of::person, static_cast<PersonIndex>(people_.entries.all().size()),
                       context_.query.person_attributes, collected_, people_.damages);
    auto const person = people_.entries.add(std::move(*id), entry.dn(), collected_.all(), parts_.changed);
    return context_.flavour.primary_groups ? note_primary_group(person, entry) : Result<void>{};
  }

  /// True for an attribute that is the reader's own.
  bool take(EntryReader const& entry) {
    auto const name = entry.name();
    auto const values = entry.values();
    if (is_id(context_.flavour, entry)) {
      parts_.id = view(values[0]);
      return true;
    }
    if (auto const stamp = stamp_in(context_.flavour, entry)) {
      parts_.changed = *stamp;
      return true;
    }
    if (!context_.flavour.primary_groups || values.empty()) return false;
    if (ascii_iequal(name, "objectSid")) {
      parts_.sid = view(values[0]);
    } else if (ascii_iequal(name, "primaryGroupID")) {
      parts_.primary = view(values[0]);
    } else if (ascii_iequal(name, "objectClass")) {
      parts_.has_classes = true;
      parts_.is_user =
          std::ranges::any_of(values, [](auto const& value) { return ascii_iequal(view(value), "user"); });
    } else {
      return false;
    }
    return true;
  }

  /// Contacts have neither a SID nor a primary group, users always have both.
  Result<void> note_primary_group(PersonIndex person, EntryReader const& entry) {
    if (!parts_.has_classes) return unreadable(context_, entry, "objectClass");
    if (!parts_.is_user && parts_.sid.empty() && parts_.primary.empty()) return {};
    if (parts_.sid.empty()) return unreadable(context_, entry, "objectSid");
    if (parts_.primary.empty()) return unreadable(context_, entry, "primaryGroupID");
    auto sid = sid_of(context_, entry, parts_.sid);
    if (!sid) return sid.error();
    auto const rid = parse_rid(parts_.primary);
    if (!rid) return malformed(context_, entry, "primaryGroupID");
    sid->rid = *rid;  // a primary group is of the person's own domain
    people_.primary_groups[std::move(*sid)].push_back(person);
    return {};
  }

  ReadContext const& context_;
  std::string const& narrowed_;
  std::vector<std::string> const attributes_;  // that are asked for
  AskedNames names_;
  People people_;
  Collected collected_;
  Parts parts_;
};

}  // namespace

Result<People> read_people(ReadContext const& context, std::string const& narrowed) {
  return PeopleReader{context, narrowed}.run();
}

}  // namespace dirsync::ldap
