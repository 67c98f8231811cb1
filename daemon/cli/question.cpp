#include "daemon/cli/question.hpp"

#include <iostream>

#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"

namespace dirsync::cli {

bool asks_first(Arguments const& arguments) {
  return !arguments.yes && !arguments.json && is_terminal(0) && is_terminal(2);
}

bool asks_yes(std::string const& question) {
  show(stderr, question + " [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace dirsync::cli
