#include "socle/answer/risk/serve_risk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/reliability/job.hpp"

namespace socle::answer {
namespace {

using reliability::ReplicaFleet;

constexpr Seconds kMonth{86400 * 365.25 / 12};
constexpr Seconds kDetect{30}, kReschedule{30}, kImage{60}, kWarmUp{60};
constexpr BytesPerSecond kLoad{2e9};
constexpr std::int64_t kMoreReplicas = 4;

void check(const ServeResult& serving) {
  Problems problems;
  const std::string& source = serving.setup.serve.source;
  if (!(serving.setup.requests.offered_rate > 0))
    problems.add({source, 0, 0, "requests", "a fleet is judged at a rate of requests: write rate, or a trace"});
  if (!serving.objectives.any())
    problems.add({source, 0, 0, "requests",
                  "a fleet is judged by objectives, which say what a replica carries: slo_ttft, slo_tpot or slo_e2e"});
  if (serving.setup.prefill)
    problems.add({source, 0, 0, "serving.prefill_replicas",
                  "a fleet whose prompts are computed apart is not judged; leave prefill_replicas out"});
  problems.throw_if_any();
}

/// Failures of one chip's worth, all and those that lose the node.
struct ChipRates {
  reliability::PerSecond all, lost;
  Seconds repair;
};

ChipRates chip_rates(const catalog::FailureFleet& fleet, std::int64_t chips_per_node) {
  const auto failures = reliability::job_failures(
      fleet, {.chips = chips_per_node, .chips_per_node = chips_per_node, .links = std::nullopt},
      reliability::kUsualRepair);
  ChipRates rates;
  double weighted = 0;
  for (const reliability::JobFailure& one : failures) {
    const reliability::PerSecond lost = one.rate * one.node_lost;
    rates.all += one.rate / static_cast<double>(chips_per_node);
    rates.lost += lost / static_cast<double>(chips_per_node);
    weighted += lost * one.repair.mean;
  }
  if (rates.lost > reliability::PerSecond{})
    rates.repair = Seconds{weighted / (rates.lost.value() * static_cast<double>(chips_per_node))};
  return rates;
}

class Judge {
 public:
  explicit Judge(ServeRiskResult& result) : result_(result) {}

  void fill() {
    const setup::ServeSimulationSetup& setup = result_.serving.setup;
    chips_ = result_.serving.chips / setup.replicas;
    per_node_ = setup.serve.chips_per_node;
    rates_ = chip_rates(result_.options.failures, per_node_);
    result_.fleet = fleet_of(setup.replicas);
    for (std::int64_t replicas = result_.fleet.needed; replicas <= result_.fleet.needed + kMoreReplicas; ++replicas)
      add_choice(replicas, setup.replicas);
    if (std::none_of(result_.choices.begin(), result_.choices.end(), [](const auto& one) { return one.asked; }))
      add_choice(setup.replicas, setup.replicas);
    std::sort(result_.choices.begin(), result_.choices.end(),
              [](const FleetChoice& a, const FleetChoice& b) { return a.replicas < b.replicas; });
    add_parts();
    for (std::int64_t zones = 1; zones <= std::max<std::int64_t>(4, result_.options.zones); ++zones) add_zone(zones);
  }

 private:
  ReplicaFleet fleet_of(std::int64_t replicas) const {
    ReplicaFleet fleet;
    fleet.replicas = replicas;
    fleet.needed = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::ceil(result_.offered / result_.carried_by_one - 1e-9)));
    fleet.nodes = (replicas * chips_ + per_node_ - 1) / per_node_;
    fleet.spare_nodes = result_.options.spare_nodes.value_or(fleet.nodes);
    fleet.replicas_of_node = static_cast<double>(per_node_) / static_cast<double>(chips_);
    fleet.failures = rates_.all * static_cast<double>(chips_);
    fleet.node_losses = rates_.lost * static_cast<double>(per_node_);
    fleet.restart = restart();
    fleet.repair = rates_.repair;
    fleet.request = result_.serving.figures.e2e.mean;
    return fleet;
  }

  Seconds restart() const {
    const ServeRiskOptions& options = result_.options;
    return options.detect.value_or(kDetect) + options.reschedule.value_or(kReschedule) +
           options.image.value_or(kImage) + result_.loading + options.warm_up.value_or(kWarmUp);
  }

  void add_choice(std::int64_t replicas, std::int64_t asked) {
    FleetChoice choice{.replicas = replicas, .chips = replicas * chips_, .asked = replicas == asked};
    choice.availability = reliability::fleet_availability(fleet_of(replicas));
    choice.short_time_per_month = kMonth * (1 - choice.availability.enough);
    choice.budget_used = choice.availability.failed() / (1 - result_.options.target);
    result_.choices.push_back(choice);
  }

  void add_part(std::string name, double replicas) {
    const auto installed = static_cast<double>(result_.fleet.replicas);
    replicas = std::min(replicas, installed);
    result_.parts.push_back({std::move(name), replicas, replicas / installed,
                             installed - replicas >= static_cast<double>(result_.fleet.needed)});
  }

  void add_parts() {
    const double of_node = std::max(1.0, std::ceil(result_.fleet.replicas_of_node - 1e-9));
    add_part("chip", 1);
    add_part(fmt::format("node of {} chips", per_node_), of_node);
    if (const auto rack = result_.options.rack_nodes)
      add_part(fmt::format("rack of {} nodes", *rack),
               std::max(1.0, std::ceil(static_cast<double>(*rack) * result_.fleet.replicas_of_node - 1e-9)));
    const auto zones = static_cast<double>(result_.options.zones);
    add_part(fmt::format("one zone of {}", result_.options.zones),
             std::ceil(static_cast<double>(result_.fleet.replicas) / zones));
  }

  void add_zone(std::int64_t zones) {
    ZoneChoice choice{.zones = zones, .asked = zones == result_.options.zones};
    choice.replicas_each = reliability::replicas_of_zone(result_.fleet.needed, zones);
    choice.replicas = choice.replicas_each * zones;
    choice.over = static_cast<double>(choice.replicas) / static_cast<double>(result_.fleet.needed) - 1;
    result_.zones.push_back(choice);
  }

  ServeRiskResult& result_;
  std::int64_t chips_ = 1, per_node_ = 8;
  ChipRates rates_;
};

void say_assumptions(ServeRiskResult& result) {
  const ServeRiskOptions& options = result.options;
  const auto note = [&](std::string text) { result.assumptions.push_back(std::move(text)); };
  note(fmt::format("Failures: {} ({}): {}.", options.failures.name, catalog::grade_text(options.failures),
                   options.failures.provenance.source));
  const auto usual = [&](const std::optional<Seconds>& stated, Seconds time, const char* text, const char* flag) {
    if (!stated) note(fmt::format("{} {} ({}; assumption).", text, format_seconds(time), flag));
  };
  usual(options.detect, kDetect, "A dead replica is noticed after", "--detect");
  usual(options.reschedule, kReschedule, "Another place is found in", "--reschedule");
  usual(options.image, kImage, "Its processes run after", "--image");
  usual(options.warm_up, kWarmUp, "Compilation and graphs take", "--warm-up");
  if (!options.spare_nodes) note("Another node is always found in place of a lost one (--spare-nodes).");
  if (!options.load)
    note(fmt::format("A node reads weights at {} (--load; assumption).", format_bytes_per_second(kLoad)));
  if (!options.target_stated) note("99.9 % of the requests are to be served (--target).");
  note(
      "The rate is of parts: software of the service itself, changes and lost zones are not in it (socle risk rollout, "
      "socle risk incident).");
  for (const auto& list : {&result.serving.setup.serve.assumptions}) {
    result.assumptions.insert(result.assumptions.end(), list->begin(), list->end());
  }
  result.doubts = result.serving.setup.serve.doubts;
  if (!options.failures.provenance.notes.empty())
    result.doubts.push_back(fmt::format("{}: {}.", options.failures.name, options.failures.provenance.notes));
}

}  // namespace

const FleetChoice& ServeRiskResult::asked() const {
  return *std::find_if(choices.begin(), choices.end(), [](const FleetChoice& one) { return one.asked; });
}

Feasible<ServeRiskResult> serve_risk(ServeResult serving, ServeRiskOptions options) {
  check(serving);
  if (!serving.fits)
    return Infeasible{"memory", "the model does not fit on a replica",
                      "socle serve fit says by how much, and what does"};
  if (!serving.capacity || !(*serving.capacity > 0))
    return Infeasible{"objectives", "the objectives hold at no load: a request alone breaks them", "loosen them"};
  ServeRiskResult result;
  result.serving = std::move(serving);
  result.options = std::move(options);
  result.offered = result.serving.setup.requests.offered_rate;
  result.carried_by_one = *result.serving.capacity / result.serving.setup.replicas;
  const Bytes weights = result.serving.fit.chosen.memory->weights.total() *
                        static_cast<double>(std::min(result.serving.chips / result.serving.setup.replicas,
                                                     result.serving.setup.serve.chips_per_node));
  result.loading = weights / result.options.load.value_or(kLoad);
  Judge(result).fill();
  say_assumptions(result);
  return result;
}

}  // namespace socle::answer
