#include "socle/api/compare.hpp"

#include <utility>

#include "socle/report/compare/compare_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {
namespace {

// What the command's own flags say, one a line.
std::string text_of(const CompareQuestion& question) {
  std::string text = question.count ? "--count " + std::to_string(*question.count) + "\n" : "";
  for (const std::string& chip : question.chips) text += "--chips " + chip + "\n";
  for (const auto& [flag, value] :
       {std::pair{"--day", question.day}, {"--match", question.match}, {"--assume", question.assume}}) {
    if (!value.empty()) text += std::string(flag) + " " + value + "\n";
  }
  return text;
}

// What stands in place of which fact.
std::string sentence(catalog::AssumedFact fact, const catalog::Catalog& catalog) {
  const catalog::Chip chip = catalog.chip(fact.chip);
  fact.chip = chip.slug;
  const std::string known = catalog::fact_text(chip, fact.key);
  return known.empty() ? "Supposed, not public: " + fact.text() + "."
                       : "Supposed in place of the catalogue's " + known + ": " + fact.text() + ".";
}

}  // namespace

CompareAnswer compare(const catalog::Catalog& catalog, const Request& request, const CompareQuestion& question,
                      const answer::CompareOptions& options, Progress* progress) {
  Progress unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kCompare);
  const auto config = setup::config_text(scenario, request.read_file);
  Progress& watched = progress ? *progress : unwatched;
  const std::vector<catalog::AssumedFact> assumed =
      question.assume.empty() ? std::vector<catalog::AssumedFact>() : catalog::parse_assumed_facts(question.assume);
  const catalog::Catalog known = assumed.empty() ? catalog : catalog.assuming(assumed);
  setup::CompareSetup setup = setup::set_up_compare(known, scenario, question, config);
  answer::CommonCount common;
  if (!question.count) {
    common = answer::smallest_common_count(setup, options.threads, watched);
    CompareQuestion counted = question;
    counted.count = common.count.value_or(setup.count);
    if (*counted.count != setup.count) setup = setup::set_up_compare(known, scenario, counted, config);
  }
  for (const catalog::AssumedFact& fact : assumed) setup.plan.assumptions.push_back(sentence(fact, catalog));
  Answer<answer::CompareResult> answer{answer::compare(std::move(setup), options, watched),
                                       inputs_of(request, scenario, config)};
  answer.result.count_found = common.count.has_value();
  if (!common.count) answer.result.count_sought = common.sought;
  add_own_catalog(known, answer.inputs);
  answer.inputs.push_back({"question", report::content_hash(text_of(question))});
  return answer;
}

std::string text(const CompareAnswer& answer) { return report::compare_text(answer.result); }
std::string json(const CompareAnswer& answer) {
  return report::compare_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
