#include "socle/cost/holding.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/base/tail_mean.hpp"

namespace socle::cost {
namespace {

constexpr double kShareRounding = 1e-6, kWorst = 0.9;

double cost_of(const HoldingQuestion& question, double held, double demand) {
  return question.idle * held + (question.at_work - question.idle) * std::min(held, demand) +
         question.rented * std::max(0.0, demand - held);
}

double expected(const HoldingQuestion& question, const std::vector<DemandCase>& demand, int held) {
  double sum = 0;
  for (const DemandCase& one : demand) sum += one.share * cost_of(question, held, one.chips);
  return sum;
}

/// Most that may be held: what the budget pays for; without one, or of what is free, all that may have work.
int most_held(const HoldingQuestion& question) {
  double most = 0;
  for (const DemandCase& one : question.demand) most = std::max<double>(most, one.chips);
  double nodes = std::ceil(most / question.unit);
  if (question.budget && question.idle > 0)
    nodes = std::min(nodes, std::floor(*question.budget / (question.idle * question.unit) * (1 + 1e-12)));
  return static_cast<int>(nodes) * question.unit;
}

/// The least holding of least cost for a demand of its own, which may be a fraction of a chip.
template <typename Cost>
int cheapest(const HoldingQuestion& question, const std::vector<double>& demands, int most, Cost cost) {
  std::vector<int> candidates{0, most};
  for (const double demand : demands) {
    const int below = static_cast<int>(std::floor(demand / question.unit)) * question.unit;
    candidates.push_back(std::min(most, below));
    candidates.push_back(std::min(most, below + question.unit));
  }
  std::sort(candidates.begin(), candidates.end());
  int best = candidates.front();
  for (const int held : candidates) {
    if (cost(held) < cost(best)) best = held;
  }
  return best;
}

void check(const HoldingQuestion& question) {
  double sum = 0;
  for (const DemandCase& one : question.demand) {
    SOCLE_CHECK(one.share >= 0 && one.chips >= 0, "shares and chips are not negative");
    sum += one.share;
  }
  SOCLE_CHECK(std::fabs(sum - 1) < kShareRounding, "shares add up to 1");
  SOCLE_CHECK(question.idle >= 0 && question.at_work >= 0 && question.rented >= 0, "money is not negative");
  SOCLE_CHECK(question.unit >= 1 && question.budget.value_or(0) >= 0, "units and budgets are not negative");
}

}  // namespace

Holding decide_holding(const HoldingQuestion& question) {
  check(question);
  const int most = most_held(question);
  std::vector<double> demands;
  double mean = 0;
  for (const DemandCase& one : question.demand) {
    demands.push_back(one.chips);
    mean += one.share * one.chips;
  }
  const auto expected_of = [&](int held) { return expected(question, question.demand, held); };
  Holding result;
  result.held = cheapest(question, demands, most, expected_of);
  result.cost = expected_of(result.held);
  result.held_for_mean = cheapest(question, {mean}, most, [&](int held) { return cost_of(question, held, mean); });
  result.cost_for_mean = expected_of(result.held_for_mean);
  std::vector<Outcome> losses;
  for (const DemandCase& one : question.demand) {
    const auto sure = [&](int held) { return cost_of(question, held, one.chips); };
    result.known_demand += one.share * sure(cheapest(question, {static_cast<double>(one.chips)}, most, sure));
    const int at_work = std::min(result.held, one.chips);
    result.outcomes.push_back({.demand = one,
                               .at_work = at_work,
                               .idle = result.held - at_work,
                               .rented = one.chips - at_work,
                               .cost = cost_of(question, result.held, one.chips)});
    losses.push_back({result.outcomes.back().cost, one.share});
  }
  result.worst_tenth = tail_mean(losses, kWorst);
  if (question.budget) {
    const double node = question.idle * question.unit;
    const bool binds = node > 0 && result.held == most;
    result.budget_worth = binds ? std::max(0.0, (result.cost - expected_of(most + question.unit)) / node) : 0.0;
  }
  return result;
}

}  // namespace socle::cost
