#include "sync/engine/read/continuity.hpp"

#include <cstdlib>

#include "sync/engine/errors.hpp"
#include "sync/model/join.hpp"

namespace dirsync::engine {
namespace {

std::vector<BandFigure> figures_of(Band const& band, std::optional<ReadCounts> const& last,
                                   ReadCounts const& now) {
  auto const figure = [&last, &now](char const* what, std::int64_t ReadCounts::*count, double percent) {
    return BandFigure{.what = what,
                      .before = last ? std::optional{(*last).*count} : std::nullopt,
                      .after = now.*count,
                      .percent = percent};
  };
  return {figure("groups", &ReadCounts::groups, band.groups),
          figure("people", &ReadCounts::people, band.users),
          figure("member values", &ReadCounts::values, band.values)};
}

bool is_inside(BandFigure const& figure) {
  if (!figure.before) return true;
  auto const moved = std::abs(figure.after - *figure.before);
  auto const vanished = *figure.before > 0 && figure.after == 0;
  auto const small = static_cast<double>(moved) * 100 <= figure.percent * static_cast<double>(*figure.before);
  return !vanished && (small || moved <= kBandFloor);
}

std::string percent_text(double percent) {
  auto text = std::to_string(percent);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string in_words(std::vector<BandFigure> const& figures) {
  return join(figures, ", ", [](BandFigure const& figure) {
    auto words = figure.what + " " + std::to_string(figure.after);
    if (figure.before)
      words += " after " + std::to_string(*figure.before) + " (band " + percent_text(figure.percent) + " %)";
    return words;
  });
}

/// The clause, and the error when it does not hold.
Result<void> settle(Certificate& certificate, char const* name, std::string detail,
                    std::optional<Error> error, std::string const& accepted_by) {
  if (error && !accepted_by.empty()) {
    detail += "; accepted by " + accepted_by;
    error.reset();
  }
  certificate.clauses.push_back({name, !error, std::move(detail)});
  if (error) return *error;
  return {};
}

Result<void> compare_counts(SourceDirectory const& directory, LastRead const& last, Snapshot const& now,
                            std::string const& accepted_by, Certificate& certificate) {
  certificate.band = figures_of(directory.policy.band, last.counts, counts_of(now));
  std::optional<Error> outside;
  for (auto const& figure : certificate.band) {
    if (outside || is_inside(figure)) continue;
    outside = Error{EngineErrc::band,
                    "band: directory " + directory.name + " gave " + std::to_string(figure.after) + " " +
                        figure.what + ", the last accepted read " + std::to_string(*figure.before) +
                        "; nothing is taken from this read. Look at the server's limits and access "
                        "rules; if the change is real, accept it once with `dirsyncd sync --accept-band`"};
  }
  auto detail = in_words(certificate.band) + (last.counts ? "" : "; first read");
  return settle(certificate, "band", std::move(detail), std::move(outside), accepted_by);
}

Result<void> compare_change_numbers(SourceDirectory const& directory, LastRead const& last,
                                    std::string const& accepted_by, Certificate& certificate) {
  auto const& now = certificate.change_numbers;
  if (now.source.empty())
    return settle(certificate, "change-number", "not offered by this server", std::nullopt, accepted_by);
  auto detail = dirsync::in_words(now);
  if (is_other_server(last, now))
    detail += "; another server than the last time, so that who left is removed by a later read";
  if (last.change_numbers.values.empty())
    return settle(certificate, "change-number", detail + "; first read of it", std::nullopt, accepted_by);
  auto const back = went_back(last.change_numbers, now);
  if (back.empty())
    return settle(certificate, "change-number", detail + "; did not go back", std::nullopt, accepted_by);
  Error error{
      EngineErrc::change_number,
      "change-number: directory " + directory.name + ", server " + certificate.server +
          ": its change number went back (" + back +
          "): a backup was restored, or this server lags behind the one read before; nothing is taken "
          "from this read. Wait for replication or mend the server; if it was restored on purpose, "
          "accept it once with `dirsyncd sync --accept-band`"};
  return settle(certificate, "change-number", detail + "; went back: " + back, std::move(error), accepted_by);
}

}  // namespace

bool is_other_server(LastRead const& last, ChangeNumbers const& now) {
  return !last.source.empty() && !now.source.empty() && last.source != now.source;
}

ReadCounts counts_of(Snapshot const& snapshot) {
  return {static_cast<std::int64_t>(snapshot.groups().size()),
          static_cast<std::int64_t>(snapshot.people().size()),
          static_cast<std::int64_t>(snapshot.value_count())};
}

Result<void> compare_with_last(SourceDirectory const& directory, LastRead const& last, Snapshot const& now,
                               std::string const& accepted_by, Certificate& certificate) {
  auto const inside = compare_counts(directory, last, now, accepted_by, certificate);
  auto const forward = compare_change_numbers(directory, last, accepted_by, certificate);
  return inside ? forward : inside;
}

}  // namespace dirsync::engine
