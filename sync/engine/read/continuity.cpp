#include "sync/engine/read/continuity.hpp"

#include <set>
#include <utility>

#include "sync/engine/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

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

/// Of the figures that may fall by `percent`.
bool fell_too_far(std::int64_t before, std::int64_t now, double percent, std::int64_t at_least) {
  auto const fall = before - now;
  auto const too_steep = static_cast<double>(fall) * 100 > percent * static_cast<double>(before);
  return fall > at_least && (too_steep || now == 0);
}

/// What shows nothing at all is doubted however little there was.
bool is_inside(BandFigure const& figure, std::int64_t at_least) {
  if (!figure.before || *figure.before == 0) return true;
  return figure.after > 0 && !fell_too_far(*figure.before, figure.after, figure.percent, at_least);
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

/// None: the attribute did not decide then, or nobody counted.
std::optional<std::int64_t> last_of(LastRead const& last, std::string const& attribute) {
  if (!last.counts) return std::nullopt;
  auto const found = last.counts->attributes.find(attribute);
  return found == last.counts->attributes.end() ? std::nullopt : std::optional{found->second};
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
    if (outside || is_inside(figure, directory.policy.band.at_least)) continue;
    outside =
        Error{EngineErrc::band,
              "band: directory " + directory.name + " gave " + std::to_string(figure.after) + " " +
                  figure.what + ", the last accepted read " + std::to_string(*figure.before) +
                  "; nothing is taken from this read. Look at the server's limits and access "
                  "rules, and at what was changed in the directory's bases, filters and "
                  "groups.classes; if the change is real, accept it once with `dirsyncd sync --accept-band`"};
  }
  auto detail = in_words(certificate.band) + (last.counts ? "" : "; first read");
  return settle(certificate, "band", std::move(detail), std::move(outside), accepted_by);
}

Result<void> compare_attributes(SourceDirectory const& directory, LastRead const& last,
                                std::string const& accepted_by, Certificate& certificate) {
  auto const& now = certificate.deciding_attributes;
  if (now.empty()) return {};
  std::vector<std::string> figures;
  std::optional<Error> outside;
  for (auto const& [attribute, entries] : now) {
    auto const before = last_of(last, attribute);
    auto const shown = std::to_string(entries);
    figures.push_back(attribute + " " + shown + (before ? " after " + std::to_string(*before) : ""));
    auto const& band = directory.policy.band;
    if (outside || !before || !fell_too_far(*before, entries, band.users, band.at_least)) continue;
    outside = Error{EngineErrc::attributes,
                    "attributes: directory " + directory.name + " showed " + attribute + " of " + shown +
                        " people, the last accepted read of " + std::to_string(*before) +
                        "; it decides about people, so that nothing is taken from this read. Look at the "
                        "server's access rules and at the bind DN's rights; if the change is real, accept it "
                        "once with `dirsyncd sync --accept-band`"};
  }
  return settle(certificate, "attributes", "people who show " + join(figures, ", "), std::move(outside),
                accepted_by);
}

Result<void> compare_referrals(SourceDirectory const& directory, LastRead const& last,
                               std::string const& accepted_by, Certificate& certificate) {
  auto const now = certificate.ignored_referrals;
  std::optional<std::int64_t> before;
  if (last.counts) before = last.counts->ignored_referrals;
  if (now == 0 && before.value_or(0) == 0) return {};
  auto detail = std::to_string(now) + (before ? " after " + std::to_string(*before) : "; first read");
  std::optional<Error> more;
  if (before && now > *before)
    more = Error{EngineErrc::ignored_referrals,
                 "ignored-referrals: directory " + directory.name + " referred to " + std::to_string(now) +
                     " parts on other servers, at the last accepted read to " + std::to_string(*before) +
                     "; what was read here may be there now, so that nothing is taken from this read. Follow "
                     "the new one (referrals = \"follow\") or name narrower bases; if nothing of it is "
                     "needed, accept it once with `dirsyncd sync --accept-band`"};
  return settle(certificate, "ignored-referrals", std::move(detail), std::move(more), accepted_by);
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

Result<void> require_few_damaged(SourceDirectory const& directory, Snapshot const& now,
                                 std::string const& accepted_by, Certificate& certificate) {
  if (now.damages().empty()) return {};
  std::set<std::uint32_t> people, groups;
  for (auto const& damage : now.damages())
    (damage.of == Damage::Of::person ? people : groups).insert(damage.number);
  auto const& band = directory.policy.band;
  auto detail = std::to_string(people.size()) + " of " + std::to_string(now.people().size()) +
                " people and " + std::to_string(groups.size()) + " of " +
                std::to_string(now.groups().size()) + " groups are damaged";
  std::optional<Error> error;
  if (are_too_many(people.size(), now.people().size(), band.users, band.at_least) ||
      are_too_many(groups.size(), now.groups().size(), band.groups, band.at_least))
    error = Error{
        EngineErrc::damaged,
        "damaged: directory " + directory.name + ": " + detail + ", the first \"" +
            printable(entry_of(now, now.damages().front()).dn) + "\", which " + now.damages().front().what +
            "; nothing is taken from this read. Look for a proxy in between and for an import that went "
            "wrong; if the rest is to be used, accept it once with `dirsyncd sync --accept-band`"};
  return settle(certificate, "damaged-band", std::move(detail), std::move(error), accepted_by);
}

bool is_other_server(LastRead const& last, ChangeNumbers const& now) {
  return !last.source.empty() && !now.source.empty() && last.source != now.source;
}

ReadCounts counts_of(Snapshot const& snapshot) {
  auto const& certificate = snapshot.certificate();
  return {.groups = static_cast<std::int64_t>(snapshot.groups().size()),
          .people = static_cast<std::int64_t>(snapshot.people().size()),
          .values = static_cast<std::int64_t>(snapshot.value_count()),
          .attributes = certificate.deciding_attributes,
          .ignored_referrals = certificate.ignored_referrals};
}

Result<void> compare_with_last(SourceDirectory const& directory, LastRead const& last, Snapshot const& now,
                               std::string const& accepted_by, Certificate& certificate) {
  auto const inside = compare_counts(directory, last, now, accepted_by, certificate);
  auto const shown = compare_attributes(directory, last, accepted_by, certificate);
  auto const here = compare_referrals(directory, last, accepted_by, certificate);
  auto const forward = compare_change_numbers(directory, last, accepted_by, certificate);
  for (auto const& verdict : {inside, shown, here})
    if (!verdict) return verdict;
  return forward;
}

}  // namespace dirsync::engine
