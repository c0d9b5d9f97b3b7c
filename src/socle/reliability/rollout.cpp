#include "socle/reliability/rollout.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "socle/base/check.hpp"

namespace socle::reliability {
namespace {

constexpr int kStagesMost = 8;
constexpr double kFirstShares[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
constexpr double kBakes[] = {0.1, 0.25, 0.5, 1.0, 1.5, 2.0};

/// Shares that grow by one factor from the first to what makes them add up to 1.
std::vector<double> growing(double first, int stages) {
  if (stages == 1) return {1.0};
  double low = 1, high = 1e6;
  for (int step = 0; step < 200; ++step) {
    const double factor = (low + high) / 2;
    const double sum = factor == 1 ? first * stages : first * (std::pow(factor, stages) - 1) / (factor - 1);
    (sum > 1 ? high : low) = factor;
  }
  std::vector<double> shares;
  double left = 1;
  for (int i = 0; i + 1 < stages; ++i) {
    shares.push_back(std::min(left, first * std::pow(low, i)));
    left -= shares.back();
  }
  shares.push_back(left);
  return shares;
}

}  // namespace

Exposure exposure(const Rollout& rollout) {
  SOCLE_CHECK(!rollout.stages.empty(), "a rollout has a stage");
  double reached = 0;
  Seconds seen = rollout.stages.back().start;
  for (const RolloutStage& stage : rollout.stages) {
    reached += stage.share;
    if (reached + 1e-12 < rollout.visible) continue;
    seen = stage.start;
    break;
  }
  const Seconds noticed = seen + rollout.detect;
  Exposure found;
  found.bad = noticed + rollout.rollback;
  for (const RolloutStage& stage : rollout.stages) {
    if (stage.start >= noticed && found.stages > 0) break;
    found.share += stage.share;
    found.share_time += (found.bad - stage.start) * stage.share;
    ++found.stages;
  }
  return found;
}

std::vector<RolloutStage> stages_of(const std::vector<double>& shares, Seconds bake) {
  std::vector<RolloutStage> stages;
  for (std::size_t i = 0; i < shares.size(); ++i) stages.push_back({shares[i], bake * static_cast<double>(i)});
  return stages;
}

Seconds rollout_length(const std::vector<RolloutStage>& stages, Seconds bake) { return stages.back().start + bake; }

RolloutPlan plan_rollout(Seconds detect, Seconds rollback, double visible, Seconds share_time_most) {
  std::optional<RolloutPlan> best, least;
  const auto consider = [&](const std::vector<double>& shares, Seconds bake) {
    RolloutPlan plan{
        .rollout = {stages_of(shares, bake), detect, rollback, visible}, .bake = bake, .length = {}, .exposure = {}};
    plan.length = rollout_length(plan.rollout.stages, bake);
    plan.exposure = exposure(plan.rollout);
    const auto rank = [](const RolloutPlan& one) {
      return std::tuple(one.length, one.exposure.share_time, one.rollout.stages.size());
    };
    const bool keeps = plan.exposure.share_time <= share_time_most;
    if (keeps && (!best || rank(plan) < rank(*best))) best = plan;
    if (!least ||
        std::tuple(plan.exposure.share_time, plan.length) < std::tuple(least->exposure.share_time, least->length))
      least = plan;
  };
  consider({1.0}, Seconds{});
  for (int stages = 2; stages <= kStagesMost; ++stages) {
    for (const double first : kFirstShares) {
      if (first * stages > 1) continue;
      for (const double bake : kBakes) consider(growing(first, stages), detect * bake);
    }
  }
  return best ? *best : *least;
}

RollingUpgrade rolling_upgrade(std::int64_t units, std::int64_t at_once, Seconds wave) {
  SOCLE_CHECK(at_once >= 1, "a wave changes something");
  const std::int64_t waves = (units + at_once - 1) / at_once;
  return {waves, wave * static_cast<double>(waves)};
}

}  // namespace socle::reliability
