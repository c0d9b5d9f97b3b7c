#include "socle/train/layer_recompute.hpp"

#include <algorithm>

namespace socle::train {

using workload::Layout;
using workload::ModuleSet;
using workload::Recompute;
using workload::RecomputeModule;

ModuleSet acting_modules(ModuleSet modules) {
  return modules.has(RecomputeModule::kMoe)
             ? modules.without(RecomputeModule::kMoeActivation | RecomputeModule::kSharedExperts)
             : modules;
}

double recomputed_share(const Layout& layout, double layers_of_stage) {
  if (layout.recompute_every > 0) return 1.0 / layout.recompute_every;
  if (layout.recompute_layers > 0 && layers_of_stage > 0)
    return std::min(1.0, layout.recompute_layers / layers_of_stage);
  return 1.0;
}

ModuleSet recomputable_modules(const model::Transformer& model) {
  using Module = RecomputeModule;
  ModuleSet modules;
  for (const model::Layer& layer : model.kinds) {
    const bool attends = layer.mixer.kind == model::MixerKind::kAttention || layer.mixer.kind == model::MixerKind::kMla;
    const model::FeedForward& ff = layer.feed_forward;
    if (attends) modules = modules | Module::kCoreAttention;
    if (layer.mixer.kind == model::MixerKind::kMla) modules = modules | Module::kMlaUpProjection | Module::kLayerNorm;
    if (ff.experts > 0) modules = modules | Module::kMoe | Module::kMoeActivation | Module::kLayerNorm;
    if (ff.experts > 0 && ff.shared_ffn > 0) modules = modules | Module::kSharedExperts;
    if (ff.experts == 0 && ff.ffn > 0) modules = modules | Module::kMlp;
  }
  return modules;
}

namespace {

// Modules are checkpointed one by one: the largest lives again at a time.
LayerRecompute of_modules(const LayerCost& cost, ModuleSet modules) {
  LayerRecompute result{.time = {}, .flops = {}, .held = cost.saved, .working = {}};
  for (std::size_t i = 0; i < cost.modules.size(); ++i) {
    if (!modules.has(static_cast<RecomputeModule>(i))) continue;
    const RecomputeCost& module = cost.modules[i];
    result.time += module.time;
    result.flops += module.flops;
    result.held -= module.dropped;
    result.working = std::max(result.working, module.dropped);
  }
  return result;
}

}  // namespace

LayerRecompute layer_recompute(const LayerCost& cost, const Layout& layout, Bytes layer_input) {
  switch (layout.recompute) {
    case Recompute::kNone:
      return {.time = {}, .flops = {}, .held = cost.saved, .working = {}};
    case Recompute::kSelective:
      if (!layout.recompute_modules.empty()) return of_modules(cost, acting_modules(layout.recompute_modules));
      return {.time = cost.recompute_selective, .flops = {}, .held = cost.saved_selective, .working = {}};
    case Recompute::kOpSelective:
      return {.time = cost.by_operation.time,
              .flops = cost.by_operation.flops,
              .held = layer_input + cost.saved - cost.by_operation.dropped,
              .working = cost.by_operation.dropped};
    case Recompute::kFull:
      return {.time = cost.recompute_full,
              .flops = cost.linear_forward + cost.core_executed,
              .held = layer_input,
              .working = cost.saved};
  }
  return {};
}

}  // namespace socle::train
