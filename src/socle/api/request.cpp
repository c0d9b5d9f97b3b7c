#include "socle/api/request.hpp"

namespace socle::api {

std::string text_of(const scenario::Flags& flags) {
  std::string text;
  for (const auto& [name, value] : flags) text += name + " " + value + "\n";
  return text;
}

std::vector<report::InputText> inputs_of(const Request& request, const scenario::Scenario& scenario,
                                         const std::optional<std::string>& config) {
  std::vector<report::InputText> inputs;
  if (!request.scenario_name.empty())
    inputs.push_back({request.scenario_name, report::content_hash(request.scenario_text)});
  if (!request.flags.empty()) inputs.push_back({"flags", report::content_hash(text_of(request.flags))});
  if (config) inputs.push_back({scenario.model.config.text, report::content_hash(*config)});
  return inputs;
}

std::vector<report::InputText> overlay_inputs(const catalog::Catalog& catalog) {
  const catalog::Catalog built_in;
  std::vector<report::InputText> inputs;
  for (const std::string& path : catalog.paths_under("")) {
    if (built_in.has(path) && built_in.text_of(path) == catalog.text_of(path)) continue;
    inputs.push_back({catalog.source_of(path), report::content_hash(catalog.text_of(path))});
  }
  return inputs;
}

}  // namespace socle::api
