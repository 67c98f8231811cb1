#pragma once
#include "ldap/connect/connection.hpp"
#include "ldap/connect/stop.hpp"
#include "ldap/read/read_context.hpp"
#include "ldap/search/schema_text.hpp"
#include "sync/model/account.hpp"

namespace dirsync::ldap {

/// A connection, and what must be known of its server before anything is read.
struct Opened {
  Connection connection;
  FlavourTraits const& flavour;
  AccountRules accounts;
  ReadSchema schema;
  GroupClasses classes;
  DirectoryQuery query;  // with the attributes that tell of accounts

  /// Both must outlive it.
  ReadContext context(Settings const& settings) {
    return {.connection = connection,
            .settings = settings,
            .flavour = flavour,
            .query = query,
            .schema = *schema.schema,
            .classes = classes};
  }
};

/// `proven`: gets the server. Blocks; thread: the directory's own. Errors: LdapErrc, of the configuration as
/// well.
Result<Opened> open_to_read(Settings const& settings, DirectoryQuery const& query, Stop& stop,
                            Certificate& proven);

/// The same connection for another read, with what is known of its server. Errors: LdapErrc, of the
/// configuration.
Result<void> take_up(Opened& opened, Settings const& settings, DirectoryQuery const& query, Stop& stop);

}  // namespace dirsync::ldap
