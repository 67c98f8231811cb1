#pragma once
#include <string_view>
#include <tuple>
#include <utility>

#include "sync/model/change.hpp"

namespace dirsync::plan {

/// What the digest tells changes apart by. Lives as long as the change.
inline auto change_key(Change const& change) {
  return std::tuple{std::string_view{change.target},
                    change.verb,
                    std::string_view{change.group_id.empty() ? change.group : change.group_id},
                    std::string_view{change.principal},
                    std::string_view{change.id.value()},
                    std::string_view{change.new_name}};
}
using ChangeKey = decltype(change_key(std::declval<Change const&>()));

}  // namespace dirsync::plan
