#pragma once
// What a closer look at a directory found, step by step. Plain values; daemon/doctor judges them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ldap/settings.hpp"
#include "ldap/survey/survey.hpp"
#include "sync/model/error.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/peer_certificate.hpp"
#include "sync/model/time.hpp"

namespace dirsync::ldap {

/// A name that the configuration gives to an attribute, and the key where it stands.
struct AskedAttribute {
  std::string name;   // in lower case
  std::string where;  // "users.join", "group_name of rule privileged"
  bool of_people = true;
  bool must_be_shown = true;  // false: entries without it are as good, as with users.disabled
};

/// A filter of the configuration, and the key where it stands.
struct AskedFilter {
  std::string where;
  std::string text;
  bool may_fit_none = false;  // of a rule that allows it
};

/// What to look for besides what the settings themselves say.
struct ExaminationRequest {
  std::vector<AskedAttribute> attributes;
  std::vector<AskedFilter> rules;  // by which rules choose groups
  /// Evaluated by dirsyncd on people: each is also given to the server.
  std::vector<AskedFilter> compared;
  /// Every rule that reads them allows that there are none.
  bool may_have_no_people = false, may_have_no_groups = false;
};

/// One server, and how far a connection to it came.
struct ServerFinding {
  enum class Step { address, connection, tls, logon };
  std::string uri;
  bool is_encrypted = false;
  std::optional<Step> failed_at;               // none: it let us in
  std::optional<Error> error;                  // with `failed_at`
  std::string address;                         // "192.0.2.1"; empty: there is none, as with ldapi://
  std::optional<PeerCertificate> certificate;  // of an accepted handshake, where it is told
  std::string refused_certificate;             // DER, that it showed where TLS failed; empty: none is known
};

/// One place where entries are looked for.
struct AreaFinding {
  std::string base, filter;
  Scope scope = Scope::sub;
  bool may_be_empty = false;
  std::optional<Error> base_error;    // the base entry is not shown
  std::optional<Error> search_error;  // else: the search did not come to its end
  std::uint64_t entries = 0;
};

struct RuleFinding {
  AskedFilter asked;
  std::optional<Error> error;
  std::uint64_t entries = 0;
};

struct AttributeFinding {
  AskedAttribute asked;
  bool is_known = true;     // to the server's schema
  std::string nearest;      // a name of the schema that may be meant; empty: none is close
  std::uint64_t shown = 0;  // entries of the sample that show a value
};

/// dirsyncd's own answer to a filter beside the server's, on the people of the sample.
struct FilterFinding {
  AskedFilter asked;
  std::optional<Error> error;                       // one of the two could not answer
  std::uint64_t ours = 0, theirs = 0;               // people whom it fits
  std::vector<std::string> only_ours, only_theirs;  // DNs, at most kExamples each
  std::uint64_t different = 0;
};

/// A few groups, looked at one by one.
struct MemberFinding {
  std::optional<Error> error;  // groups whose members are hidden, or that could not be read
  std::uint64_t groups = 0, with_values = 0;
  std::uint64_t most_values = 0;    // in one group, as far as one answer shows them
  std::uint64_t in_parts = 0;       // groups whose values come in ranges
  std::vector<std::string> hidden;  // DNs of groups whose class must have members and that show none
};

/// Entries that lead to other servers (RFC 3296).
struct ReferralFinding {
  std::vector<std::string> dns;  // at most kExamples
  std::uint64_t entries = 0;
  std::uint64_t ignored = 0;  // parts of answers that lie elsewhere, whatever names them
  std::string narrower_base;  // below which all that was seen lies and no such entry; empty: there is none
};

inline constexpr std::size_t kExamples = 3;
inline constexpr int kSample = 1000;  // entries

struct Examination {
  std::optional<Error> discovery;  // the DNS did not name the servers of `srv`
  std::vector<ServerFinding> servers;
  // From here on: of the first server that let us in, as far as the look came.
  std::string server;
  std::optional<Error> stopped;  // the connection was lost, or the kind of server is not known
  Flavour flavour = Flavour::automatic;
  std::string version;  // as the root DSE tells it; empty: it does not
  std::optional<UtcTime> server_time;
  UtcTime our_time{};         // when that was asked for
  std::string schema_remark;  // why the built-in schema stands in; empty: the server's own was read
  AreaFinding people, groups;
  std::vector<RuleFinding> rules;
  std::uint64_t sampled_people = 0, sampled_groups = 0;
  std::vector<AttributeFinding> attributes;
  std::vector<FilterFinding> filters;
  MemberFinding members;
  ReferralFinding referrals;
  std::optional<Survey> survey;  // of classes, and of attributes that name people
  std::optional<Error> survey_error;
};

}  // namespace dirsync::ldap
