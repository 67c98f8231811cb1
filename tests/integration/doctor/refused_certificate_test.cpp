// Why a server's certificate is refused, with CA files on disk.
#include "daemon/doctor/refused_certificate.hpp"

#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/support/net/certificates.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::doctor {
namespace {
using std::chrono::hours;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The only certificate of a PEM file.
std::string der_in(std::filesystem::path const& file) {
  std::unique_ptr<BIO, decltype(&BIO_free)> const source{BIO_new_file(file.c_str(), "r"), &BIO_free};
  std::unique_ptr<X509, decltype(&X509_free)> const certificate{
      PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), &X509_free};
  std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &end);
  return der;
}

/// It holds from 12 hours ago to 12 hours ahead; its CA a day each way.
class GivenAServersCertificate : public testing::Test {
 protected:
  GivenAServersCertificate() { tls.ca_file = files.ca_file; }
  std::optional<Told> why(std::string const& host = "localhost", hours later = hours{0}) const {
    return why_refused(der_in(files.cert_file), tls, host, std::chrono::system_clock::now() + later);
  }
  /// A failed assertion where it is not refused.
  Told refused(std::string const& host = "localhost", hours later = hours{0}) const {
    auto const told = why(host, later);
    EXPECT_TRUE(told);
    return told.value_or(Told{});
  }

  TempFolder folder, other_folder;
  test::CertificateFiles files = test::make_certificates(folder.path());
  Tls tls;
};

TEST_F(GivenAServersCertificate, WhenAllFitsThenNothingIsSaid) {
  EXPECT_FALSE(why());
  EXPECT_FALSE(why("127.0.0.1"));
}

TEST_F(GivenAServersCertificate, WhenAnotherCaSignedItThenTheIssuerIsUnknown) {
  tls.ca_file = test::make_certificates(other_folder.path()).ca_file;
  auto const told = refused();
  EXPECT_THAT(told.what, AllOf(HasSubstr("CN=localhost, issued by CN=dirsyncd test CA"),
                               HasSubstr("its issuer is unknown"), HasSubstr(tls.ca_file),
                               Not(HasSubstr("expired")), Not(HasSubstr("another name"))));
  EXPECT_THAT(told.remedy, HasSubstr("put the CA that signed it, CN=dirsyncd test CA, into"));
}

TEST_F(GivenAServersCertificate, WhenTheFileHoldsNoCaThenThatIsSaid) {
  tls.ca_file = folder.path() / "garbage.pem";
  std::ofstream{tls.ca_file} << "garbage\n";
  EXPECT_THAT(refused().what, AllOf(HasSubstr("its issuer is unknown"), HasSubstr("there are none")));
}

TEST_F(GivenAServersCertificate, WhenItBearsAnotherNameThenItsOwnAreNamed) {
  auto const told = refused("ldap.example.com");
  EXPECT_THAT(told.what, AllOf(HasSubstr("another name than ldap.example.com: localhost, 127.0.0.1"),
                               Not(HasSubstr("issuer is unknown"))));
  EXPECT_THAT(told.remedy, HasSubstr("ldap.example.com"));
  EXPECT_THAT(refused("192.0.2.1").what, HasSubstr("another name than 192.0.2.1"));
}

TEST_F(GivenAServersCertificate, WhenItsTimeIsOverThenItHasExpired) {
  auto const told = refused("localhost", hours{18});
  EXPECT_THAT(told.what, AllOf(HasSubstr("has expired"), Not(HasSubstr("issuer is unknown"))));
  EXPECT_EQ(told.remedy, "renew it on the server");
}

TEST_F(GivenAServersCertificate, WhenItsTimeIsToComeThenItIsNotValidYet) {
  auto const told = refused("localhost", hours{-18});
  EXPECT_THAT(told.what, AllOf(HasSubstr("not valid yet"), Not(HasSubstr("expired"))));
  EXPECT_THAT(told.remedy, HasSubstr("clock"));
}

TEST_F(GivenAServersCertificate, WhenSeveralThingsAreWrongThenAllAreTold) {
  auto const told = refused("ldap.example.com", hours{18});
  EXPECT_THAT(told.what, AllOf(HasSubstr("another name"), HasSubstr("; it has expired")));
}

TEST_F(GivenAServersCertificate, WhenItHasExpiredAndItsIssuerIsNotOursThenTheServerMayHaveSentTheIssuer) {
  tls.ca_file = test::make_certificates(other_folder.path()).ca_file;
  EXPECT_THAT(refused("localhost", hours{18}).what,
              AllOf(HasSubstr("has expired"), Not(HasSubstr("issuer is unknown"))));
}

TEST_F(GivenAServersCertificate, WhenTheCaIsInAFolderThenItsNameDoesNotMatter) {
  std::filesystem::copy_file(files.ca_file, other_folder.path() / "any name.crt");
  tls.ca_file.clear();
  tls.ca_dir = other_folder.path();
  EXPECT_FALSE(why());
}

TEST(GivenSomethingElse, WhenItIsNoCertificateThenNothingIsSaid) {
  EXPECT_FALSE(why_refused("garbage", Tls{}, "localhost", std::chrono::system_clock::now()));
}

}  // namespace
}  // namespace dirsync::doctor
