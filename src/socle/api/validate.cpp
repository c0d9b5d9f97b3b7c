#include "socle/api/validate.hpp"

#include <algorithm>
#include <array>

#include "socle/report/validate/validate_report.hpp"

namespace socle::api {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"training", "collectives", "serving", "runs"};

}  // namespace

void check_validation_kind(std::string_view kind) {
  if (std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end()) return;
  std::string known;
  for (const std::string_view name : kKinds) known += (known.empty() ? "" : ", ") + std::string(name);
  throw InputError(Problem{{}, 0, 0, {}, "socle validate knows: " + known});
}

std::string default_cases(std::string_view kind) {
  return "validation/" + std::string(kind) + (kind == "runs" ? "" : ".csv");
}

ValidationAnswer validate(const catalog::Catalog& catalog, const ValidationRequest& request, Progress* progress) {
  check_validation_kind(request.kind);
  std::vector<report::InputText> inputs;
  if (request.kind == "runs") {
    for (const answer::RunFiles& run : request.runs)
      inputs.push_back({run.name, report::content_hash(run.meta + run.config + run.requests)});
    add_own_catalog(catalog, inputs);
    return {answer::validate_runs(catalog, request.runs, progress), std::move(inputs)};
  }
  const CsvTable cases = parse_csv(request.csv, request.source_name);
  inputs.push_back({request.source_name, report::content_hash(request.csv)});
  add_own_catalog(catalog, inputs);
  if (request.kind == "training")
    return {answer::validate_training(catalog, cases, request.threads, progress), std::move(inputs)};
  if (request.kind == "serving")
    return {answer::validate_serving(catalog, cases, request.threads, progress), std::move(inputs)};
  return {answer::validate_collectives(catalog, cases, request.threads, progress), std::move(inputs)};
}

std::string text(const ValidationAnswer& answer) {
  return std::visit([](const auto& validation) { return report::validation_text(validation); }, answer.result);
}

std::string json(const ValidationAnswer& answer) {
  return std::visit(
      [&](const auto& validation) { return report::validation_json(validation, answer.inputs).dump() + "\n"; },
      answer.result);
}

std::string rows_csv(const ValidationAnswer& answer) {
  return std::visit([](const auto& validation) { return report::validation_rows_csv(validation.rows); }, answer.result);
}

}  // namespace socle::api
