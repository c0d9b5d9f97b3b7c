#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"

namespace socle::scenario {

/// How a job keeps its state.
enum class CheckpointKind { kSync, kAsync, kTiered };

/// [risk]: what fails, how the job saves itself and comes back, what stands by.
struct RiskSection {
  Named failures;                   ///< a fleet of the catalogue
  std::optional<double> node_rate;  ///< failures of 1,000 nodes in a day, in place of a fleet
  std::optional<double> rate_factor;
  std::optional<std::int64_t> links;  ///< cables of the job's network, for classes by link
  std::optional<bool> exact_rate;
  std::optional<bool> job_causes;  ///< adds what jobs were measured to end for beyond their parts
  std::optional<Seconds> burn_in;
  std::optional<double> burn_in_factor;
  Named trace;
  std::optional<std::int64_t> trace_nodes;
  std::optional<Seconds> repair_median, repair_mean, silent_unnoticed;

  std::optional<CheckpointKind> checkpoint;
  std::optional<Bytes> checkpoint_bytes;
  std::optional<Seconds> checkpoint_interval, copy_interval, blocking;
  std::optional<BytesPerSecond> copy_bandwidth, storage_write, storage_read;
  std::optional<Bytes> storage_capacity, dataset;
  std::optional<double> token_bytes;
  std::optional<std::int64_t> keep;

  std::optional<Seconds> detect, drain, reschedule, image, restore, warm_up;
  std::optional<std::int64_t> hot_spares, warm_spares;
  std::optional<bool> elastic;
  std::optional<Seconds> elastic_stall;
  std::optional<double> planned_per_day;
  std::optional<Seconds> planned_time;

  std::optional<Seconds> run;  ///< useful work, where no model says it
  std::optional<std::int64_t> samples, seed;
  std::optional<Money> lost_hour;
};

const std::vector<std::string>& checkpoint_kind_names();

std::vector<Key<RiskSection>> risk_keys();

}  // namespace socle::scenario
