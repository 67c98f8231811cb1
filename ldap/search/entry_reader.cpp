#include "ldap/search/entry_reader.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {

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

}  // namespace dirsync::ldap
