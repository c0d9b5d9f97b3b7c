#include "socle/search/indivisible.hpp"

#include <fmt/format.h>

#include "socle/train/layer_recompute.hpp"
#include "socle/train/schedules/schedules.hpp"
#include "socle/train/step.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::search {
namespace {

long long size(const std::optional<int>& value) { return value.value_or(1); }

// The sizes that a model must divide by.
workload::Layout given_sizes(const workload::PartialLayout& given) {
  workload::Layout layout;
  layout.tensor_parallel = given.tensor_parallel.value_or(1);
  layout.expert_parallel = given.expert_parallel.value_or(1);
  return layout;
}

// What is said of recompute and of sharded weights; a sharding left out may be the one that reads it.
workload::Layout given_recompute(const workload::PartialLayout& given) {
  workload::Layout layout;
  layout.recompute_modules = given.recompute_modules.value_or(workload::ModuleSet{});
  layout.recompute_layers = given.recompute_layers.value_or(0);
  layout.recompute_every = given.recompute_every.value_or(0);
  layout.recompute = given.recompute.value_or(!layout.recompute_modules.empty() ? workload::Recompute::kSelective
                                              : layout.recompute_every > 0      ? workload::Recompute::kFull
                                                                                : workload::Recompute::kNone);
  layout.sharding = given.sharding.value_or(workload::Sharding::kZero3);
  layout.reshard_after_forward = given.reshard_after_forward.value_or(true);
  layout.defer_grad_reduce = given.defer_grad_reduce.value_or(false);
  return layout;
}

std::optional<Infeasible> too_many_chunks(int layers, const workload::PartialLayout& given) {
  const long long stages = size(given.pipeline_parallel);
  // A V has two chunks a stage in one chain; DualPipe's two are chains of their own.
  const bool vee = given.schedule && workload::is_vee(*given.schedule);
  const long long chunks = vee ? train::schedule_chunks(*given.schedule, 1) : size(given.virtual_pipeline);
  if (stages * chunks <= layers + 2) return std::nullopt;
  return Infeasible{"pp-layers",
                    fmt::format("{} = {}, but the model has {} layers",
                                vee ? fmt::format("pp * 2 chunks a stage of {}",
                                                  workload::schedule_names()[static_cast<std::size_t>(*given.schedule)])
                                    : std::string("pp * vpp"),
                                stages * chunks, layers),
                    vee ? fmt::format("use pp <= {}", layers / chunks) : fmt::format("use pp * vpp <= {}", layers)};
}

}  // namespace

std::optional<Infeasible> indivisible(const model::Transformer& model, const workload::TrainingJob& job,
                                      const workload::PartialLayout& given, int chips) {
  const auto size = [](const std::optional<int>& value) { return static_cast<long long>(value.value_or(1)); };
  const long long inner = size(given.tensor_parallel) * size(given.pipeline_parallel) * size(given.context_parallel);
  if (inner > 0 && chips % inner != 0) {
    return Infeasible{"chips", fmt::format("tp * pp * cp = {} does not divide {} chips", inner, chips),
                      fmt::format("use sizes whose product divides {}, or a multiple of {} chips", chips, inner)};
  }
  if (given.data_parallel && chips % (inner * size(given.data_parallel)) != 0) {
    return Infeasible{
        "chips",
        fmt::format("tp * pp * cp * dp = {} does not divide {} chips", inner * size(given.data_parallel), chips),
        fmt::format("use dp = {}, or leave dp out", chips / inner)};
  }
  const long long sequences = size(given.microbatch) * size(given.data_parallel);
  if (sequences > 0 && job.global_batch % sequences != 0) {
    return Infeasible{
        "batch", fmt::format("microbatch * dp = {} does not divide global_batch = {}", sequences, job.global_batch),
        fmt::format("use a divisor of {}, or a global batch that is a multiple of {}", job.global_batch, sequences)};
  }
  if (auto why = train::shape_problem(model, given_sizes(given))) return why;
  if (auto why = train::recompute_problem(model, given_recompute(given))) return why;
  const long long experts = size(given.expert_parallel) * size(given.expert_tensor_parallel);
  const long long ranks = chips / size(given.pipeline_parallel);
  if (experts > ranks || (given.pipeline_parallel && ranks % experts != 0))
    return train::expert_ranks_problem(experts, static_cast<int>(ranks), given.expert_tensor_parallel.value_or(1) > 1);
  return too_many_chunks(model.layers(), given);
}

Infeasible nothing_fits(const std::map<std::string, std::uint64_t>& reasons, std::uint64_t considered) {
  std::string worst = "divisibility";
  std::uint64_t most = 0;
  for (const auto& [reason, count] : reasons) {
    if (count > most) {
      most = count;
      worst = reason;
    }
  }
  const std::string none = fmt::format("none of {} layouts is feasible", considered);
  if (most == 0)
    return {worst, none + "; none divides", "change chips, global_batch or the keys given so that they divide"};
  return {worst, fmt::format("{}; {} of those that divide fail on {}", none, most, worst),
          worst == "memory" ? "use chips with more memory or a smaller sequence" : "change the keys given"};
}

}  // namespace socle::search
