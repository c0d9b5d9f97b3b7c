#include "socle/answer/serve/emit.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::answer {
namespace {

using model::WeightFormat;

/// The same question with what was chosen said: its sizes, and a share of three decimals.
setup::ServeSetup as_written(const FitResult& first) {
  setup::ServeSetup setup = first.setup;
  setup.tensor_parallel = first.chosen.layout.tensor_parallel;
  setup.pipeline_parallel = first.chosen.layout.pipeline_parallel;
  setup.data_parallel = first.chosen.layout.data_parallel;
  setup.expert_parallel = first.chosen.layout.expert_parallel;
  if (!setup.share) setup.share = std::floor(first.chosen.share * 1000.0 + 1e-6) / 1000.0;
  return setup;
}

std::string weights_note(const setup::EmitSetup& setup) {
  return fmt::format("The weights are to be in {}{}: put the name of such a checkpoint in place of {}.",
                     setup::weight_format_name(setup.serve.formats.matrices),
                     setup.serve.formats.experts == setup.serve.formats.matrices
                         ? ""
                         : fmt::format(", experts in {}", setup::weight_format_name(setup.serve.formats.experts)),
                     setup.model);
}

/// What manifests rest on beside the command. Notes of commands that are typed on each node do not hold of them.
std::vector<std::string> manifest_notes(const EmitResult& result) {
  std::vector<std::string> notes{
      fmt::format("Name another image than {} if that is not the one to run.", result.setup.image)};
  if (result.nodes > 1) notes.push_back("The cluster needs LeaderWorkerSet: a replica has several nodes.");
  if (result.setup.device->source == "recall")
    notes.push_back(
        fmt::format("Check the name {} with the device plugin: it is from memory.", result.setup.device->resource));
  return notes;
}

LaunchWords words_of(const EmitResult& result) {
  if (result.setup.table.family == "sglang") return sglang_words(result);
  return result.setup.table.family == "tensorrt-llm" ? trtllm_words(result) : vllm_words(result);
}

void check_manifests(const EmitResult& result) {
  if (result.setup.target != setup::LaunchTarget::kKubernetes) return;
  const setup::EmitSetup& setup = result.setup;
  if (!setup.device)
    cannot_say(result, "k8s",
               fmt::format("under which name pods ask for chips of {} is not known", setup.serve.chip.vendor),
               "ask for the command itself and write the manifest by hand");
  if (setup.image.empty())
    cannot_say(result, "k8s", fmt::format("no image of {} is known", setup.serve.engine.name),
               "ask for the command itself and write the manifest by hand");
  if (result.nodes > 1 && (setup.table.family == "tensorrt-llm" || result.fit.chosen.layout.data_parallel > 1) &&
      setup.table.family != "sglang")
    cannot_say(result, "k8s",
               fmt::format("a replica of {} nodes needs a command of its own on each node", result.nodes),
               "use fewer chips a replica, tp x pp within LeaderWorkerSet for vLLM, or SGLang");
}

}  // namespace

void cannot_say(const EmitResult& result, const char* key, const std::string& what, const std::string& remedy) {
  throw InputError(Problem{{}, 0, 0, key, fmt::format("{}: {}; {}", result.setup.serve.engine.name, what, remedy)});
}

bool at_least(const catalog::Engine& engine, int major, int minor) {
  int numbers[2] = {0, 0};
  const char* at = engine.from.data();
  const char* end = at + engine.from.size();
  for (int& number : numbers) {
    at = std::from_chars(at, end, number).ptr;
    if (at != end) ++at;
  }
  return numbers[0] > major || (numbers[0] == major && numbers[1] >= minor);
}

std::string share_text(double share) { return fmt::format("{}", share); }

WeightsAre weights_are(const setup::ServeSetup& setup) {
  const model::ServingFormats published =
      setup::published_formats(setup.model.weight_format).value_or(model::ServingFormats{});
  const auto same = [](WeightFormat a, WeightFormat b) {
    const auto plain = [](WeightFormat one) { return one == WeightFormat::kFp16 ? WeightFormat::kBf16 : one; };
    return plain(a) == plain(b);
  };
  if (same(published.matrices, setup.formats.matrices) && same(published.experts, setup.formats.experts))
    return WeightsAre::kPublished;
  const bool sixteen = same(published.matrices, WeightFormat::kBf16) && same(published.experts, WeightFormat::kBf16);
  const bool eight = setup.formats.matrices == WeightFormat::kFp8 && setup.formats.experts == WeightFormat::kFp8;
  return sixteen && eight ? WeightsAre::kNarrowed : WeightsAre::kElsewhere;
}

EmitResult serve_emit(setup::EmitSetup setup) {
  EmitResult result;
  result.setup = std::move(setup);
  result.fit = serve_fit(result.setup.serve);
  if (!result.fits()) return result;
  const bool tp_chosen = result.fit.tp_chosen;
  result.fit = serve_fit(as_written(result.fit));
  result.fit.tp_chosen = tp_chosen;
  if (!result.fits()) return result;
  const int chips = result.fit.chosen.layout.chips(), node = std::max(1, result.setup.serve.chips_per_node);
  result.nodes = (chips + node - 1) / node;
  check_manifests(result);
  result.command = words_of(result);
  if (result.setup.target == setup::LaunchTarget::kKubernetes) result.command.notes = manifest_notes(result);
  const bool trtllm = result.setup.table.family == "tensorrt-llm";
  const WeightsAre weights = weights_are(result.setup.serve);
  if (weights == WeightsAre::kElsewhere || (trtllm && weights == WeightsAre::kNarrowed))
    result.command.notes.push_back(weights_note(result.setup));
  for (const std::string& note : result.setup.notes) result.command.notes.push_back(note);
  return result;
}

}  // namespace socle::answer
