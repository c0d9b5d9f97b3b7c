#include "socle/answer/serve/fit.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

using setup::ServeSetup;
using workload::ServingLayout;

constexpr int kTensorMax = 1024;
constexpr int kStagesMax = 64;
constexpr double kShareMost = 0.98;

/// The user's sizes, with tp and pp filled in. Experts are shared out over data-parallel ranks unless told otherwise.
ServingLayout layout_of(const ServeSetup& setup, int tp, int pp) {
  const int dp = setup.data_parallel.value_or(1);
  const bool spread = dp > 1 && !setup.expert_parallel;
  ServingLayout layout{.tensor_parallel = tp,
                       .pipeline_parallel = pp,
                       .data_parallel = dp,
                       .expert_parallel = setup.expert_parallel.value_or(1)};
  const bool routed = std::any_of(setup.model.kinds.begin(), setup.model.kinds.end(),
                                  [](const model::Layer& layer) { return layer.feed_forward.experts > 0; });
  if (spread && routed) layout.expert_parallel = layout.ranks();
  return layout;
}

/// The layouts that a table shows: tp within a node, then stages of whole nodes.
std::vector<ServingLayout> layouts_of(const ServeSetup& setup) {
  std::vector<ServingLayout> list;
  const int dp = setup.data_parallel.value_or(1);
  const int pp = setup.pipeline_parallel.value_or(1);
  int widest = 1;
  const auto add = [&](int tp, int stages) {
    const ServingLayout layout = layout_of(setup, tp, stages);
    if (!setup.chips || layout.chips() <= *setup.chips) list.push_back(layout);
  };
  if (setup.tensor_parallel) {
    add(*setup.tensor_parallel, pp);
    widest = *setup.tensor_parallel;
  }
  for (int tp = 1;
       tp <= std::max(1, setup.chips_per_node) && tp <= kTensorMax && tp * dp <= std::max(dp, setup.chips_per_node);
       tp *= 2) {
    if (tp != setup.tensor_parallel) add(tp, pp);
    widest = std::max(widest, tp);
  }
  std::sort(list.begin(), list.end(),
            [](const auto& a, const auto& b) { return a.tensor_parallel < b.tensor_parallel; });
  if (!setup.pipeline_parallel) {
    for (int stages = 2; stages <= std::min(kStagesMax, setup.model.layers()); stages *= 2) add(widest, stages);
  }
  return list;
}

/// As many rows as say something: stages end with the first that fits.
std::vector<FitRow> rows_of(const ServeSetup& setup) {
  std::vector<FitRow> rows;
  bool fits = false;
  for (const ServingLayout& layout : layouts_of(setup)) {
    if (fits && layout.pipeline_parallel > setup.pipeline_parallel.value_or(1)) break;
    rows.push_back(fit_row(setup, layout));
    fits = fits || rows.back().fits;
  }
  return rows;
}

const FitRow* smallest_that_fits(const std::vector<FitRow>& rows) {
  const FitRow* best = nullptr;
  for (const FitRow& row : rows) {
    if (row.fits && (best == nullptr || row.layout.chips() < best->layout.chips())) best = &row;
  }
  return best;
}

void try_change(const ServeSetup& changed, const ServingLayout& layout, std::string text,
                std::vector<FitChange>& list) {
  FitRow row = fit_row(changed, layout);
  if (row.fits) list.push_back({std::move(text), std::move(row)});
}

/// The fewest chips on which it fits, more than there are if need be.
std::optional<FitRow> more_chips(const ServeSetup& setup, int than) {
  ServeSetup unlimited = setup;
  unlimited.chips.reset();
  unlimited.pipeline_parallel.reset();
  const std::vector<FitRow> rows = rows_of(unlimited);
  const FitRow* smallest = smallest_that_fits(rows);
  if (smallest == nullptr || smallest->layout.chips() <= than) return std::nullopt;
  return *smallest;
}

std::string chips_words(const ServeSetup& setup, const FitRow& row) {
  std::string text = fmt::format("tp = {}", row.layout.tensor_parallel);
  if (row.layout.pipeline_parallel > 1) text += fmt::format(", pp = {}", row.layout.pipeline_parallel);
  if (setup.chips && row.layout.chips() > *setup.chips)
    text += fmt::format(" ({} chips more than there are)", row.layout.chips() - *setup.chips);
  return text;
}

/// An engine that does not measure its peak may run out of what its share leaves.
void doubt_what_is_left(FitResult& result) {
  const FitRow& row = result.chosen;
  if (!row.fits || result.setup.engine.memory.share != catalog::MemoryShare::kOfStatic) return;
  const memory::ServingMemory& held = *row.memory;
  const Bytes left = result.setup.chip_memory - held.context - held.budget;
  if (left >= held.activations + held.graphs) return;
  result.setup.doubts.push_back(
      fmt::format("The share leaves {} for activations and graphs, which take about {}: the engine may run out of "
                  "memory; a lower {} or smaller limits of a step leave more.",
                  format_bytes_binary(left), format_bytes_binary(held.activations + held.graphs),
                  share_name(result.setup.engine.memory.share)));
}

std::vector<FitChange> nearest_changes(const FitResult& result) {
  std::vector<FitChange> list;
  const ServeSetup& setup = result.setup;
  const ServingLayout& layout = result.chosen.layout;
  using model::WeightFormat;
  for (const WeightFormat format : {WeightFormat::kFp8, WeightFormat::kInt4WeightOnly}) {
    ServeSetup changed = setup;
    const auto narrower = [&](WeightFormat now) { return bytes_per_weight(format) < 0.9 * bytes_per_weight(now); };
    if (!narrower(setup.formats.matrices)) continue;
    changed.formats.matrices = format;
    if (narrower(setup.formats.experts)) changed.formats.experts = format;
    try_change(changed, layout, fmt::format("weights = \"{}\"", setup::weight_format_name(format)), list);
    if (!list.empty()) break;
  }
  if (model::bytes_per_element(setup.formats.kv) > 1.0) {
    ServeSetup changed = setup;
    changed.formats.kv = model::DataType::kFp8;
    try_change(changed, layout, "kv = \"fp8\"", list);
  }
  if (const auto more = more_chips(setup, layout.chips())) list.push_back({chips_words(setup, *more), *more});
  if (result.chosen.longest > 0) {
    ServeSetup changed = setup;
    changed.max_model_len = static_cast<int>(result.chosen.longest);
    try_change(changed, layout, fmt::format("max_model_len = {}", changed.max_model_len), list);
  }
  if (result.chosen.share < kShareMost) {
    ServeSetup changed = setup;
    changed.share = kShareMost;
    try_change(changed, layout, fmt::format("{} = {}", share_name(setup.engine.memory.share), kShareMost), list);
  }
  return list;
}

}  // namespace

FitRow fit_row(const ServeSetup& setup, const ServingLayout& layout) {
  FitRow row;
  row.layout = layout;
  row.problem = memory::layout_problem(setup.model, layout, setup.formats);
  if (!row.problem.empty()) return row;
  const memory::ServingRules rules = setup::rules_on(setup, layout);
  row.share = rules.share;
  row.memory = memory::serving_memory(setup.model, layout, setup.formats, rules);
  const memory::ServingMemory& held = *row.memory;
  row.longest = memory::longest_sequence(held, setup.max_model_len);
  const Bytes whole = memory::sequence_bytes(held, setup.max_model_len);
  if (held.kv_pool > Bytes{} && whole > Bytes{}) row.concurrency = held.kv_pool / whole;
  // An engine that starts with a shorter cache than the context still serves what fits.
  const bool needs_all = setup.engine.memory.refuses_long_context || setup.max_model_len_asked;
  const Bytes needed =
      needs_all ? whole : memory::sequence_bytes(held, std::min(setup.max_model_len, held.block_tokens));
  row.fits = held.kv_pool >= needed;
  if (!row.fits) row.missing = needed - held.kv_pool;
  return row;
}

FitResult serve_fit(ServeSetup setup) {
  FitResult result;
  result.setup = std::move(setup);
  const ServeSetup& s = result.setup;
  result.tp_chosen = !s.tensor_parallel;
  result.layouts = rows_of(s);
  result.model_kv_per_token = memory::cache_bytes_per_token(s.model, s.formats);
  if (const FitRow* smallest = smallest_that_fits(result.layouts)) result.smallest = *smallest;
  if (s.tensor_parallel) {
    const ServingLayout asked = layout_of(s, *s.tensor_parallel, s.pipeline_parallel.value_or(1));
    result.chosen = fit_row(s, asked);
    if (!result.chosen.problem.empty()) throw InputError(Problem{s.source, 0, 0, "serving", result.chosen.problem});
    if (s.chips && asked.chips() > *s.chips)
      throw InputError(
          Problem{{},
                  0,
                  0,
                  "serving",
                  fmt::format("tp = {}, pp = {}, dp = {} are {} chips; there are {}", asked.tensor_parallel,
                              asked.pipeline_parallel, asked.data_parallel, asked.chips(), *s.chips)});
  } else if (result.smallest) {
    result.chosen = *result.smallest;
  } else {
    // The one that comes nearest, which is the last that can be.
    const FitRow* last = nullptr;
    for (const FitRow& row : result.layouts) {
      if (row.problem.empty()) last = &row;
    }
    if (last == nullptr) {
      const std::string why = result.layouts.empty() ? fmt::format("{} chips are too few for dp = {}",
                                                                   s.chips.value_or(0), s.data_parallel.value_or(1))
                                                     : result.layouts.front().problem;
      throw InputError(Problem{s.source, 0, 0, "serving", why});
    }
    result.chosen = *last;
  }
  if (!result.chosen.fits) result.nearest = nearest_changes(result);
  doubt_what_is_left(result);
  return result;
}

}  // namespace socle::answer
