#include "socle/api/scenario_file.hpp"

#include "socle/report/check/check_report.hpp"
#include "socle/scenario/template.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

std::vector<std::string> template_names() { return scenario::template_names(); }

std::string scenario_template(std::string_view name) { return scenario::scenario_template(name, setup::vocabulary()); }

answer::CheckResult check_scenario(const catalog::Catalog& catalog, const Request& request) {
  // Only flags depend on the question, and there are none.
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, {}, scenario::Question::kTrain);
  return answer::check_scenario(catalog, scenario, request.read_file);
}

std::string text(const answer::CheckResult& result) { return report::check_text(result); }
std::string json(const answer::CheckResult& result) { return report::check_json(result).dump() + "\n"; }

}  // namespace socle::api
