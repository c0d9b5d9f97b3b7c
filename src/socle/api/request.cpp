#include "socle/api/request.hpp"

#include <algorithm>

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

setup::FileReader noting(const setup::FileReader& read_file, std::vector<report::InputText>& inputs) {
  return [&read_file, &inputs](const std::string& path) {
    std::string text = read_file(path);
    const bool noted =
        std::any_of(inputs.begin(), inputs.end(), [&](const report::InputText& input) { return input.name == path; });
    if (!noted) inputs.push_back({path, report::content_hash(text)});
    return text;
  };
}

void add_own_catalog(const catalog::Catalog& catalog, std::vector<report::InputText>& inputs) {
  const std::string own = catalog.own_text();
  if (!own.empty()) inputs.push_back({"catalog", report::content_hash(own)});
}

}  // namespace socle::api
