#include "store/packing.hpp"

#include <limits>

namespace dirsync::store {
namespace {
void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}

/// Takes values off the front; after a failure everything else fails too.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}
  bool done() const { return rest_.empty(); }

  bool number(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return false;
      auto const byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool run(std::int64_t& value) {
    std::uint64_t raw = 0;
    if (!number(raw) || raw > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return false;
    value = static_cast<std::int64_t>(raw);
    return true;
  }
  bool text(std::string_view& value) {
    std::uint64_t size = 0;
    if (!number(size) || size > rest_.size()) return false;
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

 private:
  std::string_view rest_;
};
}  // namespace

std::string pack_numbers(std::span<std::uint32_t const> ascending) {
  std::string packed;
  packed.reserve(ascending.size() * 2);
  std::uint32_t before = 0;
  for (auto const number : ascending) {
    put_number(packed, number - before);
    before = number;
  }
  return packed;
}

std::optional<std::vector<std::uint32_t>> unpack_numbers(std::string_view packed) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(packed.size());
  std::uint64_t number = 0;
  for (Unpacker unpacker{packed}; !unpacker.done();) {
    std::uint64_t step = 0;
    if (!unpacker.number(step) || step > std::numeric_limits<std::uint32_t>::max() ||
        (step == 0 && !numbers.empty()))
      return std::nullopt;
    number += step;
    if (number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    numbers.push_back(static_cast<std::uint32_t>(number));
  }
  return numbers;
}

std::string pack_keys(std::span<std::uint64_t const> keys) {
  std::string packed;
  packed.reserve(keys.size() * 8);
  for (auto key : keys)
    for (int byte = 0; byte < 8; ++byte, key >>= 8) packed.push_back(static_cast<char>(key & 0xff));
  return packed;
}

std::optional<std::vector<std::uint64_t>> unpack_keys(std::string_view packed) {
  if (packed.size() % 8 != 0) return std::nullopt;
  std::vector<std::uint64_t> keys(packed.size() / 8);
  for (std::size_t at = 0; at < packed.size(); ++at)
    keys[at / 8] |= std::uint64_t{static_cast<unsigned char>(packed[at])} << (8 * (at % 8));
  return keys;
}

std::string pack_texts(std::span<std::string const> texts) {
  std::string packed;
  for (auto const& text : texts) put_text(packed, text);
  return packed;
}

std::optional<std::vector<std::string>> unpack_texts(std::string_view packed) {
  std::vector<std::string> texts;
  for (Unpacker unpacker{packed}; !unpacker.done();) {
    std::string_view text;
    if (!unpacker.text(text)) return std::nullopt;
    texts.emplace_back(text);
  }
  return texts;
}

std::string pack_entries(std::span<EntryRecord const> entries) {
  std::string packed;
  for (auto const& entry : entries) {
    put_number(packed, entry.is_group);
    put_number(packed, static_cast<std::uint64_t>(entry.first_run));
    put_number(packed, static_cast<std::uint64_t>(entry.gone_run));
    put_text(packed, entry.id);
    put_text(packed, entry.normalized_dn);
    // Mostly the directory spells it the normal way: then it stands there once.
    put_text(packed, entry.dn == entry.normalized_dn ? std::string_view{} : entry.dn);
  }
  return packed;
}

std::optional<std::vector<EntryRecord>> unpack_entries(std::string_view packed) {
  std::vector<EntryRecord> entries;
  for (Unpacker unpacker{packed}; !unpacker.done();) {
    EntryRecord entry;
    std::uint64_t is_group = 0;
    if (!unpacker.number(is_group) || is_group > 1 || !unpacker.run(entry.first_run) ||
        !unpacker.run(entry.gone_run) || !unpacker.text(entry.id) || !unpacker.text(entry.normalized_dn) ||
        !unpacker.text(entry.dn))
      return std::nullopt;
    entry.is_group = is_group == 1;
    if (entry.dn.empty()) entry.dn = entry.normalized_dn;
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace dirsync::store
