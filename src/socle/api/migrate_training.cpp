#include "socle/api/migrate_training.hpp"

#include <algorithm>

#include "socle/report/migrate/training_report.hpp"

namespace socle::api {
namespace {

template <typename Result>
Answer<Result> with_inputs(Result result, const catalog::Catalog& catalog, const std::vector<migrate::JobText>& texts) {
  Answer<Result> answer{std::move(result)};
  for (const migrate::JobText& text : texts) answer.inputs.push_back({text.name, report::content_hash(text.text)});
  add_own_catalog(catalog, answer.inputs);
  return answer;
}

}  // namespace

ArgumentsAnswer migrate_arguments(const catalog::Catalog& catalog, const answer::ArgumentsQuestion& question) {
  return with_inputs(answer::training_arguments(catalog, question), catalog, question.texts);
}
std::string text(const ArgumentsAnswer& answer) { return report::arguments_text(answer.result); }
std::string json(const ArgumentsAnswer& answer) {
  return report::arguments_json(answer.result, answer.inputs).dump() + "\n";
}

TrainingAnswer migrate_training(const catalog::Catalog& catalog, const answer::TrainingQuestion& question) {
  TrainingAnswer answer = with_inputs(answer::training_migration(catalog, question), catalog, question.texts);
  if (!question.rules_name.empty())
    answer.inputs.push_back({question.rules_name, report::content_hash(question.rules)});
  return answer;
}
std::string text(const TrainingAnswer& answer) { return report::training_text(answer.result); }
std::string json(const TrainingAnswer& answer) {
  return report::training_json(answer.result, answer.inputs).dump() + "\n";
}

bool holds(const TrainingAnswer& answer) {
  const auto& targets = answer.result.targets;
  return std::any_of(targets.begin(), targets.end(),
                     [](const answer::TrainingTarget& target) { return target.decision != migrate::Decision::kNoGo; });
}

}  // namespace socle::api
