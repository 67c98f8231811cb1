#include "sync/model/dn.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/model/hex.hpp"
#include "sync/model/naming_types.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

bool is_ascii_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 4512, 1.4: a name, or numbers with single dots between.
bool is_attribute_type(std::string_view type) {
  if (type.empty()) return false;
  if (is_ascii_alpha(type.front()))
    return std::ranges::all_of(type, [](char c) { return is_ascii_alpha(c) || is_digit(c) || c == '-'; });
  auto digit_before = false;
  for (auto const c : type) {
    if (!is_digit(c) && (c != '.' || !digit_before)) return false;
    digit_before = is_digit(c);
  }
  return digit_before;
}

/// The string inside a BER value of a string type; nothing for other types and long or broken lengths.
std::optional<std::string_view> ber_string(std::string_view ber) {
  constexpr std::string_view kStringTags{"\x04\x0c\x13\x14\x16", 5};  // octet, UTF-8, printable, teletex, IA5
  if (ber.size() < 2 || kStringTags.find(ber[0]) == std::string_view::npos) return std::nullopt;
  if (static_cast<unsigned char>(ber[1]) >= 0x80 || ber.size() != 2U + static_cast<unsigned char>(ber[1]))
    return std::nullopt;
  return ber.substr(2);
}

class Parser {
 public:
  /// `depth`: names around this one, whose value it is.
  Parser(std::string_view text, NamingTypes const& types, int depth = 0)
      : text_(text), types_(types), depth_(depth) {
    normal_.reserve(text.size());
  }

  std::optional<std::string> run() {
    skip_spaces();
    if (at_ == text_.size()) return normal_;
    while (true) {
      if (!relative_name()) return std::nullopt;
      if (at_ == text_.size()) return std::move(normal_);
      ++at_;  // relative_name() stops at the end or between two names
      normal_.push_back(',');
    }
  }

  /// Some type is another one, or compares otherwise, than in every directory.
  bool differs() const { return differs_; }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool is_at_separator() const { return text_[at_] == ',' || text_[at_] == ';'; }
  bool is_at_end_of_value() const { return at_ == text_.size() || is_at_separator() || text_[at_] == '+'; }

  bool relative_name() {
    auto const start = normal_.size();
    if (!type_and_value()) return false;
    if (at_ == text_.size() || is_at_separator()) return true;
    std::vector<std::string> pairs{normal_.substr(start)};
    while (at_ < text_.size() && text_[at_] == '+') {
      ++at_;
      auto const from = normal_.size();
      if (!type_and_value()) return false;
      pairs.push_back(normal_.substr(from));
    }
    std::ranges::sort(pairs);
    normal_.resize(start);
    for (auto const& pair : pairs) {
      if (normal_.size() != start) normal_.push_back('+');
      normal_ += pair;
    }
    return true;
  }

  bool type_and_value() {
    skip_spaces();
    auto const start = at_;
    while (at_ < text_.size() && text_[at_] != '=') ++at_;
    if (at_ == text_.size()) return false;
    auto type = text_.substr(start, at_ - start);
    while (type.ends_with(' ')) type.remove_suffix(1);
    if (type.size() > 4 && ascii_iequal(type.substr(0, 4), "OID.") && is_digit(type[4]))
      type.remove_prefix(4);
    if (!is_attribute_type(type)) return false;
    ++at_;
    note_type(type);
    normal_.push_back('=');
    skip_spaces();
    if (at_ < text_.size() && text_[at_] == '#') return encoded_value();
    return at_ < text_.size() && text_[at_] == '"' ? quoted_value() : string_value();
  }

  void note_type(std::string_view type) {
    auto const* naming = types_.find(type);
    if (naming == nullptr) naming = common_naming_types().find(type);
    comparison_ = naming == nullptr ? Comparison::case_ignore : naming->comparison;
    differs_ = differs_ || (naming != nullptr && naming->differs);
    if (naming == nullptr)
      normal_ += ascii_lower(type);
    else
      normal_ += naming->key;
  }

  bool encoded_value() {
    auto const start = ++at_;
    while (at_ < text_.size() && hex_digit(text_[at_]) >= 0) ++at_;
    auto const digits = text_.substr(start, at_ - start);
    skip_spaces();
    if (!is_at_end_of_value()) return false;
    auto const bytes = from_hex(digits);
    if (!bytes || bytes->empty()) return false;
    if (auto const string = ber_string(*bytes))
      append_value(*string);
    else
      normal_.append("#").append(ascii_lower(digits));
    return true;
  }

  /// What a backslash at `at_` stands for; false: nothing.
  bool escape(std::string& value) {
    constexpr std::string_view kMayBeEscaped = " \"#+,;<=>\\";
    if (++at_ == text_.size()) return false;
    if (kMayBeEscaped.find(text_[at_]) != std::string_view::npos) {
      value.push_back(text_[at_]);
      return true;
    }
    auto const byte = from_hex(text_.substr(at_, 2));
    if (!byte || byte->size() != 1) return false;
    value += *byte;
    ++at_;
    return true;
  }

  bool string_value() {
    std::string value;
    for (; !is_at_end_of_value(); ++at_) {
      constexpr std::string_view kMustBeEscaped{"\"<>\0", 4};
      if (kMustBeEscaped.find(text_[at_]) != std::string_view::npos) return false;
      if (text_[at_] != '\\')
        value.push_back(text_[at_]);
      else if (!escape(value))
        return false;
    }
    return append_text(value);
  }

  /// RFC 1779, 2.3.
  bool quoted_value() {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\0') return false;
      if (text_[at_] != '\\')
        value.push_back(text_[at_]);
      else if (!escape(value))
        return false;
    }
    if (at_ == text_.size()) return false;
    ++at_;
    skip_spaces();
    return is_at_end_of_value() && append_text(value);
  }

  /// RFC 4514, 2.4: with its escapes resolved, a string is UTF-8.
  bool append_text(std::string_view value) {
    if (!is_utf8(value)) return false;
    append_value(value);
    return true;
  }

  /// Escapes what would make two different names read the same.
  void append_value(std::string_view value) {
    auto const key = key_of(value);
    if (key.starts_with('#')) normal_.push_back('\\');
    for (auto const c : key) {
      if (c == ',' || c == '+' || c == '\\') normal_.push_back('\\');
      normal_.push_back(c);
    }
  }

  /// A value that its type does not allow compares as it is; so does a name within a name within a name.
  std::string key_of(std::string_view value) {
    auto key = std::optional<std::string>{};
    if (comparison_ != Comparison::distinguished_name) {
      key = comparison_key(comparison_, value);
    } else if (depth_ == 0) {
      Parser inner{value, types_, depth_ + 1};
      key = inner.run();
      differs_ = differs_ || inner.differs_;
    }
    return key ? *std::move(key) : std::string{value};
  }

  std::string_view text_;
  NamingTypes const& types_;
  int depth_;
  std::size_t at_ = 0;
  std::string normal_;
  Comparison comparison_ = Comparison::case_ignore;
  bool differs_ = false;
};

/// In a normalized DN: a comma between names, not one inside a value.
bool separates(std::string_view normalized, std::size_t comma) {
  std::size_t backslashes = 0;
  while (backslashes < comma && normalized[comma - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 0;
}

}  // namespace

std::optional<std::string> normalized_dn(std::string_view dn) {
  return Parser{dn, common_naming_types()}.run();
}

DnKeys::DnKeys(Schema const& schema) : types_(std::make_shared<NamingTypes const>(schema)) {}

std::optional<DnKeys::Keys> DnKeys::of(std::string_view dn) const {
  Parser parser{dn, *types_};
  auto own = parser.run();
  if (!own) return std::nullopt;
  if (!parser.differs()) return Keys{.common = *std::move(own), .own = std::nullopt};
  auto common = normalized_dn(dn);
  if (!common) return std::nullopt;
  return Keys{.common = *std::move(common), .own = std::move(own)};
}

std::optional<std::string> DnKeys::key(std::string_view dn) const { return Parser{dn, *types_}.run(); }

std::optional<std::string_view> parent_of(std::string_view normalized) {
  if (normalized.empty()) return std::nullopt;
  for (auto comma = normalized.find(','); comma != std::string_view::npos;
       comma = normalized.find(',', comma + 1))
    if (separates(normalized, comma)) return normalized.substr(comma + 1);
  return std::string_view{};
}

bool is_below(std::string_view normalized, std::string_view base) {
  if (base.empty() || normalized == base) return true;
  if (normalized.size() <= base.size() || !normalized.ends_with(base)) return false;
  auto const comma = normalized.size() - base.size() - 1;
  return normalized[comma] == ',' && separates(normalized, comma);
}

std::string_view without_optional_uid(std::string_view name_and_uid) {
  constexpr std::string_view kStart = "#'", kEnd = "'B";
  auto const start = name_and_uid.rfind(kStart);
  if (start == std::string_view::npos || !name_and_uid.ends_with(kEnd)) return name_and_uid;
  auto const bits_at = start + kStart.size();
  if (bits_at + kEnd.size() > name_and_uid.size()) return name_and_uid;
  auto const bits = name_and_uid.substr(bits_at, name_and_uid.size() - kEnd.size() - bits_at);
  if (bits.find_first_not_of("01") != std::string_view::npos) return name_and_uid;
  return name_and_uid.substr(0, start);
}

}  // namespace dirsync
