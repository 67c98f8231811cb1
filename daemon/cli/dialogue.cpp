#include "daemon/cli/dialogue.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "daemon/cli/put_off_ending.hpp"
#include "daemon/cli/screen.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

void put_question(std::string const& why, std::string const& what, std::string const& otherwise) {
  show(stderr, "\n" + why + "\n" + what + (otherwise.empty() ? "" : " [" + otherwise + "]") + ": ");
}

constexpr char kInterrupt = 3;  // Ctrl-C, where it sends no signal

/// Byte by byte, so that nothing of a secret stays in a buffer of the library. Before each, `wait` tells
/// whether one may be read; false ends the input.
template <class Wait>
std::optional<std::string> read_line(Wait wait) {
  std::string line;
  for (;;) {
    if (!wait()) return std::nullopt;
    char letter = 0;
    auto const count = ::read(STDIN_FILENO, &letter, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return line.empty() ? std::nullopt : std::optional{line};
    if (letter == kInterrupt) return std::nullopt;
    if (letter == '\n') return line;
    line.push_back(letter);
  }
}

std::optional<std::string> read_line() {
  return read_line([] { return true; });
}

/// While it lives, what is typed is not shown. A signal by a key would end the process in between and leave
/// the terminal silent, so keys send none.
class Unseen {
 public:
  Unseen() : is_set_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    silent.c_lflag |= ECHONL;
    silent.c_cc[VEOL] = kInterrupt;  // at once, not with the next Enter
    is_set_ = is_set_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  Unseen(Unseen const&) = delete;
  Unseen& operator=(Unseen const&) = delete;
  ~Unseen() {
    if (is_set_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  bool is_set() const { return is_set_; }

 private:
  termios before_{};
  bool is_set_;
};

}  // namespace

std::optional<std::string> ask(std::string const& why, std::string const& what,
                               std::string const& otherwise) {
  put_question(why, what, otherwise);
  auto const line = read_line();
  if (!line) return std::nullopt;
  std::string const answer{trimmed(*line)};
  return answer.empty() ? otherwise : answer;
}

std::optional<std::string> ask_until(AnswerCheck const& check, std::string const& why,
                                     std::string const& what, std::string const& otherwise) {
  for (;;) {
    auto answer = ask(why, what, otherwise);
    if (!answer) return answer;
    if (answer->empty()) continue;
    auto const fits = check(*answer);
    if (fits) return answer;
    show(stderr, "That cannot be used: " + fits.error().context + "\n");
  }
}

std::optional<bool> ask_whether(std::string const& why, std::string const& what, bool otherwise) {
  for (;;) {
    auto const answer = ask(why, what, otherwise ? "yes" : "no");
    if (!answer) return std::nullopt;
    auto const folded = ascii_lower(*answer);
    if (folded == "y" || folded == "yes") return true;
    if (folded == "n" || folded == "no") return false;
  }
}

std::optional<Secret> ask_secret(std::string const& why, std::string const& what) {
  PutOffEnding const ending;  // ends after `unseen`
  Unseen const unseen;
  if (!unseen.is_set()) return std::nullopt;
  for (;;) {
    put_question(why, what, "");
    auto line = read_line([&ending] { return ending.wait_for_a_key(); });
    if (!line) {
      show(stderr, "\n");
      return std::nullopt;
    }
    if (!line->empty()) return Secret{std::move(*line)};
  }
}

}  // namespace dirsync::cli
