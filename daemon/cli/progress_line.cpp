#include "daemon/cli/progress_line.hpp"

#include <unistd.h>

#include <cstdio>

#include "daemon/cli/layout.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/cli/short_text.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::seconds;

/// In a second; 0: too early to tell.
std::uint64_t rate_of(std::uint64_t number, milliseconds elapsed) {
  if (elapsed < seconds{1}) return 0;
  return number * 1000 / static_cast<std::uint64_t>(elapsed.count());
}

std::string rate_text(std::uint64_t rate) { return rate == 0 ? "" : ", " + grouped(rate) + "/s"; }

std::string time_left(Progress const& progress) {
  if (progress.done == 0 || progress.done >= progress.total || progress.elapsed < seconds{1}) return {};
  auto const each = static_cast<double>(progress.elapsed.count()) / static_cast<double>(progress.done);
  auto const left =
      static_cast<std::uint64_t>(each * static_cast<double>(progress.total - progress.done) / 1000);
  return left < 120 ? ", " + std::to_string(left) + " s left" : ", " + grouped(left / 60) + " min left";
}

}  // namespace

std::string progress_text(Progress const& progress) {
  if (progress.total > 0)
    return printable(progress.what) + ": " + grouped(progress.done) + " of " + grouped(progress.total) +
           rate_text(rate_of(progress.done, progress.elapsed)) + time_left(progress);
  std::uint64_t entries = 0;
  for (auto const& [directory, count] : progress.read) entries += count;
  if (entries == 0)
    return printable(progress.what) + ", " +
           std::to_string(duration_cast<seconds>(progress.elapsed).count()) + " s";
  auto const counts = join(progress.read, ", ", [](auto const& of) {
    return printable(of.first) + ": " + counted(of.second, "entry", "entries");
  });
  return "reading " + counts + rate_text(rate_of(entries, progress.elapsed));
}

void ProgressLine::set(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (what != what_) {
    what_ = what;
    begun_ = now_();
    read_before_ = read_;
  }
  done_ = done;
  total_ = total;
}

void ProgressLine::tick() {
  auto const now = now_();
  if (!enabled_ || what_.empty() || now - since_ < seconds{1}) return;
  Progress progress{what_, done_, total_, {}, duration_cast<milliseconds>(now - begun_)};
  for (auto const& [directory, count] : read_) {
    auto const before = read_before_.find(directory);
    auto const fresh = count - (before == read_before_.end() ? 0 : before->second);
    if (fresh > 0) progress.read.emplace(directory, fresh);
  }
  // A line that fills the last column makes some terminals begin a new one.
  auto const width = terminal_width(STDERR_FILENO);
  std::fprintf(stderr, "\r\033[K%s", cut_to(progress_text(progress), width > 1 ? width - 1 : 0).c_str());
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::hide() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

void ProgressLine::clear() {
  hide();
  what_.clear();
}

}  // namespace dirsync::cli
