#pragma once
// By what the values of a key are the same: the equality rules of the attributes on both sides.
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/matching_rules.hpp"
#include "sync/model/schema.hpp"

namespace dirsync::plan {

/// That of the attribute by this schema. Where it has none, or one that only the server knows: case_ignore.
Comparison key_rule(Schema const& schema, std::string_view attribute);

/// Under which two values are the same only when both rules say so. case_exact is the stricter of two kinds
/// of text; kinds that have nothing in common leave the text, without regard to case.
Comparison stricter(Comparison one, Comparison other);

/// Nothing for a value that is none of its kind, or that has nothing but spaces.
std::optional<std::string> key_by(Comparison rule, std::string_view value);

}  // namespace dirsync::plan
