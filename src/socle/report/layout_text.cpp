#include "socle/report/layout_text.hpp"

#include <fmt/format.h>

#include "socle/train/schedules/schedules.hpp"

namespace socle::report {
namespace {

template <typename Enum>
const std::string& name_of(Enum value, const std::vector<std::string>& names) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const train::ScheduleEntry& entry : train::schedules()) list.emplace_back(entry.name);
    return list;
  }();
  return names;
}

const std::vector<std::string>& recompute_names() {
  static const std::vector<std::string> names{"none", "selective", "full"};
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
  std::string text = fmt::format("tp {}{}, pp {}", layout.tensor_parallel, layout.sequence_parallel ? " sp" : "", layout.pipeline_parallel);
  const auto add_size = [&](const char* key, int size) {
    if (size > 1) text += fmt::format(", {} {}", key, size);
  };
  add_size("vpp", layout.virtual_pipeline);
  add_size("cp", layout.context_parallel);
  add_size("ep", layout.expert_parallel);
  add_size("etp", layout.expert_tensor_parallel);
  text += fmt::format(", dp {}, microbatch {}, {}, recompute {}", layout.data_parallel, layout.microbatch,
                      name_of(layout.schedule, schedule_names()), name_of(layout.recompute, recompute_names()));
  if (layout.recompute == workload::Recompute::kFull && layout.recompute_layers > 0) text += fmt::format(" of {} layers", layout.recompute_layers);
  text += fmt::format(", sharding {}", name_of(layout.sharding, sharding_names()));
  if (layout.shard_size > 0) text += fmt::format(" over {}", layout.shard_size);
  if (layout.offload_optimizer) text += ", optimizer offloaded";
  if (layout.offload_weights) text += ", weights offloaded";
  if (layout.offload_layers > 0) text += ", activations offloaded";
  if (layout.keep_gathered) text += ", gathered inputs kept";
  if (layout.scatter_messages) text += ", messages scattered";
  if (layout.pipeline_inside_data()) text += ", stages inside copies";
  return text;
}

std::string layout_code(const workload::Layout& layout) {
  std::string text = fmt::format("tp{}{} pp{}", layout.tensor_parallel, layout.sequence_parallel ? "sp" : "", layout.pipeline_parallel);
  if (layout.virtual_pipeline > 1) text += fmt::format("x{}", layout.virtual_pipeline);
  if (layout.context_parallel > 1) text += fmt::format(" cp{}", layout.context_parallel);
  if (layout.expert_parallel > 1) text += fmt::format(" ep{}", layout.expert_parallel);
  if (layout.expert_tensor_parallel > 1) text += fmt::format(" etp{}", layout.expert_tensor_parallel);
  text += fmt::format(" dp{} mb{} {} {}", layout.data_parallel, layout.microbatch, name_of(layout.schedule, schedule_names()), name_of(layout.recompute, recompute_names()));
  if (layout.recompute_layers > 0) text += fmt::format("-{}", layout.recompute_layers);
  text += " " + name_of(layout.sharding, sharding_names());
  if (layout.shard_size > 0) text += fmt::format("/{}", layout.shard_size);
  return text + (layout.offload_optimizer ? " offload" : "");
}

Json layout_json(const workload::Layout& layout) {
  return Json::object({{"tp", layout.tensor_parallel},
                       {"sp", layout.sequence_parallel},
                       {"pp", layout.pipeline_parallel},
                       {"vpp", layout.virtual_pipeline},
                       {"cp", layout.context_parallel},
                       {"ep", layout.expert_parallel},
                       {"etp", layout.expert_tensor_parallel},
                       {"dp", layout.data_parallel},
                       {"microbatch", layout.microbatch},
                       {"schedule", name_of(layout.schedule, schedule_names())},
                       {"recompute", name_of(layout.recompute, recompute_names())},
                       {"recompute_layers", layout.recompute_layers},
                       {"sharding", name_of(layout.sharding, sharding_names())},
                       {"shard_size", layout.shard_size},
                       {"offload_optimizer", layout.offload_optimizer},
                       {"overlap_grad_reduce", layout.overlap_grad_reduce},
                       {"overlap_param_gather", layout.overlap_param_gather},
                       {"overlap_tensor_parallel", layout.overlap_tensor_parallel},
                       {"overlap_expert_parallel", layout.overlap_expert_parallel}});
}

}  // namespace socle::report
