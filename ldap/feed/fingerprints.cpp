#include "ldap/feed/fingerprints.hpp"

#include <bit>
#include <random>

#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

std::uint64_t random_number() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

class SipState {
 public:
  explicit SipState(FingerprintKey const& key)
      : v_{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
           key[1] ^ 0x7465646279746573} {}

  void take(std::uint64_t word) {
    v_[3] ^= word;
    round();
    round();
    v_[0] ^= word;
  }

  std::uint64_t end() {
    v_[2] ^= 0xff;
    for (auto n = 0; n < 4; ++n) round();
    return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  }

 private:
  void round() {
    v_[0] += v_[1];
    v_[1] = std::rotl(v_[1], 13) ^ v_[0];
    v_[0] = std::rotl(v_[0], 32);
    v_[2] += v_[3];
    v_[3] = std::rotl(v_[3], 16) ^ v_[2];
    v_[0] += v_[3];
    v_[3] = std::rotl(v_[3], 21) ^ v_[0];
    v_[2] += v_[1];
    v_[1] = std::rotl(v_[1], 17) ^ v_[2];
    v_[2] = std::rotl(v_[2], 32);
  }

  std::array<std::uint64_t, 4> v_;
};

/// Up to eight bytes, the first one lowest.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    word |= std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
  return word;
}

}  // namespace

std::uint64_t siphash(FingerprintKey const& key, std::string_view bytes) {
  SipState state{key};
  auto const size = std::uint64_t{bytes.size()};
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) state.take(little_endian(bytes.substr(0, 8)));
  state.take(size << 56 | little_endian(bytes));
  return state.end();
}

void Fingerprint::add(std::string_view name, std::span<berval const> values) {
  auto const hashed_name = siphash(key_, ascii_lower(name));
  // Values are a set: a sum does not know their order.
  std::uint64_t sum = values.size();
  for (auto const& value : values)
    sum += siphash({key_[0] ^ hashed_name, key_[1]}, {value.bv_val, value.bv_len});
  value_ += siphash({key_[0], key_[1] ^ hashed_name}, {reinterpret_cast<char const*>(&sum), sizeof sum});
}

Fingerprints::Fingerprints() : key_{random_number(), random_number()} {}

bool Fingerprints::is_news(EntryId const& id, Fingerprint const& shown) {
  auto const [last, is_new] = last_.try_emplace(siphash(key_, id.value()), shown.value());
  if (is_new) {
    if (last_.size() > kMost) last_.clear();
    return true;
  }
  if (last->second == shown.value()) return false;
  last->second = shown.value();
  return true;
}

void Fingerprints::forget(EntryId const& id) { last_.erase(siphash(key_, id.value())); }

}  // namespace dirsync::ldap
