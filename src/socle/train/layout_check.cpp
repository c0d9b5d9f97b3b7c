#include <algorithm>
#include <cstdint>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/train/layer_recompute.hpp"
#include "socle/train/step.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::train {
namespace {

using workload::Layout;

// DualPipe is ordered task by task and its two directions never come back to one another's pace, so it is not folded.
// So many on 64 stages are 3.1 million tasks: a second of ordering and 70 MB.
constexpr int kTwoWayMicrobatchesMax = 16'384;

std::string divisors_up_to(int value, int most) {
  std::string list;
  for (int d = 1; d <= std::min(value, most); ++d) {
    if (value % d == 0) list += (list.empty() ? "" : ", ") + std::to_string(d);
  }
  return list;
}

std::optional<Infeasible> divides(const char* reason, const char* key, int divisor, const char* what, int value) {
  if (divisor >= 1 && value % divisor == 0) return std::nullopt;
  return Infeasible{reason, fmt::format("{} = {} does not divide {} {}", key, divisor, value, what),
                    fmt::format("use {}", divisors_up_to(value, 4096))};
}

}  // namespace

std::optional<Infeasible> shape_problem(const model::Transformer& model, const Layout& layout) {
  for (const model::Layer& layer : model.kinds) {
    if (layer.mixer.heads > 0) {
      if (auto why = divides("tp-heads", "tp", layout.tensor_parallel, "attention heads", layer.mixer.heads))
        return why;
      const bool spread = layout.context_exchange == workload::ContextExchange::kUlysses;
      if (auto why = divides("cp-heads", "cp", spread ? layout.context_parallel : 1, "attention heads of a rank",
                             layer.mixer.heads / layout.tensor_parallel))
        return why;
    }
    const model::FeedForward& ff = layer.feed_forward;
    if (ff.experts > 0) {
      if (auto why = divides("ep-experts", "ep", layout.expert_parallel, "experts", ff.experts)) return why;
    } else if (ff.ffn > 0) {
      if (auto why = divides("tp-ffn", "tp", layout.tensor_parallel, "feed-forward columns", ff.ffn)) return why;
    }
  }
  const bool has_experts = std::any_of(model.kinds.begin(), model.kinds.end(),
                                       [](const model::Layer& l) { return l.feed_forward.experts > 0; });
  if (!has_experts && layout.expert_parallel > 1) {
    return Infeasible{"ep-dense", "ep > 1 but the model has no experts", "use ep = 1"};
  }
  return std::nullopt;
}

Infeasible expert_ranks_problem(std::int64_t group, int ranks, bool product) {
  const bool plain = !product;
  return {"ep-ranks",
          fmt::format("{} = {} needs tp * cp * dp to be a multiple of it; they give {}", plain ? "ep" : "ep * etp",
                      group, ranks),
          fmt::format("use {} = {}, or make tp * cp * dp a multiple of {}", plain ? "ep" : "ep * etp",
                      std::gcd(group, std::int64_t{ranks}), group)};
}

std::optional<Infeasible> recompute_problem(const model::Transformer& model, const Layout& layout) {
  using workload::Recompute;
  if (!layout.recompute_modules.empty() && layout.recompute != Recompute::kSelective)
    return Infeasible{"recompute-modules", "recompute_modules are read by selective recompute only",
                      "use recompute = \"selective\" or leave the modules out"};
  const workload::ModuleSet missing = layout.recompute_modules.without(recomputable_modules(model));
  if (!missing.empty()) {
    return Infeasible{
        "recompute-modules",
        fmt::format("the model has nothing that recompute_modules = {} would drop",
                    fmt::join(workload::names_of_modules(missing), ", ")),
        fmt::format("use some of {}", fmt::join(workload::names_of_modules(recomputable_modules(model)), ", "))};
  }
  if (layout.recompute_every > 0 && layout.recompute != Recompute::kFull)
    return Infeasible{"recompute-every", "recompute_every is read by full recompute only", "use recompute = \"full\""};
  if (layout.recompute_every > 0 && layout.recompute_layers > 0)
    return Infeasible{"recompute-every", "recompute_every and recompute_layers both say which layers recompute",
                      "leave one of them out"};
  if (layout.sharding != workload::Sharding::kZero3 && (layout.defer_grad_reduce || !layout.reshard_after_forward))
    return Infeasible{"reshard", "reshard_after_forward = false and defer_grad_reduce = true are of zero3",
                      "use sharding = \"zero3\" or leave them out"};
  return std::nullopt;
}

std::optional<Infeasible> layout_problem(const model::Transformer& model, const workload::TrainingJob& job,
                                         const Layout& layout) {
  if (auto why = shape_problem(model, layout)) return why;
  const int ranks = layout.tensor_parallel * layout.context_parallel * layout.data_parallel;
  const std::int64_t group = std::int64_t{layout.expert_parallel} * layout.expert_tensor_parallel;
  if (group < 1 || ranks % group != 0) return expert_ranks_problem(group, ranks, layout.expert_tensor_parallel > 1);
  const int positions = layout.pipeline_parallel * schedule_chunks(layout.schedule, layout.virtual_pipeline);
  const int stages = layout.schedule == workload::Schedule::kDualPipe ? layout.pipeline_parallel : positions;
  // The first and the last chunk may hold only the embedding or the loss.
  if (stages > model.layers() + 2) {
    return Infeasible{"pp-layers", fmt::format("{} pipeline chunks but {} layers", stages, model.layers()),
                      fmt::format("use pp * vpp <= {}", model.layers())};
  }
  if (layout.virtual_pipeline > 1 && layout.schedule != workload::Schedule::kInterleaved) {
    return Infeasible{"vpp-schedule", fmt::format("vpp = {} needs the interleaved schedule", layout.virtual_pipeline),
                      "use schedule = \"interleaved\" or vpp = 1"};
  }
  const std::int64_t per_pass = std::int64_t{layout.microbatch} * layout.data_parallel;
  if (per_pass < 1 || job.global_batch % per_pass != 0) {
    const std::int64_t fit = std::gcd(std::int64_t{job.global_batch}, per_pass);
    return Infeasible{
        "batch", fmt::format("microbatch * dp = {} does not divide global_batch = {}", per_pass, job.global_batch),
        fmt::format("use microbatch * dp = {}, or a global batch that is a multiple of {}", fit, per_pass)};
  }
  if (layout.schedule == workload::Schedule::kDualPipe && job.global_batch / per_pass < 2) {
    return Infeasible{"dualpipe-batch", "DualPipe needs two microbatches at least", "raise global_batch or lower dp"};
  }
  if (layout.schedule == workload::Schedule::kDualPipe && job.global_batch / per_pass > kTwoWayMicrobatchesMax) {
    return Infeasible{"dualpipe-batch",
                      fmt::format("DualPipe is ordered task by task, for {} microbatches a step at most; these are {}",
                                  kTwoWayMicrobatchesMax, job.global_batch / per_pass),
                      "lower global_batch, or raise dp or microbatch"};
  }
  if (job.sequence_length % layout.context_parallel != 0) {
    return divides("cp-sequence", "cp", layout.context_parallel, "tokens of a sequence", job.sequence_length);
  }
  if (layout.sequence_parallel && layout.tensor_parallel == 1) {
    return Infeasible{"sp-tp", "sp needs tp > 1", "use sp = false or tp >= 2"};
  }
  if (layout.keep_gathered && !layout.sequence_parallel) {
    return Infeasible{"keep-gathered", "keep_gathered needs sequence parallel: without it nothing is gathered",
                      "use sp = true or keep_gathered = false"};
  }
  if (layout.scatter_messages && (layout.sequence_parallel || layout.tensor_parallel == 1)) {
    return Infeasible{"scatter-messages",
                      "scatter_messages needs tp > 1 without sequence parallel, which scatters them anyway",
                      "use scatter_messages = false"};
  }
  if (layout.pipeline_inside_data() && layout.context_parallel * layout.expert_parallel > 1) {
    return Infeasible{"placement", "stages inside data-parallel copies are placed for cp = ep = 1 only",
                      "leave the placement as it is"};
  }
  if (auto why = recompute_problem(model, layout)) return why;
  const int shard_ranks = layout.data_parallel * layout.context_parallel;
  if (layout.shard_size > 0 && shard_ranks % layout.shard_size != 0) {
    return divides("shard-size", "shard_size", layout.shard_size, "ranks of dp * cp", shard_ranks);
  }
  return std::nullopt;
}

}  // namespace socle::train
