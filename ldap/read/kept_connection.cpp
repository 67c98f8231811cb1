#include "ldap/read/kept_connection.hpp"

#include <utility>

#include "ldap/search/schema.hpp"

namespace dirsync::ldap {
namespace {

std::string version_of(Settings const& settings) {
  return settings.schemas ? settings.schemas->version : std::string{};
}

}  // namespace

void KeptConnection::stay_with(std::string const& server) {
  if (opened_ && opened_->connection.uri() != server) opened_.reset();
}

void KeptConnection::drop_if_idle() {
  if (std::chrono::steady_clock::now() - used_ >= kLongestIdle) opened_.reset();
}

bool KeptConnection::take_up_kept(Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  drop_if_idle();
  auto const is_fit = opened_ && std::chrono::steady_clock::now() - since_ < kLongestUse &&
                      !schema_version_.empty() && schema_version_ == version_of(settings);
  // Filters that are not whole are told of by opening.
  if (is_fit && take_up(*opened_, settings, query, stop)) return true;
  opened_.reset();
  return false;
}

Result<void> KeptConnection::open(Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  Certificate proven;
  auto opened = open_to_read(settings, query, stop, proven);
  if (!opened) return opened.error();
  opened_.emplace(std::move(*opened));
  schema_version_ = version_of(settings);
  since_ = std::chrono::steady_clock::now();
  return {};
}

void KeptConnection::leave(bool keep) {
  used_ = std::chrono::steady_clock::now();
  if (!keep) opened_.reset();
}

}  // namespace dirsync::ldap
