#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "socle/answer/serve/plan_work.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

auto order_of(const PlanEntry& e) {
  const bool holds = e.verdict == PlanVerdict::kBest || e.verdict == PlanVerdict::kHolds;
  const int group = holds ? 0 : e.verdict == PlanVerdict::kBound ? 1 : e.verdict == PlanVerdict::kDoesNotFit ? 3 : 2;
  return std::tuple(group, e.cost, -e.capacity, e.candidate, e.layout.chips(), e.layout.tensor_parallel,
                    e.layout.data_parallel, e.max_num_seqs, e.max_num_batched_tokens);
}

}  // namespace

bool comes_before(const PlanEntry& a, const PlanEntry& b) { return order_of(a) < order_of(b); }

// Rounds of a few at once, so that the answer does not depend on the number of threads.
int search_works(std::vector<PlanWork>& works, const ServePlanOptions& options,
                 const std::function<std::size_t(const PlanWork&)>& group_of,
                 const std::function<int(PlanWork&)>& measure, Progress* progress) {
  constexpr std::size_t kRound = 8;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (works[i].entry.verdict == PlanVerdict::kBound) open.push_back(i);
  }
  std::stable_sort(open.begin(), open.end(),
                   [&](std::size_t a, std::size_t b) { return works[a].entry.cost < works[b].entry.cost; });
  if (progress) progress->begin("searching capacities", std::max<std::size_t>(1, open.size()));
  std::map<std::size_t, double> bests;
  const auto best_of = [&](std::size_t work) -> double& {
    return bests.try_emplace(group_of(works[work]), std::numeric_limits<double>::infinity()).first->second;
  };
  int runs = 0;
  for (std::size_t at = 0; at < open.size(); at += kRound) {
    std::vector<std::size_t> round;
    for (std::size_t i = at; i < std::min(open.size(), at + kRound); ++i) {
      if (works[open[i]].entry.cost < best_of(open[i])) round.push_back(open[i]);
    }
    std::vector<int> took(round.size());
    parallel_for(round.size(), options.threads, [&](std::size_t i) { took[i] = measure(works[round[i]]); });
    for (std::size_t i = 0; i < round.size(); ++i) {
      runs += took[i];
      double& best = best_of(round[i]);
      if (works[round[i]].entry.verdict == PlanVerdict::kHolds) best = std::min(best, works[round[i]].entry.cost);
    }
    advance(progress, std::min(open.size(), at + kRound) - at);
  }
  return runs;
}

}  // namespace socle::answer
