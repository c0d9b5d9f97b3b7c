#include "socle/reliability/recovery.hpp"

#include <algorithm>
#include <cmath>

#include "socle/reliability/spares.hpp"

namespace socle::reliability {
namespace {

/// Shares of failures with a lost node that find a hot spare, another spare, or none.
struct SpareChances {
  double hot = 0, other = 1, wait_share = 0, down = 0;
  double missing = 0;  // nodes that an elastic job goes without, mean
};

/// Nodes that fail for good, per node and second, and their mean repair.
struct NodeLosses {
  double per_node = 0, repair = 0;
};

NodeLosses node_losses(const Job& job, double factor) {
  NodeLosses losses;
  double weighted = 0, rate = 0;
  for (const JobFailure& one : job.failures) {
    const double nodes = one.rate.value() * factor * one.node_lost * one.nodes_hit;
    rate += nodes;
    weighted += nodes * one.repair.mean.value();
  }
  losses.per_node = rate / static_cast<double>(job.nodes);
  losses.repair = rate > 0 ? weighted / rate : 0;
  return losses;
}

SpareChances spare_chances(const Job& job, double factor) {
  if (!job.spares) return {};
  const NodeLosses losses = node_losses(job, factor);
  const double down = unavailability(losses.per_node, Seconds{losses.repair});
  const std::vector<double> chances = down_while_needed(job.nodes, job.spares->size(), down);
  SpareChances found{.hot = 0, .other = 0, .wait_share = chances.back()};
  found.missing = mean_down_beyond(job.nodes + job.spares->size(), job.spares->size(), down);
  for (std::size_t k = 0; k < chances.size(); ++k) {
    found.down += static_cast<double>(k) * chances[k];
    if (k + 1 == chances.size()) break;  // the job stands still, nothing fails
    (static_cast<std::int64_t>(k) < job.spares->hot ? found.hot : found.other) += chances[k];
  }
  const double running = found.hot + found.other;
  found.hot /= running;
  found.other /= running;
  return found;
}

}  // namespace

RecoveryPath recovery_path(const Job& job, const JobFailure& failure, Replacement replacement) {
  const RestartStages& stages = job.restart;
  RecoveryPath path;
  path.unnoticed = failure.unnoticed.value();
  path.detect = stages.detect.value();
  path.load = stages.load.value();
  path.load_from_memory = job.checkpoints.memory ? job.checkpoints.memory->load.value() : path.load;
  path.warm_up = stages.warm_up.value();
  if (replacement != Replacement::kInPlace) path.drain = stages.drain.value();
  if (replacement == Replacement::kOther) path.replace = (stages.schedule + stages.image).value();
  return path;
}

double memory_lost_share(const Job& job, const JobFailure& failure) {
  if (!job.checkpoints.memory) return 1.0;
  if (job.nodes < 2) return failure.node_lost;
  if (failure.nodes_hit < 2 || job.checkpoints.memory->peers_apart) return 0.0;
  return failure.node_lost;  // neighbours share what fails
}

double memory_lost_share_again(const Job& job, const JobFailure& failure) {
  const double first = memory_lost_share(job, failure);
  if (first >= 1 || job.nodes < 2) return first;
  const double peer = std::min(1.0, failure.nodes_hit / static_cast<double>(job.nodes - 1));
  return first + (1 - first) * peer * failure.node_lost;
}

FailureMix failure_mix(const Job& job, double factor) {
  FailureMix mix;
  mix.rate = interruption_rate(job.failures).value() * factor;
  if (!(mix.rate > 0)) return mix;
  const SpareChances spares = spare_chances(job, factor);
  mix.wait_share = job.elastic ? 0 : spares.wait_share;
  mix.nodes_down = spares.down;
  for (const JobFailure& failure : job.failures) {
    const double share = failure.rate.value() * factor / mix.rate;
    if (!(share > 0)) continue;
    mix.memory_lost += share * memory_lost_share(job, failure);
    mix.memory_lost_again += share * memory_lost_share_again(job, failure);
    const auto add = [&](double part, Replacement replacement) {
      if (part > 0) mix.items.push_back({share * part, recovery_path(job, failure, replacement)});
    };
    add(1 - failure.node_lost, Replacement::kInPlace);
    add(failure.node_lost * spares.hot, Replacement::kHotSpare);
    add(failure.node_lost * spares.other, Replacement::kOther);
  }
  if (job.elastic) {
    // Without a spare the replica is away for the repair; the others hold its state.
    mix.replica_away = mix.mean_time(true) + spares.missing / mix.rate;
    for (FailureMix::Item& item : mix.items) item.path = {.detect = job.elastic->stall.value()};
  }
  return mix;
}

double FailureMix::undisturbed(bool memory) const {
  if (!(rate > 0)) return 1.0;
  double sum = 0;
  for (const Item& item : items) sum += item.share * std::exp(-rate * item.path.time(memory));
  return sum;
}

double FailureMix::mean_time(bool memory) const {
  double sum = 0;
  for (const Item& item : items) sum += item.share * item.path.time(memory);
  return sum;
}

}  // namespace socle::reliability
