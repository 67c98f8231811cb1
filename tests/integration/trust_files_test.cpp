// Files of CAs, certificates and keys that a configuration names.
#include "daemon/config/trust_files.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "daemon/config/problem.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::config {
namespace {
using testing::AllOf;
using testing::HasSubstr;

class GivenCertificates : public testing::Test {
 protected:
  static std::string said(Result<void> const& result) {
    if (result) return "nothing";
    EXPECT_EQ(result.error().code, ConfigErrc::unreadable);
    return result.error().context;
  }
  std::string file_of(std::string const& content) const {
    auto const path = folder.path() / "file.pem";
    std::ofstream{path} << content;
    return path;
  }

  TempFolder folder, other_folder;
  test::CertificateFiles files = test::make_certificates(folder.path());
};

TEST_F(GivenCertificates, WhenTheFileHoldsOneThenItIsGood) {
  EXPECT_EQ(said(check_certificates("tls.ca_file", files.ca_file)), "nothing");
}

TEST_F(GivenCertificates, WhenTheFileHoldsNoneThenFileAndRemedyAreTold) {
  for (std::string const& path : {file_of("garbage\n"), files.key_file.string()})
    EXPECT_THAT(
        said(check_certificates("tls.ca_file", path)),
        AllOf(testing::StartsWith("tls.ca_file: \"" + path), HasSubstr("holds no certificate in PEM; ")));
  EXPECT_THAT(said(check_certificates("tls.ca_file", file_of(""))),
              HasSubstr("holds no certificate in PEM; "));
}

TEST_F(GivenCertificates, WhenTheFileIsNotThereThenThatIsTold) {
  EXPECT_THAT(said(check_certificates("tls.ca_file", "/nowhere.pem")), HasSubstr("cannot be opened; "));
}

TEST_F(GivenCertificates, WhenTheKeyIsOfAnotherThenBothFilesAreTold) {
  Tls tls;
  tls.cert_file = files.cert_file;
  tls.key_file = files.key_file;
  EXPECT_EQ(said(check_key("tls.key_file", tls)), "nothing");
  tls.key_file = test::make_certificates(other_folder.path()).key_file;
  EXPECT_THAT(said(check_key("tls.key_file", tls)),
              AllOf(HasSubstr(tls.key_file), HasSubstr(tls.cert_file), HasSubstr("is not the key of")));
}

}  // namespace
}  // namespace dirsync::config
