#pragma once
// Shared by the sources of class Store. Inside this folder only.
#include "store/sql.hpp"
#include "store/store.hpp"

namespace dirsync::store {

template <class Body>
std::invoke_result_t<Body> Store::write(char const* what, Body&& body) {
  if (options_.mode == Options::Mode::read_only)
    return Error{StoreErrc::read_only,
                 database_->path().string() + ": " + what + ": opened for reading alone"};
  return database_->transaction(what, body);
}

/// Sets sequence, previous and hash, and adds the row, whose sequence it gives. Within a write transaction.
std::int64_t append_row(Database& database, AuditRow row);

}  // namespace dirsync::store
