#include "store/mark.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <sstream>

namespace dirsync::store {
namespace {
constexpr char kLayout[] = "dirsyncd-mark-1";
constexpr std::size_t kLongest = 256;  // bytes; a mark has fewer

std::optional<std::int64_t> number_in(std::string const& line) {
  std::int64_t number = 0;
  auto const* const end = line.data() + line.size();
  auto const [at, failed] = std::from_chars(line.data(), end, number);
  if (failed != std::errc{} || at != end || number < 0) return std::nullopt;
  return number;
}

std::optional<Mark> parse(std::string const& content) {
  std::istringstream lines{content};
  std::string layout, run, sequence, hash, more;
  std::getline(lines, layout);
  std::getline(lines, run);
  std::getline(lines, sequence);
  std::getline(lines, hash);
  auto const run_number = number_in(run), sequence_number = number_in(sequence);
  if (layout != kLayout || !run_number || !sequence_number || hash.size() != kNoHash.size() ||
      std::getline(lines, more))
    return std::nullopt;
  return Mark{RunId{*run_number}, {*sequence_number, hash}};
}

std::string in_words(Mark const& mark) {
  return "run " + std::to_string(mark.run.value()) + " and audit row " + std::to_string(mark.head.sequence);
}

std::string path_of(StateFolder const& folder) { return (folder.path() / kMarkFile).string(); }

/// What to do about a store that went back.
std::string remedy(std::string const& mark_path) {
  return ". Nothing was sent and no file was changed. Put the newer store back. "
         "Or let `dirsyncd recover` find out what was granted since. "
         "Or, if this one is to be used from now on although it does not know what was granted since, "
         "remove " +
         mark_path + " and run again: dirsyncd then writes a new one, with a warning and an audit row";
}
}  // namespace

Result<std::optional<Mark>> read_mark(StateFolder const& folder) {
  auto const there = folder.find(kMarkFile);
  if (!there) return there.error();
  if (!*there) return std::optional<Mark>{};
  auto const file = folder.open_file(kMarkFile, O_RDONLY);
  if (!file) return file.error();
  std::string content(kLongest, '\0');
  auto const size = ::read(file->number(), content.data(), content.size());
  content.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  if (auto const mark = parse(content)) return std::optional{*mark};
  return Error{StoreErrc::behind, path_of(folder) +
                                      ": cannot be understood, so nobody can tell whether the store is an "
                                      "older copy. Find out who changed the file" +
                                      remedy(path_of(folder))};
}

Mark mark_of(Database& database) {
  static constexpr char kRun[] = "SELECT coalesce(max(id), 0) FROM run";
  static constexpr char kHead[] = "SELECT sequence, hash FROM audit_head WHERE only = 1";
  auto run = database.query(kRun);
  run.step();
  auto head = database.query(kHead);
  // A head that is gone reads as that of an empty trail, as for everybody else who asks for it.
  if (!head.step()) return {RunId{run.integer(0)}, {0, kNoHash}};
  return {RunId{run.integer(0)}, {head.integer(0), head.text(1)}};
}

Result<void> write_mark(StateFolder const& folder, Mark const& mark) {
  return folder.replace_file(kMarkFile, std::string{kLayout} + "\n" + std::to_string(mark.run.value()) +
                                            "\n" + std::to_string(mark.head.sequence) + "\n" +
                                            mark.head.hash + "\n");
}

Result<void> check_mark(Database& database, Mark const& mark) {
  static constexpr char kHash[] = "SELECT hash FROM audit WHERE sequence = ?";
  return database.reading("cannot be compared with its mark", [&database, &mark]() -> Result<void> {
    auto const mark_path = (database.path().parent_path() / kMarkFile).string();
    auto const now = mark_of(database);
    if (now.run < mark.run || now.head.sequence < mark.head.sequence)
      return Error{StoreErrc::behind, database.path().string() + ": ends with " + in_words(now) + ", but " +
                                          mark_path + " says that it had come to " + in_words(mark) +
                                          ": an older copy, or another store, stands in its place" +
                                          remedy(mark_path)};
    if (mark.head.sequence == 0) return {};
    auto hash = database.query(kHash);
    if (hash.with(mark.head.sequence).step() && hash.text(0) == mark.head.hash) return {};
    return Error{StoreErrc::behind, database.path().string() + ": its audit row " +
                                        std::to_string(mark.head.sequence) + " is not the one that " +
                                        mark_path +
                                        " names: another store stands in its place, or one that went its own "
                                        "way from an older copy" +
                                        remedy(mark_path)};
  });
}

Error no_store_for(StateFolder const& folder, Mark const& mark) {
  return {StoreErrc::behind, (folder.path() / kDatabaseFile).string() + ": is not there or is empty, but " +
                                 path_of(folder) + " says that it had come to " + in_words(mark) +
                                 ": the store is lost" + remedy(path_of(folder))};
}

}  // namespace dirsync::store
