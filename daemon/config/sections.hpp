#pragma once
// One function for each kind of table; each reports its mistakes to the Reading and returns what it could
// make of it.
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"
#include "daemon/config/reading.hpp"

namespace dirsync::config {

Service read_service(Section section);
Notify read_notify(Section section, std::size_t number);
Schedule read_schedule(Section section);

/// `owner`: 'directory "corp"', for warnings.
Tls read_tls(Section section, std::string const& owner);
Timeouts read_timeouts(Section section, Timeouts const& defaults);
Retry read_retry(Section section, Retry const& defaults);
http::Pace read_pace(Section section, http::Pace const& defaults);
Secret read_secret(Section& parent, std::string_view key);
/// How private the file of a secret must be.
Privacy privacy_of(Section const& section, std::string const& path);

/// Reports a DN that does not parse.
bool check_dn(Section& section, std::string_view key, std::string const& dn);
/// Empty when missing (`hint` says what to write) or reported.
std::string read_dn(Section& section, std::string_view key, std::string_view hint);
std::string read_dn_or(Section& section, std::string_view key, std::string const& otherwise);
/// Reports a filter for the server that does not parse.
void check_search_filter(Section& section, std::string_view key, std::string const& text);
/// A filter that dirsyncd evaluates itself; nothing when left out or reported.
std::optional<Filter> read_filter(Section& section, std::string_view key);
/// Whether a type or class may be called so: a name or an OID (RFC 4512, 1.4).
bool is_schema_name(std::string_view name);
/// The name of an attribute (RFC 4512, 2.5); empty when left out or reported.
std::string read_attribute(Section& section, std::string_view key);
NameTemplate read_template(Section& section, std::string_view key, std::string const& otherwise);
/// The same of people, who are told apart by it: one without any attribute is a problem as well.
NameTemplate read_person_name(Section& section, std::string_view key, std::string const& otherwise);

/// How to log on to a directory; checks that the keytab holds keys and is private.
ldap::Bind read_bind(Section section);
Directory read_directory(Section section, std::string const& name);
/// Needs the directories and limits of `config`.
Target read_target(Section section, std::string const& name, Config const& config);

Limits read_limits(Section section);
/// `parent` narrowed by `section`; `parent_name`: "[limits]", for messages.
Limits narrowed_limits(Section section, Limits const& parent, std::string const& parent_name);

/// Needs the directories and targets of `config`, and the rules before this one.
Rule read_rule(Section section, Config const& config);

}  // namespace dirsync::config
