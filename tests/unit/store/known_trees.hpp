#pragma once
#include <string>
#include <vector>

#include "store/proof/tree_hash.hpp"
#include "sync/model/hex.hpp"

namespace dirsync::store {

/// Inputs of the eight leaves by which implementations of Certificate Transparency (RFC 6962) are tested.
inline std::vector<std::string> known_inputs() {
  std::vector<std::string> inputs;
  for (auto const* const digits :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
    inputs.push_back(*from_hex(digits));
  return inputs;
}

inline std::vector<TreeHash> known_leaves() {
  std::vector<TreeHash> leaves;
  for (auto const& input : known_inputs()) leaves.push_back(hash_of_leaf(input));
  return leaves;
}

/// Of their trees, by number of leaves.
inline std::vector<std::string> const kKnownRoots{
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

inline std::vector<TreeHash> numbered_leaves(int count) {
  std::vector<TreeHash> leaves;
  for (auto n = 0; n < count; ++n) leaves.push_back(hash_of_leaf("row " + std::to_string(n)));
  return leaves;
}

/// As the definition has it (RFC 9162, 2.1.1), for leaves [first, end).
inline TreeHash defined_root(std::vector<TreeHash> const& leaves, std::size_t first, std::size_t end) {
  if (first == end) return root_of_empty_tree();
  if (end - first == 1) return leaves[first];
  std::size_t left = 1;
  while (left * 2 < end - first) left *= 2;
  return hash_of_parent(defined_root(leaves, first, first + left), defined_root(leaves, first + left, end));
}
inline TreeHash defined_root(std::vector<TreeHash> const& leaves) {
  return defined_root(leaves, 0, leaves.size());
}

}  // namespace dirsync::store
