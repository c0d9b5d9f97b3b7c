#include "socle/api/compare.hpp"

#include <utility>

#include "socle/report/compare/compare_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

CompareAnswer compare(const catalog::Catalog& catalog, const Request& request, const CompareQuestion& question,
                      const answer::CompareOptions& options, Progress* progress) {
  Progress unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kCompare);
  const auto config = setup::config_text(scenario, request.read_file);
  setup::CompareSetup setup = setup::set_up_compare(catalog, scenario, question, config);
  std::string flags = "--count " + std::to_string(question.count) + "\n";
  for (const std::string& chip : question.chips) flags += "--chips " + chip + "\n";
  std::vector<report::InputText> inputs{{"flags", report::content_hash(flags + text_of(request.flags))}};
  if (!request.scenario_name.empty())
    inputs.push_back({request.scenario_name, report::content_hash(request.scenario_text)});
  return {answer::compare(std::move(setup), options, progress ? *progress : unwatched), std::move(inputs)};
}

std::string text(const CompareAnswer& answer) { return report::compare_text(answer.result); }
std::string json(const CompareAnswer& answer) {
  return report::compare_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
