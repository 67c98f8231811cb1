#include "ldap/search/search.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "ldap/errors.hpp"
#include "ldap/search/referral.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

int to_ldap(Scope scope) {
  switch (scope) {
    case Scope::base:
      return LDAP_SCOPE_BASE;
    case Scope::one:
      return LDAP_SCOPE_ONELEVEL;
    case Scope::sub:
      return LDAP_SCOPE_SUBTREE;
  }
  return LDAP_SCOPE_SUBTREE;
}

std::string described(Connection const& connection, Search const& search) {
  return connection.place() + ", " + search.what + " below \"" + printable(search.base) + "\" with filter " +
         printable(search.filter);
}

/// One request and its answers. `done` gets the controls of the final result.
class Page {
 public:
  Page(Connection& connection, Search const& search, std::string const& what)
      : connection_(connection), search_(search), what_(what) {}

  Result<void> send(LDAPControl* paging) {
    std::vector<char*> attributes;
    for (auto const& name : search_.attributes) attributes.push_back(const_cast<char*>(name.c_str()));
    attributes.push_back(nullptr);
    LDAPControl plain{const_cast<char*>(search_.control.c_str()), {0, nullptr}, 0};
    std::vector<LDAPControl*> controls;
    if (paging != nullptr) controls.push_back(paging);
    if (!search_.control.empty()) controls.push_back(&plain);
    controls.push_back(nullptr);
    auto const sent = ldap_search_ext(connection_.handle(), search_.base.c_str(), to_ldap(search_.scope),
                                      search_.filter.c_str(), attributes.data(), 0, controls.data(), nullptr,
                                      nullptr, LDAP_NO_LIMIT, &id_);
    if (sent != LDAP_SUCCESS) return connection_.last_error(what_);
    return {};
  }

  /// Entries up to the final result.
  Result<std::uint64_t> receive(std::function<Result<void>(EntryReader&)> const& on_entry) {
    for (std::uint64_t entries = 0;;) {
      auto const message = connection_.next(id_, what_);
      if (!message) return message.error();
      switch (ldap_msgtype(message->get())) {
        case LDAP_RES_SEARCH_ENTRY: {
          EntryReader entry{connection_.handle(), message->get()};
          if (entries == 0) first_dn_ = entry.dn();
          auto const used = on_entry(entry);
          // First: whatever was missed in such an entry is missed because of this.
          if (entry.malformed())
            return result_error(LDAP_DECODING_ERROR, what_, "an entry can not be decoded");
          if (!used) return used.error();
          ++entries;
          break;
        }
        case LDAP_RES_SEARCH_REFERENCE:
          if (auto const noted = refer(message->get()); !noted) return noted.error();
          break;
        case LDAP_RES_SEARCH_RESULT: {
          if (auto const done = finish(message->get()); !done) return done.error();
          return entries;
        }
        default:
          break;  // RFC 4511, 4.13: intermediate responses that nobody asked for
      }
    }
  }

  LDAPControl** controls() const noexcept { return controls_.get(); }
  /// The server has none of it (result 10) and names who has.
  bool elsewhere() const noexcept { return elsewhere_; }
  std::vector<Reference> const& references() const noexcept { return references_; }
  int result() const noexcept { return result_; }
  /// Empty when the page had no entry.
  std::string const& first_dn() const noexcept { return first_dn_; }

 private:
  Result<void> refer(LDAPMessage* message) {
    char** targets = nullptr;
    auto const parsed = ldap_parse_reference(connection_.handle(), message, &targets, nullptr, 0);
    TextsPtr const owned{targets};
    if (parsed != LDAP_SUCCESS) return result_error(parsed, what_, "a referral can not be decoded");
    if (connection_.referrals().mode() == ReferralSettings::Mode::error) return refusal(targets);
    references_.push_back(to_reference(targets));
    return {};
  }

  Error refusal(char** targets) const {
    return result_error(LDAP_REFERRAL, what_, targets != nullptr && *targets != nullptr ? *targets : "");
  }

  static Reference to_reference(char** targets) {
    Reference reference;
    for (; targets != nullptr && *targets != nullptr; ++targets) reference.emplace_back(*targets);
    return reference;
  }

  Result<void> finish(LDAPMessage* message) {
    char *words = nullptr, **referrals = nullptr;
    LDAPControl** controls = nullptr;
    auto const parsed =
        ldap_parse_result(connection_.handle(), message, &result_, nullptr, &words, &referrals, &controls, 0);
    TextPtr const owned_words{words};
    TextsPtr const owned_referrals{referrals};
    controls_.reset(controls);
    if (parsed != LDAP_SUCCESS) return result_error(parsed, what_, "");
    // All of it is elsewhere: to ignore that would be to take it for empty.
    elsewhere_ = result_ == LDAP_REFERRAL && connection_.referrals().mode() == ReferralSettings::Mode::follow;
    auto const referred = referrals != nullptr && *referrals != nullptr;
    if (elsewhere_)
      references_.push_back(to_reference(referrals));
    else if (referred && (result_ == LDAP_REFERRAL || result_ == LDAP_SUCCESS))
      return refusal(referrals);
    else if (result_ != LDAP_SUCCESS)
      return result_error(result_, what_, words != nullptr ? words : "");
    return {};
  }

  Connection& connection_;
  Search const& search_;
  std::string const& what_;
  int id_ = 0, result_ = LDAP_SUCCESS;
  bool elsewhere_ = false;
  std::vector<Reference> references_;
  ControlsPtr controls_;
  std::string first_dn_;
};

/// The cookie of the paging answer; an error when the server sent none (RFC 2696, 3).
Result<std::string> cookie_of(Connection& connection, LDAPControl** controls, std::string const& what) {
  auto* const paging = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nullptr);
  berval cookie{};
  ber_int_t estimate = 0;
  // libldap aborts where the control has no value.
  auto const parsed = paging != nullptr && paging->ldctl_value.bv_val != nullptr
                          ? ldap_parse_pageresponse_control(connection.handle(), paging, &estimate, &cookie)
                          : LDAP_CONTROL_NOT_FOUND;
  TextPtr const owned{cookie.bv_val};
  if (parsed != LDAP_SUCCESS) return result_error(parsed, what, "a page without its paging control");
  return std::string{view(cookie)};
}

/// Finds a server that gives the same page for ever, or skips.
class PageGuard {
 public:
  explicit PageGuard(bool cookies_may_repeat) : cookies_may_repeat_(cookies_may_repeat) {}

  /// Why the pages can not be trusted; empty when they can.
  std::string check(std::string const& cookie, std::string const& first_dn) {
    auto const new_start = !first_dn.empty() && first_dns_.insert(first_dn).second;
    if (cookie.empty() || cookies_.insert(cookie).second) return {};
    if (!cookies_may_repeat_) return "the server gave a page cookie for the second time";
    return new_start ? "" : "the server gave a page for the second time, or an empty one in between";
  }

 private:
  bool cookies_may_repeat_;
  std::set<std::string> cookies_, first_dns_;
};

}  // namespace

std::optional<Scope> scope_of(int number) {
  switch (number) {
    case LDAP_SCOPE_BASE:
      return Scope::base;
    case LDAP_SCOPE_ONELEVEL:
      return Scope::one;
    case LDAP_SCOPE_SUBTREE:
      return Scope::sub;
    default:
      return std::nullopt;
  }
}

EntryReader::EntryReader(LDAP* handle, LDAPMessage* message) : handle_(handle), message_(message) {
  BerElement* ber = nullptr;
  malformed_ = ldap_get_dn_ber(handle_, message_, &ber, &dn_) != LDAP_SUCCESS;
  ber_.reset(ber);
}

bool EntryReader::next() {
  ber_memfree(values_);
  values_ = nullptr;
  count_ = 0;
  if (malformed_) return false;
  // RFC 4512, 2.5: names are ASCII. One that is spoilt would hide what the entry has under the right one.
  if (ldap_get_attribute_ber(handle_, message_, ber_.get(), &name_, &values_) != LDAP_SUCCESS ||
      !is_utf8(name())) {
    malformed_ = true;
    return false;
  }
  if (values_ != nullptr)
    while (values_[count_].bv_val != nullptr) ++count_;
  return name_.bv_val != nullptr;
}

Result<SearchFigures> search_all(Connection& connection, Search const& search, Paging paging,
                                 std::function<Result<void>(EntryReader&)> const& on_entry) {
  auto const what = described(connection, search);
  SearchFigures figures;
  PageGuard guard{paging.cookies_may_repeat};
  std::vector<Reference> references;
  std::string cookie;
  do {
    berval raw{cookie.size(), cookie.data()};
    LDAPControl* made = nullptr;
    auto const created =
        ldap_create_page_control(connection.handle(), paging.size, cookie.empty() ? nullptr : &raw, 1, &made);
    ControlPtr const control{made};
    if (created != LDAP_SUCCESS) return result_error(created, what, "");
    Page page{connection, search, what};
    if (auto const sent = page.send(control.get()); !sent) return sent.error();
    auto const entries = page.receive(on_entry);
    if (!entries) return entries.error();
    figures.entries += *entries;
    ++figures.pages;
    std::ranges::copy(page.references(), std::back_inserter(references));
    if (page.elsewhere()) break;
    auto next_cookie = cookie_of(connection, page.controls(), what);
    if (!next_cookie) return next_cookie.error();
    cookie = std::move(*next_cookie);
    if (auto const doubt = guard.check(cookie, page.first_dn()); !doubt.empty())
      return Error{LdapErrc::bad_answer,
                   what + ": " + doubt +
                       "; its pages can not be trusted, check for a proxy in between and "
                       "the server's version"};
  } while (!cookie.empty());
  return connection.referrals().settle(connection, references, figures, search, what,
                                       [paging, &on_entry](Connection& server, Search const& part) {
                                         return search_all(server, part, paging, on_entry);
                                       });
}

Result<SearchFigures> search_few(Connection& connection, Search const& search,
                                 std::function<Result<void>(EntryReader&)> const& on_entry, int* result) {
  auto const what = described(connection, search);
  Page page{connection, search, what};
  if (auto const sent = page.send(nullptr); !sent) return sent.error();
  auto const entries = page.receive(on_entry);
  if (result != nullptr) *result = page.result();
  if (!entries) return entries.error();
  return connection.referrals().settle(connection, page.references(), {*entries, 1}, search, what,
                                       [result, &on_entry](Connection& server, Search const& part) {
                                         return search_few(server, part, on_entry, result);
                                       });
}

}  // namespace dirsync::ldap
