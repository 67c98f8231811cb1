#pragma once
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// As RFC 4516 and ldapsearch write it: "base", "one", "sub".
inline char const* scope_name(Scope scope) {
  switch (scope) {
    case Scope::base:
      return "base";
    case Scope::one:
      return "one";
    case Scope::sub:
      return "sub";
  }
  return "";
}

}  // namespace dirsync::ldap
