#include <boost/json.hpp>

#include "sync/engine/engine.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::engine {
namespace json = boost::json;
namespace {

json::object certificate_value(Certificate const& certificate) {
  json::array clauses;
  for (auto const& clause : certificate.clauses)
    clauses.push_back({{"name", clause.name}, {"holds", clause.holds}, {"detail", clause.detail}});
  return {{"server", certificate.server},     {"complete", certificate.complete()},
          {"searches", certificate.searches}, {"pages", certificate.pages},
          {"entries", certificate.entries},   {"values", certificate.values},
          {"clauses", std::move(clauses)}};
}

}  // namespace

std::string report_document(Report const& report) {
  json::object certificates, took;
  for (auto const& [side, certificate] : report.certificates)
    certificates[side] = certificate_value(certificate);
  for (auto const& [side, time] : report.took) took[side] = time.count();
  return json::serialize(json::object{{"plan", plan::plan_document(report.plan, report.run)},
                                      {"certificates", std::move(certificates)},
                                      {"read_ms", std::move(took)},
                                      {"total_ms", report.total.count()},
                                      {"stopped", report.stopped}});
}

}  // namespace dirsync::engine
