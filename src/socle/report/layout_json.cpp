#include "socle/report/layout_json.hpp"

#include "socle/workload/layout_text.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::report {
namespace {

// In the order of workload::Axis.
constexpr const char* kAxisNames[] = {"tp", "cp", "ep", "dp", "pp"};

template <typename Enum>
const std::string& name_of(Enum value, const std::vector<std::string>& names) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

Json layout_json(const workload::Layout& layout) {
  Json placement = Json::array();
  for (const workload::Axis axis : layout.placement) placement.push(kAxisNames[static_cast<std::size_t>(axis)]);
  Json modules = Json::array();
  for (const std::string& name : workload::names_of_modules(layout.recompute_modules)) modules.push(name);
  return Json::object(
      {{"tp", layout.tensor_parallel},
       {"sp", layout.sequence_parallel},
       {"pp", layout.pipeline_parallel},
       {"vpp", layout.virtual_pipeline},
       {"cp", layout.context_parallel},
       {"cp_kind", name_of(layout.context_exchange, workload::context_exchange_names())},
       {"ep", layout.expert_parallel},
       {"etp", layout.expert_tensor_parallel},
       {"dispatcher", layout.dispatcher ? Json(name_of(*layout.dispatcher, workload::dispatcher_names())) : Json()},
       {"dp", layout.data_parallel},
       {"microbatch", layout.microbatch},
       {"schedule", name_of(layout.schedule, workload::schedule_names())},
       {"recompute", name_of(layout.recompute, workload::recompute_names())},
       {"recompute_layers", layout.recompute_layers},
       {"recompute_every", layout.recompute_every},
       {"recompute_modules", std::move(modules)},
       {"sharding", name_of(layout.sharding, workload::sharding_names())},
       {"shard_size", layout.shard_size},
       {"reshard_after_forward", layout.reshard_after_forward},
       {"defer_grad_reduce", layout.defer_grad_reduce},
       {"keep_gathered", layout.keep_gathered},
       {"scatter_messages", layout.scatter_messages},
       {"offload_layers", layout.offload_layers},
       {"offload_weights", layout.offload_weights},
       {"offload_optimizer", layout.offload_optimizer},
       {"overlap_grad_reduce", layout.overlap_grad_reduce},
       {"overlap_param_gather", layout.overlap_param_gather},
       {"overlap_tensor_parallel", layout.overlap_tensor_parallel},
       {"overlap_expert_parallel", layout.overlap_expert_parallel},
       {"placement", std::move(placement)}});
}

}  // namespace socle::report
