#pragma once
// The parser behind lists.hpp, for its sources alone: Boost.JSON is slow to compile.
#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/model/text.hpp"
#include "sync/rest/mended_text.hpp"
#include "sync/vault/lists.hpp"

namespace dirsync::vault {
namespace json = boost::json;

struct Scalar {
  enum class Kind { text, integer, boolean, other } kind = Kind::other;
  std::string_view text;
  std::int64_t integer = 0;

  /// Ids are numbers; some servers write them as text.
  std::optional<std::int64_t> as_id() const {
    if (kind == Kind::integer) return integer;
    return kind == Kind::text ? parse_integer(text) : std::nullopt;
  }
};

/// Events of the parser, told apart by where they stand:
/// { "value": [ {row: fields, "members": [ {inner fields}, ... ]}, ... ], fields }.
/// Rows receives what a list holds, keys in lower case. A row_end() of false: the row is not valid.
template <class Rows>
struct Handler {
  // NOLINTBEGIN(readability-identifier-naming): Boost.JSON asks for these names.
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = 1U << 16;
  static constexpr std::size_t max_string_size = 1U << 20;
  // NOLINTEND(readability-identifier-naming)
  enum class Place { list, rows, row, inner_list, inner, ignored };

  Rows* rows = nullptr;
  bool single_row = false;  // the document itself is the row
  std::vector<Place> places;
  std::string key, text;
  bool is_list = false, valid = true, bare_array = false;

  bool on_object_begin(json::error_code&) {
    auto place = Place::ignored;
    if (places.empty()) {
      place = single_row ? Place::row : Place::list;
      is_list = true;
    } else if (places.back() == Place::rows) {
      place = Place::row;
    } else if (places.back() == Place::inner_list) {
      place = Place::inner;
      rows->inner_begin();
    } else if (places.back() == Place::row && rows->has_inner_list(key)) {
      rows->inner_list_is_none();
    }
    if (place == Place::row) rows->row_begin();
    places.push_back(place);
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    if (places.back() == Place::row) valid = rows->row_end() && valid;
    if (places.back() == Place::inner) rows->inner_end();
    places.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code&) {
    auto place = Place::ignored;
    if (places.empty() && !single_row) {
      place = Place::rows;
      is_list = bare_array = true;
    } else if (!places.empty() && places.back() == Place::list && rows->is_row_list(key)) {
      place = Place::rows;
    } else if (!places.empty() && places.back() == Place::row && rows->has_inner_list(key)) {
      place = Place::inner_list;
      rows->inner_list_begin();
    } else if (!places.empty() && (places.back() == Place::rows || places.back() == Place::inner_list)) {
      valid = false;  // rows are objects
    }
    places.push_back(place);
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    places.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    if (text.empty()) {
      key.assign(part.data(), part.size());
    } else {
      text.append(part);
      key.assign(text);
      text.clear();
    }
    for (char& c : key)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    if (text.empty()) {
      scalar({Scalar::Kind::text, {part.data(), part.size()}, 0});
    } else {
      text.append(part);
      scalar({Scalar::Kind::text, text, 0});
      text.clear();
    }
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    scalar({Scalar::Kind::integer, {}, number});
    return true;
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return other(); }
  bool on_double(double, json::string_view, json::error_code&) { return other(); }
  bool on_bool(bool value, json::error_code&) {
    scalar({Scalar::Kind::boolean, {}, value ? 1 : 0});
    return true;
  }
  bool on_null(json::error_code&) { return other(); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool other() {
    scalar({});
    return true;
  }
  void scalar(Scalar const& value) {
    if (places.empty()) return;
    switch (places.back()) {
      case Place::list:
        rows->list_field(key, value);
        break;
      case Place::row:
        rows->row_field(key, value);
        break;
      case Place::inner:
        rows->inner_field(key, value);
        break;
      case Place::rows:
      case Place::inner_list:
        valid = false;
        break;  // rows are objects
      case Place::ignored:
        break;
    }
  }
};

template <class Page, class PageRows>
class Sink final : public ListSink<Page> {
 public:
  template <class... Args>
  explicit Sink(bool single_row, Args const&... args) : rows_{args...}, parser_{json::parse_options{}} {
    parser_.handler().rows = &rows_;
    parser_.handler().single_row = single_row;
  }
  bool write(std::string_view piece) override {
    // A broken document is reported by finish(); the transfer goes on so that the connection stays usable.
    if (failed_) return true;
    // It stops behind the document, and would take what follows for another one.
    auto const text = mender_.mend(piece);
    auto const taken = parser_.write_some(true, text.data(), text.size(), failed_);
    if (!failed_ && taken < text.size()) failed_ = json::error::extra_data;
    return true;
  }
  std::optional<Page> finish() override {
    if (!failed_) parser_.write_some(false, mender_.rest().data(), mender_.rest().size(), failed_);
    auto const& handler = parser_.handler();
    if (failed_ || !parser_.done() || !handler.is_list) {
      problem_ = "the body is not the JSON of a list" + (failed_ ? ": " + failed_.message() : std::string{});
      return std::nullopt;
    }
    if (!handler.valid) {
      problem_ = rows_.problem.empty() ? "an entry is not an object" : rows_.problem;
      return std::nullopt;
    }
    rows_.finish(handler.bare_array);
    return std::move(rows_.page);
  }
  std::string const& problem() const override { return problem_; }

 private:
  PageRows rows_;
  rest::TextMender mender_;
  json::basic_parser<Handler<PageRows>> parser_;
  json::error_code failed_;
  std::string problem_;
};

}  // namespace dirsync::vault
