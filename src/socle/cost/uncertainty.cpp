#include "socle/cost/uncertainty.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/base/tail_mean.hpp"

namespace socle::cost {
namespace {

constexpr std::uint32_t kPurpose = 0x636f7374;  // "cost"

std::optional<double> useful(Way way, const Plant& plant, const Values& values) {
  return yearly_cost(way, plant, values).per_useful_chip_hour;
}

double quantile(const std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[at];
}

}  // namespace

std::vector<FactorSwing> tornado(Way way, const Plant& plant, const Factors& factors) {
  std::vector<FactorSwing> swings;
  const Values middle = middle_of(factors);
  for (std::size_t i = 0; i < kCostFactors; ++i) {
    if (!factors[i] || factors[i]->value.low == factors[i]->value.high) continue;
    const auto factor = static_cast<CostFactor>(i);
    const auto low = useful(way, plant, moved(factors, middle, factor, factors[i]->value.low));
    const auto high = useful(way, plant, moved(factors, middle, factor, factors[i]->value.high));
    if (low && high && *low != *high) swings.push_back({factor, *low, *high});
  }
  std::stable_sort(swings.begin(), swings.end(), [](const FactorSwing& a, const FactorSwing& b) {
    return std::fabs(a.at_high - a.at_low) > std::fabs(b.at_high - b.at_low);
  });
  return swings;
}

double triangular(const Uncertain& value, double u) {
  const double width = value.high - value.low;
  if (!(width > 0)) return value.middle;
  const double turn = (value.middle - value.low) / width;
  return u < turn ? value.low + std::sqrt(u * width * (value.middle - value.low))
                  : value.high - std::sqrt((1.0 - u) * width * (value.high - value.middle));
}

bool of_machine(CostFactor factor) {
  return factor == CostFactor::kNodePrice || factor == CostFactor::kNetworkPrice || factor == CostFactor::kOnDemand ||
         factor == CostFactor::kReserved || factor == CostFactor::kSpot || factor == CostFactor::kWorkingPower ||
         factor == CostFactor::kIdlePower;
}

Values drawn(const Factors& factors, const RandomStream& stream, std::uint64_t draw, std::uint64_t machine) {
  Values values;
  for (std::size_t i = 0; i < kCostFactors; ++i) {
    if (!factors[i]) continue;
    const std::uint64_t entity = of_machine(static_cast<CostFactor>(i)) ? machine * kCostFactors + i : i;
    values[i] = triangular(factors[i]->value, stream.uniform(entity, draw));
  }
  const std::size_t exchange = index_of(CostFactor::kExchange);
  if (!factors[exchange]) return values;
  const double turned = *values[exchange] / factors[exchange]->value.middle;
  for (std::size_t i = 0; i < kCostFactors; ++i) {
    if (factors[i] && factors[i]->foreign) *values[i] *= turned;
  }
  return values;
}

Draws monte_carlo(const Plant& plant, const Factors& factors, int count, std::uint32_t seed) {
  SOCLE_CHECK(count >= 1, "at least one draw");
  const RandomStream stream(seed, kPurpose);
  std::array<std::vector<double>, kWays> costs;
  Draws draws;
  draws.count = count;
  for (int draw = 0; draw < count; ++draw) {
    const Values values = drawn(factors, stream, static_cast<std::uint64_t>(draw));
    std::optional<std::size_t> cheapest;
    double least = 0;
    for (const Way way : kAllWays) {
      const auto cost = useful(way, plant, values);
      if (!cost) continue;
      const auto w = static_cast<std::size_t>(way);
      costs[w].push_back(*cost);
      if (!cheapest || *cost < least) cheapest = w, least = *cost;
    }
    if (cheapest) draws.wins[*cheapest] += 1.0 / count;
  }
  for (std::size_t w = 0; w < kWays; ++w) {
    if (costs[w].empty()) continue;
    std::sort(costs[w].begin(), costs[w].end());
    draws.useful_chip_hour[w] = Percentiles{quantile(costs[w], 0.1), quantile(costs[w], 0.5), quantile(costs[w], 0.9),
                                            tail_mean(costs[w], 0.9)};
  }
  return draws;
}

}  // namespace socle::cost
