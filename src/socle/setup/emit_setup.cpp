#include "socle/setup/emit_setup.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle::setup {
namespace {

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

LaunchTarget target_of(const std::string& word) {
  const std::vector<std::string>& names = launch_target_names();
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    refuse("target", fmt::format("{} \"{}\"; write one of {}{}",
                                 word.empty() ? "emit needs a target, not" : "there is nothing to emit for",
                                 printable(word), fmt::join(names, ", "), did_you_mean(word, names)));
  return static_cast<LaunchTarget>(found - names.begin());
}

/// The table of launch commands that a target means; empty: the engine's.
std::string family_of(LaunchTarget target) {
  switch (target) {
    case LaunchTarget::kVllm:
      return "vllm";
    case LaunchTarget::kSglang:
      return "sglang";
    case LaunchTarget::kTensorrtLlm:
      return "tensorrt-llm";
    case LaunchTarget::kKubernetes:
      break;
  }
  return {};
}

/// "0.19.1" of an engine asked for as "vllm-0.19.1"; "0.15.0" of a line that begins with 0.15.
std::string version_of(const std::string& asked, const catalog::Engine& engine) {
  const std::size_t from = asked.find_first_of("0123456789");
  std::string version = from == std::string::npos ? std::string() : asked.substr(from);
  if (version.find_first_not_of("0123456789.") != std::string::npos || version.find('.') == std::string::npos)
    version = engine.from;
  return std::count(version.begin(), version.end(), '.') == 1 ? version + ".0" : version;
}

std::string image_of(const catalog::LaunchTable& table, const catalog::Engine& engine, const std::string& version) {
  for (const catalog::LaunchImage& image : table.images) {
    if (image.family != engine.family) continue;
    return fmt::format("{}:{}{}", image.name, engine.family == "tensorrt-llm" ? "" : "v", version);
  }
  return {};
}

std::string model_of(const model::Transformer& model, const std::string& weights) {
  const std::string name = !weights.empty() ? weights : model.hf_id.empty() ? model.name : model.hf_id;
  if (name.empty() || escape_controls(name, "") != name)
    refuse("model", fmt::format("the model's name \"{}\" cannot stand in a command; give its config.json a name of "
                                "printable characters",
                                printable(name)));
  if (name.front() == '-')
    refuse("model", fmt::format("the model's name \"{}\" would be read as a flag; give it one that does not begin "
                                "with -",
                                printable(name)));
  return name;
}

}  // namespace

const std::vector<std::string>& launch_target_names() {
  static const std::vector<std::string> names{"vllm", "sglang", "trtllm", "k8s"};
  return names;
}

namespace {

/// What no flag of the engine says is said beside the command.
void note_scheduling(EmitSetup& setup) {
  const bool vllm = setup.table.family == "vllm", sglang = setup.table.family == "sglang";
  if (setup.order != "fcfs" && !(setup.order == "priority" && (vllm || sglang)))
    setup.notes.push_back(fmt::format("No flag of {} says scheduling_policy = {}: a gateway before it has to.",
                                      setup.serve.engine.name, setup.order));
  if (setup.max_waiting > 0 && !sglang)
    setup.notes.push_back(fmt::format("No flag of {} says max_waiting = {}: a gateway before it has to.",
                                      setup.serve.engine.name, setup.max_waiting));
}

void check_host_cache(EmitSetup& setup) {
  if (!(setup.kv_host > Bytes{})) return;
  if (!setup.prefix_caching)
    refuse("kv_host", "caches on the host keep what prefix caching finds; say --prefix-caching true, or leave it out");
  const std::string& from = setup.serve.engine.from;
  // --kv-offloading-size: from vLLM 0.11.1 on, as recalled.
  const bool vllm =
      setup.table.family == "vllm" && !from.starts_with("0.6") && !from.starts_with("0.8") && !from.starts_with("0.9");
  if (vllm || setup.table.family == "sglang") return;
  setup.notes.push_back(
      fmt::format("No flag of {} that is known keeps caches on the host: set kv_host by its settings or a connector.",
                  setup.serve.engine.name));
}

}  // namespace

EmitSetup set_up_emit(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config, const std::string& target, const std::string& weights) {
  EmitSetup setup;
  setup.target = target_of(target);
  const std::string family = family_of(setup.target);
  scenario::Scenario meant = scenario;
  const bool takes_family = scenario.serving.engine.empty() && !family.empty() && family != "vllm";
  if (takes_family) meant.serving.engine.text = family;
  setup.serve = set_up_serve(catalog, meant, config);
  const catalog::Engine& engine = setup.serve.engine;
  if (takes_family)
    setup.serve.assumptions.push_back(
        fmt::format("The engine's version is not stated: {}, the newest line of its kind.", engine.name));
  const std::vector<catalog::LaunchTable> tables = catalog::load_launch_tables(catalog);
  const catalog::LaunchTable* table = catalog::launch_table(tables, engine.family);
  if (table == nullptr)
    refuse("engine", fmt::format("no launch command is known of {}; name an engine of vllm, vllm-ascend, sglang or "
                                 "tensorrt-llm",
                                 engine.name));
  if (!family.empty() && table->family != family)
    refuse("engine", fmt::format("emit {} writes commands of {}, and the engine is {}, which is of {}; write emit {}, "
                                 "or name another engine",
                                 target, family, engine.slug, table->family,
                                 launch_target_names()[table->family == "vllm"     ? 0
                                                       : table->family == "sglang" ? 1
                                                                                   : 2]));
  setup.table = *table;
  setup.model = model_of(setup.serve.model, weights);
  setup.version = version_of(scenario.serving.engine.text, engine);
  setup.image = image_of(*table, engine, setup.version);
  setup.device = catalog::pod_device(catalog, setup.serve.chip.vendor);
  setup.replicas = scenario.serving.replicas.value_or(1);
  setup.prefix_caching = scenario.serving.prefix_caching.value_or(engine.prefix_caching);
  setup.drafts = scenario.serving.drafts.value_or(0);
  if (!scenario.serving.scheduling_policy.empty()) setup.order = scenario.serving.scheduling_policy;
  setup.max_waiting = scenario.serving.max_waiting.value_or(0);
  setup.prompt_wait = scenario.serving.prompt_wait_steps.value_or(0);
  note_scheduling(setup);
  setup.kv_host = scenario.serving.kv_host.value_or(Bytes{});
  check_host_cache(setup);
  if (setup.drafts > 0 && !setup.serve.prediction)
    refuse("drafts",
           "drafts are guessed by the model's own modules here: say --mtp true too, or leave --drafts out and "
           "write the flags of a draft model by hand");
  if (weights.empty() && setup.serve.model.hf_id.empty())
    setup.notes.push_back(
        fmt::format("\"{}\" stands for the path of the weights: no identifier of them is known.", setup.model));
  return setup;
}

}  // namespace socle::setup
