// What comes back from a directory whose words are bent on the way.
#include <atomic>

#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {

constexpr char kNotRead[] = "5 refuse: read-failed";

enum class Search { people, groups, any };

bool is_for(LdapRequest const& request, Search what) {
  if (request.operation != LdapMessage::kSearchRequest || request.search.scope == 0) return false;
  auto const people = request.search.base.starts_with("ou=people");
  return what == Search::any || people == (what == Search::people);
}

/// The result of the searches for `what`, behind all their entries.
Fault result(std::string name, Search what, int code) {
  return for_both(std::move(name), kNotRead, [what, code](Stage& stage) {
    stage.bend([what, code](LdapRequest const& request, LdapMessage message) {
      if (is_for(request, what) && message.operation == LdapMessage::kSearchDone)
        set_result(message, code, "no", code == 10 ? "ldap://other.example.com/" : "");
      return std::vector{message};
    });
  });
}

/// `edit` bends the entry of that DN in the searches for `what`.
LdapProxy::Edit each(Search what, std::string dn, std::function<std::vector<LdapMessage>(LdapMessage)> edit) {
  return [what, dn = std::move(dn), edit = std::move(edit)](LdapRequest const& request, LdapMessage message) {
    if (!is_for(request, what) || message.operation != LdapMessage::kSearchEntry ||
        entry_of(message).dn != dn)
      return std::vector{message};
    return edit(std::move(message));
  };
}

Fault bent(std::string name, std::string const& expected, Search what, std::string const& dn,
           std::function<std::vector<LdapMessage>(LdapMessage)> edit) {
  return for_both(std::move(name), expected,
                  [what, dn, edit = std::move(edit)](Stage& stage) { stage.bend(each(what, dn, edit)); });
}

/// That one entry is set aside, and what its person has stays until further reads agree; the Vault's side
/// tells of the user's DN besides.
Fault spoilt_name(std::string const& dn) {
  auto fault = bent("a byte of a person's DN is spoilt", "3 run: damaged, unconfirmed, unresolved",
                    Search::people, dn, [](LdapMessage message) {
                      auto entry = entry_of(message);
                      entry.dn[entry.dn.find('=') + 1] = '\xff';
                      set_entry(message, entry);
                      return std::vector{std::move(message)};
                    });
  fault.vault = "3 run: damaged, dn-check, stale-dn, unconfirmed, unresolved";
  return fault;
}

/// Nobody can tell any more what the rest of the answer says.
Fault spoilt_length(std::string const& dn) {
  return bent("the length of a person's DN is spoilt", kNotRead, Search::people, dn, [](LdapMessage message) {
    message.body[1] = '\xff';  // an entry begins with the DN (RFC 4511, 4.5.2): its tag, then its length
    return std::vector{std::move(message)};
  });
}

std::vector<Fault> results() {
  return {
      result("time limit, behind all people", Search::people, 3),
      result("size limit, behind all groups", Search::groups, 4),
      result("administrative limit, behind all people", Search::people, 11),
      result("referral, behind all groups", Search::groups, 10),
      result("insufficient access, behind all groups", Search::groups, 50),
      result("busy", Search::any, 51),
      result("unavailable", Search::any, 52),
      result("no such object, behind all people", Search::people, 32),
      result("operations error, behind all people", Search::people, 1),
  };
}

std::vector<LdapMessage> halved(LdapMessage message) {
  auto entry = entry_of(message);
  if (auto* const members = entry.values("member")) members->resize(members->size() / 2);
  set_entry(message, entry);
  return {std::move(message)};
}

std::vector<Fault> answers() {
  std::string const team = "cn=team-a,ou=groups,dc=example,dc=com",
                    person = "uid=u06,ou=people,dc=example,dc=com";
  return {
      // More than `removals_above`: they wait, though the group was read.
      bent("half of a group's members are left out", "3 run: unconfirmed", Search::groups, team, halved),
      unfound(bent("a person is left out", "3 run: unconfirmed, unresolved", Search::people, person,
                   [](LdapMessage const&) { return std::vector<LdapMessage>{}; })),
      bent("a group is left out", "3 run: unconfirmed, unresolved", Search::groups, team,
           [](LdapMessage const&) { return std::vector<LdapMessage>{}; }),
      bent("a person comes twice", kNotRead, Search::people, person,
           [](LdapMessage message) {
             return std::vector{message, message};
           }),
      bent("part of an answer is elsewhere", kNotRead, Search::people, person,
           [](LdapMessage message) {
             return std::vector{message, reference(message.id, "ldap://other.example.com/ou=more")};
           }),
      for_both("one part more than before is elsewhere, and ignored", "5 refuse: ignored-referrals",
               [team](Stage& stage) {
                 stage.change_configuration([](Configuration& configuration) {
                   configuration.directory_keys += "referrals = \"ignore\"\n";
                 });
                 stage.bend(each(Search::groups, team, [](LdapMessage message) {
                   return std::vector{message, reference(message.id, "ldap://other.example.com/ou=more")};
                 }));
               }),
      for_both("answers without an entry", "5 refuse: band",
               [](Stage& stage) {
                 stage.bend([](LdapRequest const& request, LdapMessage message) {
                   auto const is_lost =
                       is_for(request, Search::any) && message.operation == LdapMessage::kSearchEntry;
                   return is_lost ? std::vector<LdapMessage>{} : std::vector{message};
                 });
               }),
      for_both("the answer of a page has no cookie", kNotRead,
               [](Stage& stage) {
                 stage.bend([](LdapRequest const& request, LdapMessage message) {
                   if (is_for(request, Search::people) && message.operation == LdapMessage::kSearchDone)
                     drop_page_value(message);
                   return std::vector{message};
                 });
               }),
      spoilt_name(person),
      spoilt_length(person),
      for_both("answers come byte by byte", "0 run",
               [](Stage& stage) {
                 stage.bend([](LdapRequest const&, LdapMessage message) { return std::vector{message}; },
                            {.most = 1});
               }),
      for_both("the connection is cut in mid-search", kNotRead,
               [](Stage& stage) { stage.spoil_connection(TcpProxy::Fault::cut, 4000); }),
      for_both("the connection is cut before TLS stands", kNotRead,
               [](Stage& stage) { stage.spoil_connection(TcpProxy::Fault::cut, 100); }),
      for_both("the server falls silent in mid-search", kNotRead,
               [](Stage& stage) { stage.spoil_connection(TcpProxy::Fault::stall, 4000); }),
  };
}

using GivenDirectoryResults = Stage;
TEST_F(GivenDirectoryResults, WhenTheyAreNoSuccessThenNobodyIsWrongedOrForgotten) {
  play_all("The directory's results", results());
}

using GivenDirectoryAnswers = Stage;
TEST_F(GivenDirectoryAnswers, WhenTheyAreBentThenNobodyIsWrongedOrForgotten) {
  play_all("The directory's answers", answers());
}

}  // namespace
}  // namespace dirsync::test
