#include <boost/json.hpp>

#include "sync/engine/report.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::engine {
namespace json = boost::json;
namespace {

json::array band_value(std::vector<BandFigure> const& figures) {
  json::array values;
  for (auto const& figure : figures)
    values.push_back({{"what", figure.what},
                      {"before", figure.before ? json::value(*figure.before) : json::value{}},
                      {"after", figure.after},
                      {"percent", figure.percent}});
  return values;
}

json::value change_numbers_value(ChangeNumbers const& numbers) {
  if (numbers.source.empty()) return nullptr;
  json::object values;
  for (auto const& [origin, value] : numbers.values) values[origin] = value;
  return {{"source", numbers.source}, {"values", std::move(values)}};
}

json::object certificate_value(Certificate const& certificate) {
  json::array clauses;
  for (auto const& clause : certificate.clauses)
    clauses.push_back({{"name", clause.name}, {"holds", clause.holds}, {"detail", clause.detail}});
  auto const* const failing = certificate.failing();
  return {{"server", certificate.server},
          {"complete", certificate.complete()},
          {"failing", failing != nullptr ? json::value(failing->name) : json::value{}},
          {"searches", certificate.searches},
          {"pages", certificate.pages},
          {"entries", certificate.entries},
          {"values", certificate.values},
          {"band", band_value(certificate.band)},
          {"change_numbers", change_numbers_value(certificate.change_numbers)},
          {"clauses", std::move(clauses)}};
}

}  // namespace

std::string report_document(Report const& report) {
  json::object certificates, took;
  for (auto const& [side, certificate] : report.certificates)
    certificates[side] = certificate_value(certificate);
  for (auto const& [side, time] : report.took) took[side] = time.count();
  return json::serialize(json::object{{"plan", plan::plan_document(report.plan, report.run, report.outcomes)},
                                      {"certificates", std::move(certificates)},
                                      {"read_ms", std::move(took)},
                                      {"total_ms", report.total.count()},
                                      {"stopped", report.stopped}});
}

}  // namespace dirsync::engine
