#include "socle/answer/risk/risk_job.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

using reliability::Job;
using scenario::CheckpointKind;
using scenario::RiskSection;

constexpr double kDay = 86400;
// A scalable unit of 256 H100 of NVIDIA's reference architecture, as notes quote it.
constexpr double kUnitChips = 256, kUnitWrite = 62e9, kUnitRead = 125e9;
constexpr BytesPerSecond kCopyBandwidth{10e9};
constexpr Seconds kStop{0.5};  // of 512 H100 that write asynchronously, as notes quote it: below half a second
constexpr Seconds kDetect{60}, kDrain{30}, kReschedule{60}, kImage{60}, kWarmUp{120}, kStall{30}, kPlannedTime{1800};

/// Fills a job and says what it fills in.
class Builder {
 public:
  Builder(const setup::RiskSetup& setup, const JobFacts& facts) : setup_(setup), risk_(setup.risk), facts_(facts) {}

  RiskJob build(const std::string& source) {
    result_.job.nodes = setup_.nodes();
    result_.job.productive = facts_.run;
    fill_failures();
    fill_storage();
    fill_checkpoints();
    fill_restart();
    fill_rest(source);
    return std::move(result_);
  }

 private:
  void note(std::string sentence) { result_.assumptions.push_back(std::move(sentence)); }

  template <typename T>
  T stated_or(const std::optional<T>& stated, T usual, const std::string& sentence) {
    if (!stated) note(sentence);
    return stated.value_or(usual);
  }

  void fill_failures() {
    Job& job = result_.job;
    if (setup_.fleet) {
      job.failures = reliability::job_failures(
          *setup_.fleet, {.chips = setup_.cluster.chips, .chips_per_node = setup_.chips_per_node, .links = risk_.links},
          setup_.unstated_repair);
      if (risk_.job_causes.value_or(false)) add_job_causes();
      const bool unstated = std::any_of(setup_.fleet->classes.begin(), setup_.fleet->classes.end(),
                                        [](const auto& one) { return !one.repair_median && one.node_lost > 0; });
      if (unstated) say_repair();
      if (setup_.fleet->rate_low && !risk_.exact_rate.value_or(false)) {
        job.spread = {.low = *setup_.fleet->rate_low, .mode = 1, .high = *setup_.fleet->rate_high};
        note(fmt::format("The rates elsewhere are {} to {} times these: {} (--exact-rate true leaves that out).",
                         format_number(job.spread.low), format_number(job.spread.high), setup_.fleet->range_source));
      }
    } else {
      job.failures = reliability::node_failures(*risk_.node_rate / 1000, job.nodes, setup_.unstated_repair);
      say_repair();
    }
    if (risk_.rate_factor) {
      for (reliability::JobFailure& one : job.failures) one.rate *= *risk_.rate_factor;
    }
    bool silent = false;
    for (reliability::JobFailure& one : job.failures) {
      if (one.group != "silent") continue;
      silent = true;
      one.unnoticed = risk_.silent_unnoticed.value_or(Seconds{});
    }
    if (silent && !risk_.silent_unnoticed)
      result_.doubts.push_back(
          "How long silent corruption spoils work unnoticed is not known and not counted (--silent-unnoticed).");
    if (risk_.burn_in) job.regimes = {{*risk_.burn_in, risk_.burn_in_factor.value_or(2.0)}};
    if (risk_.burn_in && !risk_.burn_in_factor) note("Rates are twice as high while burn-in lasts (--burn-in-factor).");
  }

  /// What is left of the measured rate beyond that of the parts.
  void add_job_causes() {
    const auto measured = reliability::measured_time_to_interruption(*setup_.fleet, setup_.cluster.chips);
    const reliability::PerSecond parts = reliability::interruption_rate(result_.job.failures);
    const reliability::PerSecond own = 1.0 / *measured - parts;
    if (own > reliability::PerSecond{})
      result_.job.failures.push_back({.name = "the job's own causes",
                                      .group = "software",
                                      .rate = own,
                                      .node_lost = 0,
                                      .unnoticed = {},
                                      .repair = {}});
    note(
        fmt::format("Jobs of this size ended every {} for all causes in that fleet; beyond its parts those causes keep "
                    "their nodes.",
                    format_seconds(*measured)));
  }

  void say_repair() {
    if (risk_.repair_median) return;
    note(
        fmt::format("A node is gone for {} (median) and {} (mean): all repairs of stepfun-8gpu (--repair-median, "
                    "--repair-mean).",
                    format_seconds(setup_.unstated_repair.median), format_seconds(setup_.unstated_repair.mean)));
  }

  void fill_storage() {
    const double units = std::max(1.0, static_cast<double>(setup_.cluster.chips) / kUnitChips);
    StorageFacts& storage = result_.storage;
    storage.write_stated = risk_.storage_write.has_value();
    storage.read_stated = risk_.storage_read.has_value();
    storage.write = stated_or(risk_.storage_write, BytesPerSecond{kUnitWrite * units},
                              fmt::format("Storage takes {}: 62 GB/s for each 256 chips, a vendor's reference as notes "
                                          "quote it (--storage-write).",
                                          format_bytes_per_second(BytesPerSecond{kUnitWrite * units})));
    storage.read = stated_or(risk_.storage_read, BytesPerSecond{kUnitRead * units},
                             fmt::format("Storage gives {}: 125 GB/s for each 256 chips, the same (--storage-read).",
                                         format_bytes_per_second(BytesPerSecond{kUnitRead * units})));
    result_.write_time = facts_.checkpoint / storage.write;
  }

  Seconds copy_time() {
    const BytesPerSecond bandwidth =
        stated_or(risk_.copy_bandwidth, kCopyBandwidth,
                  fmt::format("A chip copies its share of a checkpoint to its host at {} (--copy-bandwidth).",
                              format_bytes_per_second(kCopyBandwidth)));
    note(fmt::format("Stopping together for it takes {} more (--blocking states both).", format_seconds(kStop)));
    return facts_.checkpoint / static_cast<double>(setup_.cluster.chips) / bandwidth + kStop;
  }

  void fill_checkpoints() {
    reliability::Checkpoints& plan = result_.job.checkpoints;
    result_.kind = risk_.checkpoint.value_or(CheckpointKind::kAsync);
    if (!risk_.checkpoint)
      note("Checkpoints are asynchronous: the job waits for the copy to its hosts (--checkpoint).");
    plan.interval = risk_.checkpoint_interval;
    switch (result_.kind) {
      case CheckpointKind::kSync:
        plan.blocking = risk_.blocking.value_or(result_.write_time);
        return;
      case CheckpointKind::kAsync:
        plan.blocking = risk_.blocking ? *risk_.blocking : copy_time();
        plan.lag = result_.write_time;
        return;
      case CheckpointKind::kTiered:
        break;
    }
    const Seconds copy = risk_.blocking ? *risk_.blocking : copy_time();
    plan.lag = result_.write_time;
    plan.memory = reliability::MemoryCopies{.interval = risk_.copy_interval, .blocking = copy, .load = copy * 2.0};
    note(
        "A node's peer for copies is in another failure domain; its copy comes back at the same bandwidth, over two "
        "links.");
  }

  void fill_restart() {
    reliability::RestartStages& stages = result_.job.restart;
    const auto usual = [&](const std::optional<Seconds>& stated, Seconds time, const char* text) {
      return stated_or(stated, time, fmt::format("{} {} (assumption).", text, format_seconds(time)));
    };
    stages.detect = usual(risk_.detect, kDetect, "A failure is noticed after");
    stages.drain = usual(risk_.drain, kDrain, "Draining a failed node takes");
    stages.schedule = usual(risk_.reschedule, kReschedule, "Finding another node takes");
    stages.image = usual(risk_.image, kImage, "The image runs on it after");
    stages.load = risk_.restore.value_or(facts_.checkpoint / result_.storage.read);
    stages.warm_up = usual(risk_.warm_up, kWarmUp, "Groups, compilation and first steps take");
  }

  void fill_rest(const std::string& source) {
    Job& job = result_.job;
    const std::int64_t spares = risk_.hot_spares.value_or(0) + risk_.warm_spares.value_or(0);
    if (const std::int64_t most = std::max<std::int64_t>(64, job.nodes); spares > most)
      throw InputError(Problem{source, 0, 0, "risk.hot_spares",
                               fmt::format("{} spare nodes stand by for {} at work; write {} hot and warm ones at most",
                                           format_whole(spares), format_whole(job.nodes), format_whole(most))});
    if (risk_.hot_spares || risk_.warm_spares)
      job.spares = reliability::SparePool{risk_.hot_spares.value_or(0), risk_.warm_spares.value_or(0)};
    else
      note("Another node is always found in place of a failed one (--hot-spares, --warm-spares).");
    if (risk_.elastic.value_or(false)) {
      if (facts_.replicas < 2)
        throw InputError(Problem{source, 0, 0, "risk.elastic",
                                 "an elastic job needs a model whose layout has dp = 2 or more replicas"});
      job.elastic =
          reliability::Elastic{facts_.replicas, stated_or(risk_.elastic_stall, kStall,
                                                          fmt::format("The replicas that are left go on after "
                                                                      "{} (--elastic-stall).",
                                                                      format_seconds(kStall)))};
    }
    if (risk_.planned_per_day.value_or(0) > 0)
      job.planned = {
          reliability::PerSecond{*risk_.planned_per_day / kDay},
          stated_or(risk_.planned_time, kPlannedTime,
                    fmt::format("A planned interruption takes {} (--planned-time).", format_seconds(kPlannedTime)))};
  }

  const setup::RiskSetup& setup_;
  const RiskSection& risk_;
  const JobFacts& facts_;
  RiskJob result_;
};

}  // namespace

RiskJob risk_job(const setup::RiskSetup& setup, const JobFacts& facts, const std::string& source) {
  return Builder(setup, facts).build(source);
}

}  // namespace socle::answer
