#pragma once
// Whether an entry is another than when it was last told: a number stands for what it showed.
#include <lber.h>

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sync/model/strong.hpp"

namespace dirsync::ldap {

/// Two random numbers. Whoever does not know them cannot make two entries with one fingerprint.
using FingerprintKey = std::array<std::uint64_t, 2>;
/// SipHash-2-4 (Aumasson and Bernstein, 2012).
std::uint64_t siphash(FingerprintKey const& key, std::string_view bytes);

/// What one entry shows, as a number: neither the order of attributes and values nor the case of names
/// matters; bytes of values do.
class Fingerprint {
 public:
  explicit Fingerprint(FingerprintKey const& key) : key_(key) {}
  /// Attributes of interest alone; each once.
  void add(std::string_view name, std::span<berval const> values);
  std::uint64_t value() const noexcept { return value_; }

 private:
  FingerprintKey key_;
  std::uint64_t value_ = 0;
};

/// The last fingerprint of each entry, about 30 bytes each in one piece. Entries are told apart by 64 bits of a keyed
/// hash of their ids. One thread at a time.
class Fingerprints {
 public:
  /// Entries; beyond it all are forgotten, so that a server cannot fill the memory.
  static constexpr std::size_t kMost = 1'000'000;

  Fingerprints();
  /// To be filled with one entry's attributes.
  Fingerprint begin() const { return Fingerprint{key_}; }
  /// True unless the entry showed the same the last time; that it shows this is kept.
  bool is_news(EntryId const& id, Fingerprint const& shown);
  /// It is deleted, or nobody knows what it shows: whatever comes next is news.
  void forget(EntryId const& id);
  void forget_all() { last_.clear(); }
  std::size_t size() const noexcept { return last_.size(); }

 private:
  FingerprintKey key_;
  boost::unordered_flat_map<std::uint64_t, std::uint64_t> last_;  // by the hash of the id
};

}  // namespace dirsync::ldap
