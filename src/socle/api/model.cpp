#include "socle/api/model.hpp"

#include "socle/report/model/model_report.hpp"

namespace socle::api {

ModelShown show_model(const catalog::Catalog& catalog, const ModelQuestion& question) {
  return answer::show_model(catalog, question);
}

std::string text(const ModelShown& shown) { return report::model_text(shown); }

std::string json(const ModelShown& shown, const ModelQuestion& question) {
  std::string flags = "--sequence-length " + std::to_string(question.sequence) + "\n";
  for (const std::string& key : question.ignore_keys) flags += "--ignore-keys " + key + "\n";
  const std::string& name = question.name.empty() ? question.file : question.name;
  const std::string& text = question.name.empty() ? question.text : shown.source_text;
  std::vector<report::InputText> inputs{{"flags", report::content_hash(flags)}, {name, report::content_hash(text)}};
  if (!question.weights.empty()) inputs.push_back({question.weights, report::content_hash(question.weights_head)});
  return report::model_json(shown, inputs).dump() + "\n";
}

}  // namespace socle::api
