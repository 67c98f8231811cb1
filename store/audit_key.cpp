#include "store/audit_key.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace dirsync::store {
namespace {
constexpr std::size_t kLongestKey = 4096;  // bytes; a key in PEM has about 120

Error no_key(std::filesystem::path const& path, std::string const& why) {
  return {StoreErrc::malformed,
          path.string() + ": " + why +
              ". Put it back from a backup; or remove it: the next run then makes a new "
              "key, with an audit row that says so"};
}
}  // namespace

Result<std::optional<SigningKey>> read_audit_key(StateFolder const& folder) {
  auto const there = folder.find(kAuditKeyFile);
  if (!there) return there.error();
  if (!*there) return std::optional<SigningKey>{};
  auto const file = folder.open_file(kAuditKeyFile, O_RDONLY);
  if (!file) return file.error();
  std::string pem(kLongestKey, '\0');
  auto const size = ::read(file->number(), pem.data(), pem.size());
  auto const key =
      SigningKey::parse(std::string_view{pem}.substr(0, size > 0 ? static_cast<std::size_t>(size) : 0));
  wipe(pem);
  if (!key) return no_key(folder.path() / kAuditKeyFile, key.error().context);
  return std::optional{*key};
}

Result<SigningKey> make_audit_key(StateFolder const& folder) {
  auto key = SigningKey::make();
  if (auto const kept = folder.replace_file(kAuditKeyFile, key.pem().reveal()); !kept) return kept.error();
  return key;
}

}  // namespace dirsync::store
