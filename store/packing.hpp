#pragma once
// How large sets are laid out in one value. Pure.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::store {

// Numbers are LEB128: seven bits a byte, lowest first, the top bit set on all but the last byte.

/// A set of numbers: each as its distance from the one before (the first from 0). `ascending`: sorted, each
/// once.
std::string pack_numbers(std::span<std::uint32_t const> ascending);
/// Nothing when `packed` is not what pack_numbers makes.
std::optional<std::vector<std::uint32_t>> unpack_numbers(std::string_view packed);

/// Keys of member values: eight bytes each, the lowest first.
std::string pack_keys(std::span<std::uint64_t const> keys);
/// Nothing when `packed` is not what pack_keys makes.
std::optional<std::vector<std::uint64_t>> unpack_keys(std::string_view packed);

/// A list of texts: length and bytes of each.
std::string pack_texts(std::span<std::string const> texts);
std::optional<std::vector<std::string>> unpack_texts(std::string_view packed);

/// An entry of a directory as kept in a page. The views point into whatever it was made from.
struct EntryRecord {
  bool is_group = false;
  std::int64_t first_run = 0;  // first seen
  std::int64_t gone_run = 0;   // first run that no longer saw it; 0: still there
  std::string_view id, normalized_dn, dn;
  friend bool operator==(EntryRecord const&, EntryRecord const&) = default;
};
std::string pack_entries(std::span<EntryRecord const> entries);
std::optional<std::vector<EntryRecord>> unpack_entries(std::string_view packed);

}  // namespace dirsync::store
