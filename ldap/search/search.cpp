#include "ldap/search/search.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

#include "ldap/errors.hpp"
#include "ldap/search/filter_template.hpp"
#include "ldap/search/page.hpp"
#include "ldap/search/referral.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

std::string described(Connection const& connection, Search const& search) {
  return connection.place() + ", " + search.what + " below \"" + printable(search.base) + "\" with filter " +
         printable(search.filter);
}

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
  if (parsed != LDAP_SUCCESS)
    return result_error(parsed, what, "the server sent a page without its paging control");
  return std::string{view(cookie)};
}

/// Finds a server that gives the same page for ever, or skips.
class PageGuard {
 public:
  explicit PageGuard(bool cookies_may_repeat) : cookies_may_repeat_(cookies_may_repeat) {}

  /// Why the pages cannot be trusted; empty when they can.
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

/// Tells of the search when it ends, whichever way it does.
class SearchTimer {
 public:
  SearchTimer(Connection const& connection, Search const& search)
      : connection_(connection), search_(search), start_(std::chrono::steady_clock::now()) {}
  SearchTimer(SearchTimer const&) = delete;
  SearchTimer& operator=(SearchTimer const&) = delete;
  ~SearchTimer() {
    auto const time = std::chrono::steady_clock::now() - start_;
    connection_.tell({.server = {},
                      .base = search_.base,
                      .scope = search_.scope,
                      .filter = filter_template(search_.filter),
                      .result = result_,
                      .entries = figures_.entries,
                      .pages = figures_.pages,
                      .time = std::chrono::duration_cast<std::chrono::milliseconds>(time)});
  }

  /// `entries`: an error when the page broke off.
  void count(Page const& page, Result<std::uint64_t> const& entries) {
    result_ = page.result();
    if (!entries) return;
    figures_.entries += *entries;
    ++figures_.pages;
  }
  SearchFigures const& figures() const noexcept { return figures_; }

 private:
  Connection const& connection_;
  Search const& search_;
  std::chrono::steady_clock::time_point start_;
  std::optional<int> result_;
  SearchFigures figures_;
};

/// What one server itself answered.
struct Answer {
  SearchFigures figures;
  std::vector<Reference> references;
};

/// The control that asks for the page behind `cookie`; empty: the first one.
Result<ControlPtr> page_control(Connection& connection, int size, std::string& cookie,
                                std::string const& what) {
  berval raw{cookie.size(), cookie.data()};
  LDAPControl* made = nullptr;
  auto const created =
      ldap_create_page_control(connection.handle(), size, cookie.empty() ? nullptr : &raw, 1, &made);
  ControlPtr control{made};
  if (created != LDAP_SUCCESS) return result_error(created, what, "");
  return control;
}

Result<Answer> read_pages(Connection& connection, Search const& search, Paging paging,
                          std::string const& what,
                          std::function<Result<void>(EntryReader&)> const& on_entry) {
  SearchTimer timer{connection, search};
  PageGuard guard{paging.cookies_may_repeat};
  std::vector<Reference> references;
  std::string cookie;
  do {
    auto const control = page_control(connection, paging.size, cookie, what);
    if (!control) return control.error();
    Page page{connection, search, what};
    if (auto const sent = page.send(control->get()); !sent) return sent.error();
    auto const entries = page.receive(on_entry);
    timer.count(page, entries);
    if (!entries) return entries.error();
    std::ranges::copy(page.references(), std::back_inserter(references));
    if (page.elsewhere()) break;
    auto next_cookie = cookie_of(connection, page.controls(), what);
    if (!next_cookie) return next_cookie.error();
    cookie = std::move(*next_cookie);
    if (auto const doubt = guard.check(cookie, page.first_dn()); !doubt.empty())
      return Error{
          LdapErrc::bad_answer,
          what + ": " + doubt +
              "; its pages cannot be trusted, check for a proxy in between and the server's version"};
  } while (!cookie.empty());
  return Answer{timer.figures(), std::move(references)};
}

/// `result`, unless null: the server's result code, 0 when there was none.
Result<Answer> read_at_once(Connection& connection, Search const& search, std::string const& what,
                            std::function<Result<void>(EntryReader&)> const& on_entry, int* result) {
  SearchTimer timer{connection, search};
  Page page{connection, search, what};
  if (auto const sent = page.send(nullptr); !sent) return sent.error();
  auto const entries = page.receive(on_entry);
  timer.count(page, entries);
  if (result != nullptr) *result = page.result().value_or(LDAP_SUCCESS);
  if (!entries) return entries.error();
  return Answer{timer.figures(), page.references()};
}

}  // namespace

Search entry_search(std::string what, std::string dn, std::vector<std::string> attributes) {
  return {.what = std::move(what),
          .base = std::move(dn),
          .scope = Scope::base,
          .filter = "(objectClass=*)",
          .attributes = std::move(attributes)};
}

Search root_dse_search(std::vector<std::string> attributes) {
  return entry_search("reading the root DSE", "", std::move(attributes));
}

Result<SearchFigures> search_all(Connection& connection, Search const& search, Paging paging,
                                 std::function<Result<void>(EntryReader&)> const& on_entry) {
  auto const what = described(connection, search);
  auto const answer = read_pages(connection, search, paging, what, on_entry);
  if (!answer) return answer.error();
  return connection.referrals().settle(connection, answer->references, answer->figures, search, what,
                                       [paging, &on_entry](Connection& server, Search const& part) {
                                         return search_all(server, part, paging, on_entry);
                                       });
}

Result<bool> search_first_page(Connection& connection, Search const& search, Paging paging,
                               std::function<Result<void>(EntryReader&)> const& on_entry) {
  auto const what = described(connection, search);
  SearchTimer timer{connection, search};
  std::string cookie;
  auto const control = page_control(connection, paging.size, cookie, what);
  if (!control) return control.error();
  Page page{connection, search, what};
  if (auto const sent = page.send(control->get()); !sent) return sent.error();
  auto const entries = page.receive(on_entry);
  timer.count(page, entries);
  if (!entries) return entries.error();
  if (page.elsewhere()) return false;
  auto const next = cookie_of(connection, page.controls(), what);
  if (!next) return next.error();
  return next->empty() && page.references().empty();
}

Result<SearchFigures> search_few(Connection& connection, Search const& search,
                                 std::function<Result<void>(EntryReader&)> const& on_entry, int* result) {
  auto const what = described(connection, search);
  auto const answer = read_at_once(connection, search, what, on_entry, result);
  if (!answer) return answer.error();
  return connection.referrals().settle(connection, answer->references, answer->figures, search, what,
                                       [result, &on_entry](Connection& server, Search const& part) {
                                         return search_few(server, part, on_entry, result);
                                       });
}

}  // namespace dirsync::ldap
