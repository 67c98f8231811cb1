#pragma once
// Values of the model as columns hold them. Inside this folder only; readers throw what damaged() throws.
#include <optional>
#include <string_view>

#include "sync/model/change.hpp"

namespace dirsync::store {

Verb verb_of(std::string_view text);

/// '' for nothing.
char const* source_text(std::optional<UserSource> source);
std::optional<UserSource> source_of(std::string_view text);

}  // namespace dirsync::store
