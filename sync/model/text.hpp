#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

/// Unicode simple case folding without normalisation. Bytes that are not UTF-8 stay.
std::string fold_case(std::string_view text);

/// Unicode simple case mapping. Bytes that are not UTF-8 stay.
std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

/// Normalisation form KC (UAX 15). Text that is not UTF-8 stays as it is.
std::string normalized_nfkc(std::string_view text);

/// True for well-formed UTF-8.
bool is_utf8(std::string_view text);

/// The text itself, or what printable() makes of it when it is not UTF-8: a directory may hold bytes that are
/// no text; a JSON document may not.
std::string as_utf8(std::string const& text);

/// ASCII only; for attribute names and keywords.
std::string ascii_lower(std::string_view text);
bool ascii_iequal(std::string_view left, std::string_view right);

/// Without ASCII white space at both ends. Lives as long as the text.
std::string_view trimmed(std::string_view text);

/// Whether `name`, folded, holds the bare name of `logon`, which may be "DOMAIN\\name" or "name@domain".
bool holds_logon_name(std::string_view name, std::string_view logon);

/// A whole number, "-12", with nothing around it; nothing when it is none or too large.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// For messages and terminals: control characters and bad UTF-8 become `?`; at most `longest` bytes.
std::string printable(std::string_view text, std::size_t longest = 300);

/// JSON text whose characters that printable() would replace are escaped, "\u202e"; it means the same.
std::string with_escaped_controls(std::string_view json);

}  // namespace dirsync
