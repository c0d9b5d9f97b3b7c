#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/chip_pool.hpp"
#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/money.hpp"
#include "socle/base/progress.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/serve_day_setup.hpp"

namespace socle::answer {

enum class ScalePolicy {
  kForecast,  ///< the rates of the day are known ahead, by five minutes
  kReactive,  ///< follows requests in flight, as the Horizontal Pod Autoscaler
};

/// What passes between the decision for a replica and its first request.
struct StartUp {
  Seconds image{60.0};                ///< container and process
  BytesPerSecond load_per_node{2e9};  ///< at which a node reads weights
  Seconds warm_up{60.0};              ///< compilation and capture of graphs
};

/// What is asked of a day beside its deployments.
struct DayOptions {
  ScalePolicy policy = ScalePolicy::kForecast;
  int least = 1;  ///< replicas that always run
  int spare = 0;  ///< beyond those that the rate needs
  StartUp start_up{};
  std::vector<std::string> assumptions{};  ///< which of these were not stated
  Seconds interval{15.0};                  ///< between two looks of the scaler
  std::optional<int> pool;                 ///< chips that there are; empty: as many as the day needs
  std::optional<IdleJob> idle;             ///< a job that trains on what is free
  unsigned threads = 0;
};

/// One hour of a deployment.
struct DayHour {
  double rate = 0;       ///< requests a second that came
  double replicas = 0;   ///< that held chips, on average
  double share_met = 1;  ///< of the requests that came in it
};

/// A fleet over the day.
struct DayFleet {
  ServeFigures figures;
  ChipSteps chips;
  int most_replicas = 0;
  double chip_hours = 0;
  std::optional<Money> spent;  ///< at the stated rent
  std::vector<DayHour> hours;
};

/// One deployment over the day: as many replicas as its busiest minutes need, and replicas that follow the traffic.
struct DayModel {
  setup::ServeDaySetup setup;
  FitResult fit;
  bool fits = false;  ///< the model on the chips; else nothing was simulated
  int chips = 0;      ///< of one replica
  Objectives objectives;
  double capacity = 0;            ///< requests a second at which one replica keeps the objectives; 0: at none
  double peak_rate = 0;           ///< of the busiest five minutes
  Seconds start_up{}, loading{};  ///< of a replica, and its part for the weights
  double headroom = 0;            ///< beyond the rate that the scaled fleet needed to keep the objectives
  double target = 0;              ///< requests in flight for each replica that kReactive follows
  DayFleet fixed, scaled;
  bool holds() const { return fits && capacity > 0; }
};

struct DayResult {
  std::vector<DayModel> models;
  DayOptions options;
  Seconds end{};         ///< of the longest day
  ChipSteps chips;       ///< of all scaled fleets
  int fixed_chips = 0;   ///< of all fixed fleets
  int pool = 0;          ///< chips that there are, or that the scaled fleets need together
  Seconds short_time{};  ///< in which more are wanted than there are
  std::optional<IdleUse> idle;
  std::vector<std::string> assumptions, doubts;  ///< of all of them, each once
  bool holds() const;
};

/// What `socle serve day` asks: the replicas that each deployment needs over its day, fixed and scaled, and what a pool
/// of chips that they share leaves free. Requires: at least one deployment. Throws InputError, Cancelled.
DayResult serve_day(const machine::MachineBuilder& machines, std::vector<setup::ServeDaySetup> setups,
                    const DayOptions& options, Progress* progress = nullptr);

}  // namespace socle::answer
