#include "ldap/survey/bounded_search.hpp"

#include "ldap/errors.hpp"
#include "sync/model/counted.hpp"

namespace dirsync::ldap {
namespace {

bool is_limit(boost::system::error_code code) {
  return code == LdapErrc::size_limit || code == LdapErrc::time_limit || code == LdapErrc::admin_limit;
}

}  // namespace

Result<Looked> look_at(SurveyContext const& context, Search const& search,
                       std::function<void(EntryReader&)> const& on_entry) {
  Looked looked;
  auto at_bound = false;
  auto const most = context.bounds.entries;
  auto const count = [&looked, &at_bound, most, &on_entry](EntryReader& entry) -> Result<void> {
    if (looked.entries == most) {
      at_bound = true;
      return Error{LdapErrc::cancelled, "enough was seen"};
    }
    ++looked.entries;
    on_entry(entry);
    return {};
  };
  Paging const paging{context.settings.page_size, context.flavour.cookies_may_repeat};
  auto const searched = search_all(context.connection, search, paging, count);
  if (searched) return looked;
  if (at_bound)
    looked.cut = "only the first " + number_of(most, "entry was", "entries were") + " looked at";
  else if (is_limit(searched.error().code))
    looked.cut = searched.error().context;
  else
    return searched.error();
  return looked;
}

}  // namespace dirsync::ldap
