#include "socle/api/validate_report.hpp"

#include <array>
#include <utility>

#include "socle/api/validate_collectives.hpp"
#include "socle/api/validate_training.hpp"
#include "socle/base/error.hpp"
#include "socle/report/provenance.hpp"

namespace socle::api {
namespace {

/// What a kind answers: its report, its figures for machines, one line per case and metric.
struct KindAnswer {
  std::string text;
  Json json;
  std::string rows_csv;
};

template <typename Validation>
KindAnswer answer_of(const Validation& validation) {
  return {validation_text(validation), validation_json(validation), validation_rows_csv(validation.rows)};
}

struct Kind {
  std::string_view name;
  const char* cases;
  KindAnswer (*validate)(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads);
};
constexpr std::array<Kind, 2> kKinds = {{
    {"training", "validation/training.csv",
     [](const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads) { return answer_of(validate_training(catalog, cases, threads)); }},
    {"collectives", "validation/collectives.csv",
     [](const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads) { return answer_of(validate_collectives(catalog, cases, threads)); }},
}};

const Kind& kind_of(std::string_view name) {
  std::string known;
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return kind;
    known += known.empty() ? "" : ", ";
    known += kind.name;
  }
  throw InputError(Problem{{}, 0, 0, {}, "socle validate knows: " + known});
}

}  // namespace

void check_validation_kind(std::string_view kind) { kind_of(kind); }

const char* default_cases(std::string_view kind) { return kind_of(kind).cases; }

ValidationAnswer validate(const catalog::Catalog& catalog, const ValidationRequest& request) {
  const KindAnswer answer = kind_of(request.kind).validate(catalog, parse_csv(request.csv, request.source_name), request.threads);
  if (!request.json) return {answer.text, answer.rows_csv};
  Json json = Json::object();
  json.set("schema", "socle.validate/1");
  json.set("provenance", report::provenance("validate " + request.kind, {{request.source_name, request.csv}}));
  for (const auto& [key, value] : answer.json.as_object()) json.set(key, value);
  return {json.dump() + "\n", answer.rows_csv};
}

}  // namespace socle::api
