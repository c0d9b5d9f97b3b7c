#include "socle/api/fit_stack.hpp"

#include <utility>

#include "socle/report/validate/fit_stack_report.hpp"

namespace socle::api {

FitStackAnswer fit_stack(const catalog::Catalog& catalog, const std::string& csv, const std::string& source_name,
                         const answer::FitStackQuestion& question, Progress* progress) {
  std::vector<report::InputText> inputs{{source_name, report::content_hash(csv)}};
  inputs.push_back({"question", report::content_hash("--fit-stack " + question.name + "\n--like " + question.like +
                                                     "\n--family " + question.family + "\n")});
  add_own_catalog(catalog, inputs);
  return {answer::fit_stack(catalog, parse_csv(csv, source_name), question, progress), std::move(inputs)};
}

std::string text(const FitStackAnswer& answer) { return report::fit_stack_text(answer.result); }
std::string json(const FitStackAnswer& answer) {
  return report::fit_stack_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
