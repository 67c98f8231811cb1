#pragma once
#include <string>

#include "sync/http/request_event.hpp"

namespace dirsync::test {

/// "GET pvwa.example.com /API/Users attempt 1 status 200"
inline std::string in_words(http::RequestEvent const& event) {
  auto words = std::string{to_text(event.method)} + " " + std::string{event.host} + " " +
               std::string{event.route} + " attempt " + std::to_string(event.attempt);
  if (event.status) words += " status " + std::to_string(*event.status);
  if (event.error) words += " error " + event.error->message();
  return words;
}

}  // namespace dirsync::test
