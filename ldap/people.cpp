#include "ldap/people.hpp"

#include "ldap/damage.hpp"

namespace dirsync::ldap {
namespace {

class PeopleReader {
 public:
  explicit PeopleReader(Reading const& reading) : reading_(reading) {}

  Result<People> run() {
    auto const& [base, filter, scope] = reading_.settings.users;
    Search const search{"search for people", base, scope,
                        filter.empty() ? std::string{reading_.flavour.people} : filter,
                        attribute_list(reading_.query.person_attributes, reading_.flavour.person_attributes)};
    auto const figures = search_all(reading_.connection, search, reading_.paging(),
                                    [this](EntryReader& entry) { return add(entry); });
    if (!figures) return figures.error();
    people_.figures.count("people", *figures);
    return std::move(people_);
  }

 private:
  Result<void> add(EntryReader& entry) {
    std::string_view id_value;
    collected_.clear();
    while (entry.next()) {
      if (is_id(reading_, entry))
        id_value = view(entry.values()[0]);
      else
        collected_.add(entry.name(), entry.values());
      // The values' array is gone after the next step; the text stays in the message.
    }
    auto id = id_of(reading_, entry, id_value);
    if (!id) return id.error();
    auto const undamaged = require_text(reading_, entry, reading_.query.person_attributes, collected_.all());
    if (!undamaged) return undamaged.error();
    people_.entries.add(std::move(*id), entry.dn(), collected_.all());
    return {};
  }

  Reading const& reading_;
  People people_;
  Collected collected_;
};

}  // namespace

Result<People> read_people(Reading const& reading) { return PeopleReader{reading}.run(); }

}  // namespace dirsync::ldap
