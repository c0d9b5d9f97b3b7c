#include "socle/search/plan.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/search/fitting.hpp"
#include "socle/search/plan_verdict.hpp"

namespace socle::search {
namespace {

struct Question {
  const model::Transformer& model;
  const workload::TrainingJob& job;
  const workload::PartialLayout& layout;
  const PlanLimits& limits;
  unsigned threads;
  Progress* progress;
  train::ProgramMemo& programs;  // candidates of one chip share orders
};

const workload::PartialLayout& layout_of(const Question& q, const Offer& offer) {
  return offer.layout ? *offer.layout : q.layout;
}

// The change that makes a candidate of fixed size run the job; the search's own words when none is found.
std::string remedy(const Question& q, const Offer& offer, int chips, const Infeasible& why, double headroom) {
  const Misfit misfit{.model = q.model,
                      .job = q.job,
                      .given = layout_of(q, offer),
                      .machine = offer.machine,
                      .chips = chips,
                      .chips_per_node = offer.chips_per_node,
                      .memory_headroom = headroom,
                      .programs = &q.programs};
  const std::string change = smallest_change(misfit, q.threads, q.progress);
  return change.empty() ? why.remedy : change;
}

// The best layout on the stack that is stated, or on the middle of the plausible ones; what is found goes to `planned`.
std::optional<Infeasible> find_best(const Question& q, const Offer& offer, const machine::Machine& machine,
                                    const SearchOptions& options, PlannedOffer& planned) {
  const auto take = [&](const SearchResult& found, const machine::Machine& on) {
    planned.best = found.best.front();
    planned.counts = found.counts;
    planned.stack = on.stack().slug;
    const train::StepRange range = train::step_range(planned.best->step, on);
    planned.range_low = range.low;
    planned.range_high = range.high;
  };
  if (offer.plausible.empty()) {
    const auto found = search_layouts(q.model, q.job, layout_of(q, offer), machine, planned.chips, options);
    if (!found) return found.why();
    take(*found, machine);
    return std::nullopt;
  }
  auto searched =
      search_on_middle(q.model, q.job, layout_of(q, offer), machine, offer.plausible, planned.chips, options);
  if (!searched) return searched.why();
  take(searched->found, searched->machine);
  if (!searched->spread.stacks.empty()) planned.stacks = searched->spread;
  return std::nullopt;
}

PlannedOffer evaluate(const Question& q, const Offer& offer, const machine::Machine& machine, int nodes) {
  PlannedOffer planned{.name = offer.name, .nodes = nodes, .chips = nodes * offer.chips_per_node};
  SearchOptions options{.keep = 1, .threads = q.threads, .progress = q.progress, .programs = &q.programs};
  if (q.limits.memory_headroom) options.memory_headroom = *q.limits.memory_headroom;
  const auto why = find_best(q, offer, machine, options, planned);
  planned.power = offer.power_per_node * static_cast<double>(nodes);
  if (offer.price_per_node) planned.capex = *offer.price_per_node * nodes;
  if (why) {
    planned.infeasible = why->detail;
    // A size that is looked for tries the next number anyway.
    if (offer.nodes) planned.infeasible += "; " + remedy(q, offer, planned.chips, *why, options.memory_headroom);
    return planned;
  }
  RunFigures figures = run_figures(q.job, planned.best->step,
                                   {.chips = planned.chips,
                                    .power = planned.power,
                                    .rent_per_chip_hour = offer.rent_per_chip_hour,
                                    .price = planned.capex});
  planned.run = figures.run;
  planned.energy = figures.energy;
  planned.cost = figures.cost;
  planned.cost_basis = std::move(figures.cost_basis);
  if (offer.costs && planned.run > Seconds{}) {
    OfferCosts costs = *offer.costs;
    if (offer.goodput) {
      const auto share = offer.goodput(planned);
      if (!share) {
        planned.infeasible = share.why().detail + "; " + share.why().remedy;
        planned.best.reset();
        return planned;
      }
      costs.factors[cost::index_of(cost::CostFactor::kGoodput)] = *share;
    }
    planned.money = money_of_run(costs, nodes, planned.chips, planned.run);
    take_way(q.limits, offer.costs->currency, planned);
  }
  return planned;
}

// Node counts worth trying: 2^a times 1, 3, 5 or 7, the counts that divide into layouts and batches.
std::vector<int> node_counts(int most) {
  std::vector<int> counts;
  for (const int odd : {1, 3, 5, 7}) {
    for (long long n = odd; n <= most; n *= 2) counts.push_back(static_cast<int>(n));
  }
  std::sort(counts.begin(), counts.end());
  return counts;
}

bool rented(const Offer& offer, const PlannedOffer& planned) {
  return planned.money ? planned.money->way && !cost::owns(*planned.money->way) : offer.rent_per_chip_hour.has_value();
}

// The smallest cluster that meets the deadline. Counts on which even the peak would be late are skipped.
PlannedOffer size_offer(const Question& q, const Offer& offer) {
  const int most_chips = sized_chips_max(q.limits);
  PlannedOffer last{.name = offer.name,
                    .best = {},
                    .counts = {},
                    .infeasible = "no node count was tried",
                    .cost = {},
                    .cost_basis = {},
                    .capex = {},
                    .broken = {},
                    .verdict = {}};
  const double parameters = model::count_parameters(q.model).active;
  const FlopsPerSecond peak = offer.machine.kernels().peak(q.job.recipe);
  for (const int nodes : node_counts(std::max(1, most_chips / offer.chips_per_node))) {
    const double chips = static_cast<double>(nodes) * offer.chips_per_node;
    const Flops least{4.0 * parameters * q.job.total_tokens.value()};  // LoRA's share; full training needs 6
    if (least / (peak * chips) > *q.limits.deadline) continue;
    // The next size begins on the middle stack of the one before: mostly it is the middle there too.
    machine::Machine machine = offer.machine.on(nodes * offer.chips_per_node);
    if (last.stacks) machine = on_middle(machine, offer.plausible, *last.stacks);
    last = evaluate(q, offer, machine, nodes);
    if (last.best && finish_of(last) <= *q.limits.deadline) return last;
  }
  if (last.nodes == 0) {
    const Flops least{4.0 * parameters * q.job.total_tokens.value()};
    last.infeasible = fmt::format("even {} chips at their peak take {}, the deadline is {}", most_chips,
                                  format_seconds(least / (peak * most_chips)), format_seconds(*q.limits.deadline));
  }
  if (last.best)
    last.infeasible = fmt::format("{} nodes still take {}, the deadline is {}", last.nodes,
                                  format_seconds(finish_of(last)), format_seconds(*q.limits.deadline));
  else
    last.infeasible += "; allow more chips or a later deadline";
  last.best.reset();
  return last;
}

}  // namespace

void note_stacks(const std::vector<PlannedOffer>& offers, std::vector<std::string>& assumptions) {
  for (const PlannedOffer& offer : offers) {
    if (offer.stacks)
      assumptions.push_back(
          fmt::format("The software stack is not stated. {}: {}; the range covers every one (--stack NAME narrows it).",
                      offer.name, stack_sentence(*offer.stacks)));
  }
}

Seconds finish_of(const PlannedOffer& offer) { return offer.money ? offer.money->finish : offer.run; }

Plan plan(const model::Transformer& model, const workload::TrainingJob& job, const workload::PartialLayout& layout,
          const std::vector<Offer>& offers, const PlanLimits& limits, unsigned threads, Progress* progress) {
  train::ProgramMemo programs;
  const Question question{model, job, layout, limits, threads, progress, programs};
  Plan result;
  for (const Offer& offer : offers) {
    if (offer.nodes) {
      result.offers.push_back(evaluate(question, offer, offer.machine, *offer.nodes));
    } else if (limits.deadline && job.total_tokens > Tokens{}) {
      result.offers.push_back(size_offer(question, offer));
    } else {
      PlannedOffer unsized{
          .name = offer.name,
          .best = {},
          .counts = {},
          .infeasible = "the number of nodes is left out, so training.tokens and limits.deadline must be given",
          .cost = {},
          .cost_basis = {},
          .capex = {},
          .broken = {},
          .verdict = {}};
      result.offers.push_back(unsized);
    }
    apply_limits(limits, rented(offer, result.offers.back()), result.offers.back());
  }
  judge(result);
  return result;
}

}  // namespace socle::search
