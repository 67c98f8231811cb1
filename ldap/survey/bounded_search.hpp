#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "ldap/flavour.hpp"
#include "ldap/search/search.hpp"
#include "ldap/survey/survey.hpp"
#include "sync/model/schema.hpp"

namespace dirsync::ldap {

/// What every part of a survey works with; all of it must outlive it.
struct SurveyContext {
  Connection& connection;
  Settings const& settings;  // referrals are left out
  FlavourTraits const& flavour;
  Schema const& schema;
  SurveyBounds bounds;
};

/// search_all() up to the bound. A limit of the server is no error either: Looked::cut says which.
/// Other errors, thread and Settings::on_search as for search_all().
Result<Looked> look_at(SurveyContext const& context, Search const& search,
                       std::function<void(EntryReader&)> const& on_entry);

/// The type in an attribute description: "member" of "member;range=0-1499".
inline std::string_view type_in(std::string_view description) {
  return description.substr(0, description.find(';'));
}

}  // namespace dirsync::ldap
