#include "tests/support/ldap/samba_dc.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

#include "tests/support/net/loopback.hpp"
#include "tests/support/process/server.hpp"

namespace dirsync::test {
namespace {

constexpr std::uint16_t kPort = 389, kTlsPort = 636;

/// An address whose LDAP ports are free. The process id keeps apart what starts at the same time.
std::uint32_t free_address() {
  auto const first = (127U << 24) + (1U << 22) + (static_cast<std::uint32_t>(::getpid()) % (1U << 20)) * 4;
  for (auto address = first; address < first + 4; ++address) try {
      LoopbackSocket::listening(kPort, address);
      LoopbackSocket::listening(kTlsPort, address);
      return address;
    } catch (std::system_error const& taken) {
      if (taken.code() != std::errc::address_in_use) throw;
    }
  throw std::runtime_error{"four domain controllers of this process run already"};
}

std::string dotted(std::uint32_t address) {
  in_addr const network{htonl(address)};
  char text[INET_ADDRSTRLEN];
  return ::inet_ntop(AF_INET, &network, text, sizeof text);
}

}  // namespace

SambaDc::SambaDc(Options const& options)
    : address_(free_address()),
      certificates_(make_certificates(folder_.path(), {.subject_names = "IP:" + dotted(address_)})) {
  provision();
  write_configuration();
  if (!options.ldif.empty()) {
    auto const data = folder_.path() / "data.ldif";
    std::ofstream{data} << options.ldif;
    output_of({"ldbadd", "--nosync", "-H", folder_.path() / "dc/private/sam.ldb", data}, folder_.path());
  }
  start();
}

SambaDc::~SambaDc() { stop(); }

std::string SambaDc::address() const { return dotted(address_); }

void SambaDc::provision() {
  auto const none = folder_.path() / "none.conf";
  std::ofstream{none} << "[global]\n";
  output_of(
      {"samba-tool", "domain", "provision", "--configfile=" + none.string(), "--realm=EXAMPLE.TEST",
       "--domain=EXAMPLE", std::string{"--adminpass="} + kPassword, "--server-role=dc", "--dns-backend=NONE",
       "--host-name=dc1", "--host-ip=" + address(), "--targetdir=" + (folder_.path() / "dc").string(),
       "--option=interfaces=" + address() + "/8", "--option=bind interfaces only=yes"},
      folder_.path());
}

/// What provision wrote, but LDAP alone, with our certificate, and nothing outside our folder.
void SambaDc::write_configuration() {
  auto const file = folder_.path() / "dc/etc/smb.conf";
  auto const run = (folder_.path() / "run").string();
  std::filesystem::create_directory(run);
  auto text = content_of(file);
  auto const services = text.find("server services =");
  if (services == std::string::npos) throw std::runtime_error{"smb.conf has no server services: " + text};
  auto const own = "server services = ldap\n\tpid directory = " + run + "\n\tncalrpc dir = " + run +
                   "/ncalrpc\n\twinbindd socket directory = " + run +
                   "/winbind\n\tdisable netbios = yes\n\tlog file = " + run +
                   "/log.%m\n\ttls cafile = " + certificates_.ca_file.string() +
                   "\n\ttls certfile = " + certificates_.cert_file.string() +
                   "\n\ttls keyfile = " + certificates_.key_file.string() +
                   "\n\tldap server require strong auth = allow_sasl_over_tls";
  text.replace(services, text.find('\n', services) - services, own);
  std::ofstream{file} << text;
}

void SambaDc::start() {
  process_.emplace(bound_to_us({"/usr/sbin/samba", "-F", "--no-process-group", "-M", "single", "-s",
                                folder_.path() / "dc/etc/smb.conf"}),
                   folder_.path(), "samba");
  wait_until_listening(*process_, "samba", {kPort, kTlsPort}, address_);
  tools().root();
}

void SambaDc::stop() {
  if (process_) process_->stop();
  process_.reset();
}

}  // namespace dirsync::test
