#pragma once
// What an answer means, whatever the call: the Vault's code decides first, then the status, never the
// message.
#include "sync/vault/answers.hpp"

namespace dirsync::vault {

enum class ResultClass {
  ok,
  already,          // it is so without this call
  absent,           // PVWA says that there is no such thing; only a read proves it
  unauthenticated,  // no session, or a logon that was refused
  forbidden,
  invalid,
  conflict,
  throttled,    // certainly not done; later
  transient,    // perhaps done
  routing,      // a page of the web server or of a gateway: says nothing about users and groups
  unsupported,  // this PVWA does not have the call, or IIS keeps the verb from it
  protocol,     // the request was not as this server wants requests
};
char const* to_text(ResultClass result);

ResultClass result_class(int status, Refusal const& refusal);

/// True when the refusal's code decides whatever the status.
bool code_is_known(Refusal const& refusal);

/// True when a read that failed so is worth repeating at once, however else its status would be taken.
/// `attempt`: the one that failed, from 1.
bool passes_by_itself(int status, Refusal const& refusal, int attempt);

/// True when a new logon may help. `refusal`: of a call other than a logon.
bool session_ended(int status, Refusal const& refusal);

/// True when the Vault has judged the logon: another try with the same password would count against the user.
bool logon_is_final(int status, Refusal const& refusal);

/// RADIUS asks for more than a password.
bool is_challenge(Refusal const& refusal);

}  // namespace dirsync::vault
