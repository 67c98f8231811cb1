#pragma once
#include <signal.h>

namespace dirsync::ldap {

/// libldap writes to connections that the server has closed; the signal would end the process. Blocked, it is
/// an error of the write. For the calling thread.
inline void block_broken_pipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace dirsync::ldap
