#include "daemon/cli/extract/row_fields.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync::cli {

std::span<RowField const> text_fields() {
  static constexpr RowField kFields[] = {
      {"phase", &AuditRow::phase},   {"target", &AuditRow::target},       {"verb", &AuditRow::verb},
      {"group", &AuditRow::group},   {"principal", &AuditRow::principal}, {"dn", &AuditRow::dn},
      {"id", &AuditRow::id},         {"rule", &AuditRow::rule},           {"path", &AuditRow::path},
      {"plan", &AuditRow::plan},     {"actor", &AuditRow::actor},         {"result", &AuditRow::result},
      {"detail", &AuditRow::detail}, {"prev", &AuditRow::previous},       {"hash", &AuditRow::hash}};
  return kFields;
}

bool restore(AuditRow& row, RawFields const& raw) {
  for (auto const& [name, bytes] : raw) {
    auto const field = std::ranges::find(text_fields(), std::string_view{name},
                                         [](RowField const& each) { return std::string_view{each.name}; });
    if (field == text_fields().end()) return false;
    row.*field->value = bytes;
  }
  return true;
}

bool is_plain(std::string const& text) { return printable(text, std::string::npos) == text; }

}  // namespace dirsync::cli
