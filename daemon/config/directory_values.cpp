// Values that mean something to LDAP: DNs, filters, templates.
#include <algorithm>

#include "daemon/config/sections.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::config {

bool check_dn(Section& section, std::string_view key, std::string const& dn) {
  auto const normalized = normalized_dn(dn);
  if (normalized && !normalized->empty()) return true;
  section.problem(ConfigErrc::malformed, key,
                  quoted(printable(dn)) + " in " + section.key_path(key) +
                      " is not a DN, such as \"ou=groups,dc=example,dc=com\"");
  return false;
}

std::string read_dn(Section& section, std::string_view key, std::string_view hint) {
  auto const dn = section.text(key);
  if (!dn) {
    if (!section.has(key)) section.missing(key, hint);
    return {};
  }
  return check_dn(section, key, *dn) ? *dn : std::string{};
}

std::string read_dn_or(Section& section, std::string_view key, std::string const& otherwise) {
  auto const dn = section.text(key, otherwise);
  return dn == otherwise || check_dn(section, key, dn) ? dn : otherwise;
}

void check_search_filter(Section& section, std::string_view key, std::string const& text) {
  auto const filter = Filter::parse(text);
  if (filter || filter.error().code == FilterErrc::unsupported) return;  // the server may know more rules
  section.problem(ConfigErrc::malformed, key, section.key_path(key) + ": " + filter.error().context);
}

std::optional<Filter> read_filter(Section& section, std::string_view key) {
  auto const written = section.text(key);
  if (!written) return std::nullopt;
  auto filter = Filter::parse(*written);
  if (filter) return std::move(*filter);
  auto const unknown = filter.error().code == FilterErrc::unsupported;
  section.problem(unknown ? ConfigErrc::unsupported : ConfigErrc::malformed, key,
                  section.key_path(key) + ": " + filter.error().context);
  return std::nullopt;
}

bool is_schema_name(std::string_view name) {
  auto const fits = [](char c) {
    auto const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && std::ranges::all_of(name, fits);
}

std::string read_attribute(Section& section, std::string_view key) {
  auto const written = section.text(key);
  if (!written) return {};
  if (written->empty() || is_schema_name(*written)) return *written;
  section.problem(ConfigErrc::malformed, key,
                  quoted(printable(*written)) + " in " + section.key_path(key) +
                      " is not the name of an attribute, such as \"employeeNumber\"");
  return {};
}

NameTemplate read_template(Section& section, std::string_view key, std::string const& otherwise) {
  auto const written = section.text(key, otherwise);
  auto parsed = NameTemplate::parse(written);
  if (parsed) return std::move(*parsed);
  section.problem(ConfigErrc::malformed, key, section.key_path(key) + ": " + parsed.error().context);
  return NameTemplate::parse(otherwise).value();
}

NameTemplate read_person_name(Section& section, std::string_view key, std::string const& otherwise) {
  auto name = read_template(section, key, otherwise);
  if (name.attributes().empty())
    section.problem(
        ConfigErrc::malformed, key,
        section.key_path(key) + ": \"" + name.text() +
            "\" would give everybody the same name; write the attribute in braces, such as \"{uid}\"");
  return name;
}

}  // namespace dirsync::config
