#include "cli/scenario_arguments.hpp"

#include <algorithm>
#include <filesystem>

namespace socle::cli {
namespace {

std::string group_of(const std::string& section) {
  if (section == "model" || section == "training") return "Model and job";
  if (section.starts_with("cluster")) return "Cluster";
  if (section == "layout") return "Layout (what is left out is searched)";
  if (section == "limits") return "Limits";
  if (section == "cost") return "Cost";
  if (section == "serving") return "Serving";
  if (section == "requests") return "Requests";
  if (section == "risk") return "Failures, checkpoints, recovery";
  return section == "traffic" ? "Traffic" : "Network";
}

std::string help_of(const scenario::KeyFacts& key) {
  std::string help = key.help;
  for (std::size_t i = 0; i < key.choices.size(); ++i) help += (i == 0 ? " (" : ", ") + key.choices[i];
  return key.choices.empty() ? help : help + ")";
}

bool of_network(const scenario::KeyFacts& key) { return key.section.starts_with("fabric") || key.section == "traffic"; }

/// A path on the command line is meant from the current folder, one in a scenario from the scenario's.
std::string from_here(const std::string& scenario, const std::string& path) {
  const bool elsewhere = scenario.find('/') != std::string::npos;
  return elsewhere && !path.empty() ? std::filesystem::absolute(path).string() : path;
}

bool serves(scenario::Question question) {
  return question == scenario::Question::kServeFit || question == scenario::Question::kServe ||
         question == scenario::Question::kServeEmit;
}

/// Is the key among the first that --help of this question shows? A network is what a simulation or a design is about;
/// a training job rarely states one, and the steps of a job are an aside to a network.
bool shown_first(const scenario::KeyFacts& key, scenario::Question question) {
  const bool asks_network = question == scenario::Question::kSimulate || question == scenario::Question::kDesign;
  if (question == scenario::Question::kCost)
    return key.section == "cost" ? key.common
                                 : key.flag == "--cluster" || key.flag == "--rent" || key.flag == "--price";
  if (serves(question))
    return key.section == "serving" || key.section == "requests"
               ? key.common
               : key.flag == "--model" || key.flag == "--config" || key.flag == "--chip";
  if (question == scenario::Question::kRisk)
    return key.common &&
           (key.section == "risk" || key.section == "cluster" || key.flag == "--model" || key.flag == "--tokens");
  if (!asks_network) return key.common && (!of_network(key) || key.name == "network");
  return key.common && (of_network(key) || key.section.starts_with("cluster") || key.flag == "--model");
}

}  // namespace

std::vector<Option> scenario_options(scenario::Question question) {
  const bool asks_network = question == scenario::Question::kSimulate || question == scenario::Question::kDesign;
  std::vector<const scenario::KeyFacts*> keys;
  for (const scenario::KeyFacts& key : api::key_facts()) {
    if (!key.flag.empty() && key.questions.has(question)) keys.push_back(&key);
  }
  if (asks_network) std::stable_partition(keys.begin(), keys.end(), [](const auto* key) { return of_network(*key); });
  std::vector<Option> options;
  options.reserve(keys.size());
  for (const scenario::KeyFacts* key : keys) {
    options.push_back({key->flag, key->value, help_of(*key), group_of(key->section), shown_first(*key, question),
                       key->other_flags, key->choices});
  }
  return options;
}

std::vector<Option> common_options() { return {json_option(), threads_option(), catalog_option()}; }

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
  // `--model config.json` of a served model is a file, as `socle model show` takes it.
  const auto named = request.flags.find("--model");
  if (serves(question) && named != request.flags.end() && names_file(named->second)) {
    if (request.flags.contains("--config"))
      throw InputError(Problem{{}, 0, 0, "--model", "--model names a file, and --config is given; write one of them"});
    request.flags["--config"] = named->second;
    request.flags.erase("--model");
  }
  for (const char* flag : {"--config", "--fabric-file", "--topology-file", "--traffic-file", "--trace"}) {
    const auto path = request.flags.find(flag);
    if (path != request.flags.end()) path->second = from_here(request.scenario_name, path->second);
  }
  for (const char* flag : {"--input", "--output"}) {  // lengths, or a file of them
    const auto lengths = request.flags.find(flag);
    if (lengths != request.flags.end() && api::names_length_file(lengths->second))
      lengths->second = from_here(request.scenario_name, lengths->second);
  }
  request.read_file = files.beside(request.scenario_name);
  request.open_file = files.opened_beside(request.scenario_name);
  return request;
}

}  // namespace socle::cli
