#include "ldap/feed/dirsync.hpp"

#include <functional>
#include <optional>
#include <utility>

#include "ldap/errors.hpp"
#include "ldap/feed/change_notice.hpp"
#include "ldap/feed/dirsync_control.hpp"
#include "ldap/feed/dirsync_entry.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/search/attributes.hpp"
#include "ldap/search/entry_id.hpp"
#include "ldap/search/page.hpp"
#include "ldap/search/suffix.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using OnEntry = std::function<Result<void>(EntryReader&)>;

class DirsyncFollower final : public Follower {
 public:
  DirsyncFollower(Connection connection, FeedScope const& scope)
      : connection_(std::move(connection)), scope_(scope.bases) {
    search_.what = "asking for changes by DirSync";
    search_.filter = dirsync_filter(scope);
    search_.attributes = dirsync_attributes(scope.attributes);
  }

  FeedKind kind() const override { return FeedKind::dirsync; }

  Result<void> begin(FeedScope const& scope, std::string const& cookie) {
    if (auto const found = find_context(scope); !found) return found.error();
    // First: a change between the two would else wake nobody.
    if (auto const asked = notice_.ask(connection_, search_.base); !asked) return asked.error();
    auto const resumption = resume_at(cookie, own_);
    // A position that is no hexadecimal text is none that the server takes.
    position_ = from_hex(resumption.position).value_or("");
    return catch_up(resumption.why_not);
  }

  Result<FeedNews> next() override {
    for (;;) {
      if (batch_.has_answer()) return batch_.take(document());
      if (auto const woken = notice_.wait(connection_, pace_); !woken) return woken.error();
      if (auto const caught = catch_up({}); !caught) return caught.error();
    }
  }

 private:
  Result<void> find_context(FeedScope const& scope) {
    auto const root = read_if_shown(connection_, root_dse_search({"namingContexts"}));
    if (!root) return root.error();
    auto several = scope.bases.empty();
    for (auto const& base : scope.bases) {
      auto context = suffix_of(root->all("namingcontexts"), base);
      several = several || context.empty() || (!search_.base.empty() && context != search_.base);
      search_.base = std::move(context);
    }
    if (several)
      return Error{LdapErrc::refused,
                   connection_.place() + ": the bases do not lie in one naming context; DirSync is for one"};
    what_ = connection_.place() + ", " + search_.what + " in \"" + printable(search_.base) + "\"";
    auto const head =
        read_if_shown(connection_, entry_search("reading the domain's id", search_.base, {"objectGUID"}));
    if (!head) return head.error();
    auto const id = entry_id(IdForm::guid, head->first("objectguid"));
    if (!id)
      return Error{LdapErrc::not_readable, what_ +
                                               ": the context's objectGUID is not shown; give the bind DN "
                                               "read access to it"};
    own_ = {FeedKind::dirsync, "domain " + id->value(), scope_digest(scope), {}};
    return {};
  }

  /// Adds to the batch what changed since position_; where there is none, or the server does not take it,
  /// passes through everything without a look at it. `why`: there is none; for people.
  Result<void> catch_up(std::string why) {
    pace_.begin();
    if (!position_.empty()) {
      auto const asked = ask([this](EntryReader& entry) { return scope_.tell(entry, batch_); });
      pace_.end();
      if (asked || !refused_) return asked;
      position_.clear();
    }
    auto const passed = ask([](EntryReader&) { return Result<void>{}; });
    if (!passed) return passed.error();
    batch_.look_everywhere(why.empty() ? "the server does not take the cookie of the last feed" : why);
    return {};
  }

  /// Pages up to the last one; position_ moves on only then.
  Result<void> ask(OnEntry const& on_entry) {
    auto position = position_;
    refused_ = false;
    for (auto more = true; more;) {
      auto const control = dirsync_control(position);
      if (!control) return control.error();
      Page page{connection_, search_, what_};
      if (auto const sent = page.send(control->get()); !sent) return sent.error();
      if (auto const received = page.receive(on_entry); !received) {
        refused_ = page.result() == LDAP_UNAVAILABLE_CRITICAL_EXTENSION ||
                   page.result() == LDAP_UNWILLING_TO_PERFORM;
        return received.error();
      }
      auto const* const found = ldap_control_find(kDirsyncOid, page.controls(), nullptr);
      auto answer = found == nullptr ? std::nullopt : parse_dirsync(view(found->ldctl_value));
      if (!answer || (answer->more && answer->cookie == position))
        return Error{LdapErrc::bad_answer,
                     what_ +
                         ": the answer has no DirSync control that leads on; check for a proxy in between "
                         "and the server's version"};
      position = std::move(answer->cookie);
      more = answer->more;
    }
    position_ = std::move(position);
    return {};
  }

  std::string document() const {
    auto cookie = own_;
    cookie.position = to_hex(position_);
    return to_document(cookie);
  }

  Connection connection_;
  DirsyncScope scope_;
  Search search_;
  std::string what_;  // starts messages
  FeedCookie own_;
  EventBatch batch_;
  ChangeNotice notice_;
  Pace pace_;
  std::string position_;  // the server's cookie: all that changed until it is told, or in the batch
  bool refused_ = false;  // the last question, because of its control
};

}  // namespace

std::string dirsync_filter(FeedScope const& scope) {
  return "(|" + scope.filter + "(isDeleted=TRUE)(objectClass=organizationalUnit))";
}

Result<std::unique_ptr<Follower>> follow_by_dirsync(Connection connection, Settings const&,
                                                    FeedScope const& scope, std::string cookie) {
  auto follower = std::make_unique<DirsyncFollower>(std::move(connection), scope);
  if (auto const begun = follower->begin(scope, cookie); !begun) return begun.error();
  return std::unique_ptr<Follower>{std::move(follower)};
}

}  // namespace dirsync::ldap
