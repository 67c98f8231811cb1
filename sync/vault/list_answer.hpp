#pragma once
#include <string>
#include <string_view>

#include "sync/vault/answers.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/lists.hpp"
#include "sync/vault/requests.hpp"

namespace dirsync::vault {

/// Without it the service user sees no lists.
inline constexpr char kReadRight[] = "Audit users";

/// What the sink made of a 2xx answer. Nothing of a list is used unless all of it is there.
template <class Page>
Result<Page> finish(http::Response& response, std::string_view what) {
  auto* const sink = dynamic_cast<ListSink<Page>*>(response.sink.get());
  if (response.status != 200 || sink == nullptr) return error_of(response, what, kReadRight);
  if (auto page = sink->finish()) return *std::move(page);
  return Error{VaultErrc::bad_answer,
               std::string{what} + ": " + sink->problem() +
                   "; check that url leads to PVWA and that no proxy answers in its place or cuts answers"};
}

}  // namespace dirsync::vault
