#include "tests/faults/matrix.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/golden.hpp"

namespace dirsync::test {
namespace {

constexpr char kPage[] = "docs/fault-matrix.md";

std::string table(std::vector<Row> const& rows) {
  std::string text =
      "\n| Fault | Target | Expected | Observed | Wrong removals | Wrong additions | Forgotten revocations "
      "|\n"
      "|---|---|---|---|---|---|---|\n";
  for (auto const& row : rows)
    text += "| " + row.fault + " | " + title_of(row.side) + " | " + row.expected + " | " + row.observed +
            " | " + std::to_string(row.wrong_removals) + " | " + std::to_string(row.wrong_additions) + " | " +
            std::to_string(row.forgotten) + " |\n";
  return text;
}

/// Throws std::runtime_error without the section. Where the section's own text begins, behind its heading,
/// and where it ends.
std::pair<std::size_t, std::size_t> place(std::string const& page, std::string const& section) {
  auto const heading = "\n## " + section + "\n";
  auto const at = page.find(heading);
  if (at == std::string::npos) throw std::runtime_error{std::string{kPage} + " has no section " + section};
  auto const begin = at + heading.size();
  return {begin, std::min(page.find("\n## ", begin), page.size())};
}

/// Tests of several sections may write at the same time.
class PageLock {
 public:
  PageLock() : file_(::open(DIRSYNC_SOURCE_DIR "/docs/fault-matrix.md", O_RDWR | O_CLOEXEC)) {
    ::flock(file_, LOCK_EX);
  }
  ~PageLock() { ::close(file_); }
  PageLock(PageLock const&) = delete;
  PageLock& operator=(PageLock const&) = delete;

 private:
  int file_;
};

}  // namespace

void expect_section(std::string const& section, std::vector<Row> const& rows) {
  PageLock const lock;
  auto page = source_file(kPage);
  auto const [begin, end] = place(page, section);
  if (std::getenv("DIRSYNC_UPDATE_GOLDEN") != nullptr) {
    page.replace(begin, end - begin, table(rows));
    std::ofstream{DIRSYNC_SOURCE_DIR "/docs/fault-matrix.md"} << page;
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), table(rows))
      << "if this is meant: DIRSYNC_UPDATE_GOLDEN=1, then review the difference";
}

}  // namespace dirsync::test
