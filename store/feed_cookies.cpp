#include "store/feed_cookies.hpp"

#include "store/store.hpp"

namespace dirsync::store {

void keep_feed_cookies(Database& database, RunRecord const& run, Time time) {
  static constexpr char kUpsert[] =
      "INSERT INTO feed_cookie (directory, kind, cookie, run, time) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
      "(directory) DO UPDATE SET kind = excluded.kind, cookie = excluded.cookie, run = excluded.run, "
      "time = excluded.time";
  for (auto const& [directory, cookie] : run.feed_cookies)
    database.query(kUpsert).with(directory, cookie.kind, Blob{cookie.cookie}, run.id, time).run();
}

Result<FeedCookies> Store::feed_cookies() {
  static constexpr char kSelect[] = "SELECT directory, kind, cookie FROM feed_cookie";
  return database_->attempt("where feeds go on cannot be read", [this]() -> Result<FeedCookies> {
    FeedCookies cookies;
    for (auto query = database_->query(kSelect); query.step();)
      cookies.insert_or_assign(query.text(0), FeedCookie{query.text(1), std::string{query.blob(2)}});
    return cookies;
  });
}

}  // namespace dirsync::store
