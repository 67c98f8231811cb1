#include "tests/unit/include_rules/rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace dirsync::test {
namespace {

/// The arrows: who may include whom. Every module may include sync/model/ and itself.
std::map<std::string, std::set<std::string>> const kArrows{
    {"sync/model", {}},
    {"sync/ports", {}},
    {"sync/http", {}},
    {"sync/plan", {}},
    {"ldap", {"sync/ports"}},
    {"store", {"sync/ports"}},
    {"sync/rest", {"sync/http"}},
    {"sync/vault", {"sync/ports", "sync/rest", "sync/http"}},
    {"sync/console", {"sync/ports", "sync/rest", "sync/http"}},
    {"sync/engine", {"sync/ports", "sync/plan"}},
    {"daemon",
     {"ldap", "store", "sync/vault", "sync/console", "sync/engine", "sync/ports", "sync/http", "sync/plan"}},
};

/// A library's headers, and the only place that may see them.
struct Library {
  std::string include;               // beginning of the name in the #include line
  std::vector<std::string> seen_by;  // beginnings of paths
};
std::vector<Library> const kLibraries{
    {"<ldap", {"ldap/"}},
    {"<lber", {"ldap/"}},
    {"<openldap", {"ldap/"}},
    {"<sasl/", {"ldap/"}},
    {"<gssapi/", {"ldap/"}},
    {"<krb5", {"ldap/"}},
    {"<ares", {"ldap/"}},
    {"<curl/", {"sync/http/"}},
    {"<SQLiteCpp/", {"store/"}},
    {"<sqlite3", {"store/"}},
    {"<boost/beast", {"daemon/control/"}},
    {"<toml++/", {"daemon/config/"}},
    {"<CLI/", {"daemon/cli/arguments.cpp", "daemon/cli/arguments_of_"}},
    {"<spdlog/", {"daemon/log.cpp"}},
    {"<systemd/", {"daemon/"}},
};

/// What the pure modules do without: sockets, files, logs, an event loop.
std::vector<std::string> const kPureModules{"sync/model/", "sync/plan/"};
std::vector<std::string> const kImpure{"<sys/",    "<unistd",   "<fcntl",    "<poll",       "<netdb",
                                       "<arpa/",   "<netinet/", "<fstream>", "<iostream>",  "<filesystem>",
                                       "<thread>", "<mutex>",   "<future>",  "<boost/asio", "<spdlog/"};

bool begins_with_any(std::string const& text, std::vector<std::string> const& beginnings) {
  return std::ranges::any_of(beginnings,
                             [&text](auto const& beginning) { return text.starts_with(beginning); });
}

/// "sync/vault" for "sync/vault/reader.cpp", "ldap" for "ldap/search/search.hpp".
std::string module_of(std::string const& path) {
  auto const first = path.find('/');
  if (first == std::string::npos) return "";
  if (path.substr(0, first) != "sync") return path.substr(0, first);
  return path.substr(0, path.find('/', first + 1));
}

class Checker {
 public:
  explicit Checker(Sources const& sources) : sources_(sources) {}

  std::vector<std::string> run() {
    for (auto const& [path, includes] : sources_) {
      for (auto const& include : includes) check_direct(path, include);
      check_libraries_seen_through_headers(path);
    }
    return std::move(found_);
  }

 private:
  void report(std::string const& path, std::string const& include, std::string const& why) {
    found_.push_back(path + " includes " + include + ": " + why);
  }

  void check_direct(std::string const& path, std::string const& include) {
    if (include.front() == '<') {
      if (begins_with_any(path, kPureModules) && begins_with_any(include, kImpure))
        report(path, include, "this module knows no sockets, files, threads or logs");
      return;
    }
    auto const from = module_of(path);
    auto const to = module_of(include.substr(1));
    if (!kArrows.contains(to)) return report(path, include, "not a path from the root to a module");
    if (to != from && to != "sync/model" && !kArrows.at(from).contains(to))
      report(path, include, "no arrow from " + from + "/ to " + to + "/");
  }

  /// A library counts as seen also when a header of another module drags it in.
  void check_libraries_seen_through_headers(std::string const& path) {
    std::set<std::string> reached;
    reach(path, reached);
    for (auto const& include : reached)
      for (auto const& library : kLibraries)
        if (include.starts_with(library.include) && !begins_with_any(path, library.seen_by))
          report(path, include,
                 "only " + library.seen_by.front() + " may see it, directly or through a header");
  }

  void reach(std::string const& path, std::set<std::string>& reached) const {
    auto const found = sources_.find(path);
    if (found == sources_.end()) return;
    for (auto const& include : found->second)
      if (reached.insert(include).second && include.front() == '"')
        reach(include.substr(1, include.size() - 2), reached);
  }

  Sources const& sources_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> includes_of(std::string const& text) {
  static std::regex const pattern{R"(^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+"))"};
  std::vector<std::string> found;
  std::istringstream lines{text};
  std::smatch match;
  for (std::string line; std::getline(lines, line);)
    if (line.find('#') != std::string::npos && std::regex_search(line, match, pattern))
      found.push_back(match[1]);
  return found;
}

Sources read_sources(std::string const& root) {
  Sources sources;
  for (auto const* folder : {"daemon", "ldap", "store", "sync"})
    for (auto const& entry :
         std::filesystem::recursive_directory_iterator{std::filesystem::path{root} / folder}) {
      auto const extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ostringstream text;
      text << std::ifstream{entry.path()}.rdbuf();
      sources[std::filesystem::relative(entry.path(), root).string()] = includes_of(text.str());
    }
  return sources;
}

std::vector<std::string> violations(Sources const& sources) { return Checker{sources}.run(); }

}  // namespace dirsync::test
