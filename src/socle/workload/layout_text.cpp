#include "socle/workload/layout_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/workload/training_options.hpp"

namespace socle::workload {
namespace {

template <typename Enum>
const std::string& name_of(Enum value, const std::vector<std::string>& names) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names{"gpipe", "1f1b",   "interleaved", "zb-h1",
                                              "zb-v",  "v-half", "v-min",       "dualpipe"};
  return names;
}

const std::vector<std::string>& recompute_names() {
  static const std::vector<std::string> names{"none", "selective", "op-selective", "full"};
  return names;
}

const std::vector<std::string>& context_exchange_names() {
  static const std::vector<std::string> names{"ring", "allgather", "ulysses"};
  return names;
}

const std::vector<std::string>& sharding_names() {
  static const std::vector<std::string> names{"none", "zero1", "zero2", "zero3"};
  return names;
}

const std::vector<std::string>& attention_names() {
  static const std::vector<std::string> names{"flash", "unfused"};
  return names;
}

std::string layout_text(const workload::Layout& layout) {
  std::string text = fmt::format("tp {}{}, pp {}", layout.tensor_parallel, layout.sequence_parallel ? " sp" : "",
                                 layout.pipeline_parallel);
  const auto add_size = [&](const char* key, int size) {
    if (size > 1) text += fmt::format(", {} {}", key, size);
  };
  add_size("vpp", layout.virtual_pipeline);
  add_size("cp", layout.context_parallel);
  const bool ring = layout.context_exchange == ContextExchange::kRing;
  if (layout.context_parallel > 1 && !ring) text += " " + name_of(layout.context_exchange, context_exchange_names());
  add_size("ep", layout.expert_parallel);
  add_size("etp", layout.expert_tensor_parallel);
  if (layout.dispatcher && layout.expert_parallel > 1) text += " " + name_of(*layout.dispatcher, dispatcher_names());
  if (layout.overlap_expert_parallel && layout.expert_parallel > 1) text += " overlapped";
  text += fmt::format(", dp {}, microbatch {}, {}, recompute {}", layout.data_parallel, layout.microbatch,
                      name_of(layout.schedule, schedule_names()), name_of(layout.recompute, recompute_names()));
  if (layout.recompute == workload::Recompute::kFull && layout.recompute_layers > 0)
    text += fmt::format(" of {} layers", layout.recompute_layers);
  if (layout.recompute_every > 0) text += fmt::format(" of one layer in {}", layout.recompute_every);
  if (!layout.recompute_modules.empty())
    text += fmt::format(" of {}", fmt::join(names_of_modules(layout.recompute_modules), " + "));
  text += fmt::format(", sharding {}", name_of(layout.sharding, sharding_names()));
  if (layout.shard_size > 0) text += fmt::format(" over {}", layout.shard_size);
  if (!layout.reshard_after_forward) text += ", gathered weights kept";
  if (layout.defer_grad_reduce) text += ", gradients reduced once a step";
  if (layout.offload_optimizer) text += ", optimizer offloaded";
  if (layout.offload_weights) text += ", weights offloaded";
  if (layout.offload_layers > 0) text += ", activations offloaded";
  if (layout.keep_gathered) text += ", gathered inputs kept";
  if (layout.scatter_messages) text += ", messages scattered";
  if (layout.pipeline_inside_data()) text += ", stages inside copies";
  return text;
}

std::string layout_code(const workload::Layout& layout) {
  std::string text = fmt::format("tp{}{} pp{}", layout.tensor_parallel, layout.sequence_parallel ? "sp" : "",
                                 layout.pipeline_parallel);
  if (layout.virtual_pipeline > 1) text += fmt::format("x{}", layout.virtual_pipeline);
  if (layout.context_parallel > 1) text += fmt::format(" cp{}", layout.context_parallel);
  const bool ring = layout.context_exchange == ContextExchange::kRing;
  if (layout.context_parallel > 1 && !ring) text += " " + name_of(layout.context_exchange, context_exchange_names());
  if (layout.expert_parallel > 1) text += fmt::format(" ep{}", layout.expert_parallel);
  if (layout.expert_tensor_parallel > 1) text += fmt::format(" etp{}", layout.expert_tensor_parallel);
  if (layout.dispatcher && layout.expert_parallel > 1) text += " " + name_of(*layout.dispatcher, dispatcher_names());
  if (layout.overlap_expert_parallel && layout.expert_parallel > 1) text += " overlapped";
  text += fmt::format(" dp{} mb{} {} {}", layout.data_parallel, layout.microbatch,
                      name_of(layout.schedule, schedule_names()), name_of(layout.recompute, recompute_names()));
  if (layout.recompute_layers > 0) text += fmt::format("-{}", layout.recompute_layers);
  if (layout.recompute_every > 0) text += fmt::format("/{}", layout.recompute_every);
  if (!layout.recompute_modules.empty())
    text += fmt::format(":{}", fmt::join(names_of_modules(layout.recompute_modules), "+"));
  text += " " + name_of(layout.sharding, sharding_names());
  if (layout.shard_size > 0) text += fmt::format("/{}", layout.shard_size);
  if (!layout.reshard_after_forward) text += " kept";
  if (layout.defer_grad_reduce) text += " deferred";
  return text + (layout.offload_optimizer ? " offload" : "");
}

}  // namespace socle::workload
