#include "cli/scenario_arguments.hpp"

namespace socle::cli {
namespace {

std::string group_of(const std::string& section) {
  if (section == "model" || section == "training") return "Model and job";
  if (section.starts_with("cluster")) return "Cluster";
  if (section == "layout") return "Layout (what is left out is searched)";
  if (section == "limits") return "Limits";
  return section == "traffic" ? "Traffic" : "Network";
}

std::string help_of(const scenario::KeyFacts& key) {
  std::string help = key.help;
  for (std::size_t i = 0; i < key.choices.size(); ++i) help += (i == 0 ? ": " : ", ") + key.choices[i];
  return help;
}

}  // namespace

std::vector<Option> scenario_options(scenario::Question question) {
  std::vector<Option> options;
  for (const scenario::KeyFacts& key : api::key_facts()) {
    if (key.flag.empty() || !key.questions.has(question)) continue;
    // A network is what a simulation or a design is about; a training job rarely states one.
    const bool aside = question != scenario::Question::kSimulate && question != scenario::Question::kDesign &&
                       key.section.starts_with("fabric") && key.name != "network";
    options.push_back(
        {key.flag, key.value, help_of(key), group_of(key.section), key.common && !aside, key.other_flags});
  }
  return options;
}

std::vector<Option> common_options() {
  return {{"--json", "", "Print one JSON document instead of tables"},
          {"--threads", "N", "Threads; default: all cores. The answer does not depend on it", "Output", false},
          {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
}

api::Request scenario_request(const Arguments& arguments, scenario::Question question, const Files& files) {
  api::Request request;
  if (!arguments.words.empty()) {
    request.scenario_name = arguments.words.front();
    if (request.scenario_name.empty())
      throw InputError(
          Problem{{}, 0, 0, {}, "the name of the scenario is empty; name a file, or leave it out and give flags"});
    request.scenario_text = files.read(request.scenario_name);
  }
  for (const scenario::KeyFacts& key : api::key_facts()) {
    if (!key.questions.has(question)) continue;
    if (const auto value = arguments.value(key.flag)) request.flags[key.flag] = *value;
    for (const std::string& other : key.other_flags) {
      if (const auto value = arguments.value(other)) request.flags[other] = *value;
    }
  }
  request.read_file = files.beside(request.scenario_name);
  return request;
}

}  // namespace socle::cli
