#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/cost/break_even.hpp"
#include "socle/cost/cash_flow.hpp"
#include "socle/cost/fabric_cost.hpp"
#include "socle/cost/holding.hpp"
#include "socle/cost/token_money.hpp"
#include "socle/cost/uncertainty.hpp"
#include "socle/cost/views.hpp"
#include "socle/search/fabric_design.hpp"
#include "socle/setup/cost_setup.hpp"

namespace socle::answer {

struct CostOptions {
  int draws = 10'000;  ///< of the Monte Carlo
  std::uint32_t seed = 1;
  std::optional<cost::Way> way;  ///< whose factors and pictures are shown; empty: the cheapest
};

/// A training run on these machines: the train answer's figures.
struct CostRun {
  std::string what;  ///< "deepseek-v3, 14.8T tokens"
  Seconds length{};  ///< without failures
  int chips = 0;
  Tokens tokens{};
};

/// A served load: the serve answer's figures.
struct CostTokens {
  std::string what;
  double input_per_second = 0, output_per_second = 0;
  int chips = 0;
  double cached_per_second = 0;  ///< of the input, that a cache had
};

/// What other answers bring.
struct CostParts {
  std::optional<search::PricedFabric> network;  ///< that was sized for the nodes
  std::optional<CostRun> run;
  std::optional<CostTokens> tokens;
};

/// One way to have the machines, with all that follows from its bill.
struct CostWay {
  cost::YearlyCost year;
  std::vector<cost::QuarterFlow> flow{};  ///< over the years asked about; empty while something is missing
  double present_value = 0;               ///< of that flow
  std::optional<double> per_run{};
  std::optional<double> per_million_output{}, per_million_tokens{};
  std::optional<double> sales_per_year{};          ///< of the tokens, at the prices of the scenario
  std::optional<double> margin{};                  ///< of them over what the machines cost
  std::optional<double> break_even_utilisation{};  ///< of owning, against rent on demand
  std::optional<double> break_even_months{};       ///< of owning, against `rival`
  std::optional<cost::Way> rival{};                ///< the cheapest rent that is known
};

/// How many chips to hold, one way, while demand is not known; what is missing then is rented on demand.
struct CostHolding {
  cost::Way way = cost::Way::kBuild;  ///< of those that hold chips (build, colocate, reserved), the one of least cost
  cost::HoldingQuestion question;
  cost::Holding decision;
};

struct CostResult {
  setup::CostSetup setup;
  CostParts parts;
  std::array<CostWay, cost::kWays> ways;
  std::optional<cost::Way> cheapest{};  ///< of a useful chip-hour, among those that are known
  std::optional<cost::Way> shown{};     ///< the one asked for, else the cheapest
  cost::ChipHourViews views;
  std::vector<cost::FactorSwing> tornado;  ///< of the way shown
  cost::Draws draws;
  std::optional<CostHolding> holding{};     ///< empty: demand is sure, or a price is missing
  std::optional<double> kwh_per_year{};     ///< at the meter
  std::optional<double> tonnes_per_year{};  ///< of CO2 equivalent

  const CostWay& way(cost::Way of) const { return ways[static_cast<std::size_t>(of)]; }
};

/// The answer to `socle cost`: every way to have the machines beside each other. Deterministic.
CostResult cost(setup::CostSetup setup, CostParts parts, const CostOptions& options);

/// The holding for the demand of the scenario; `way` asks for one that holds chips. Empty: none is stated, or no way
/// to hold them or the rent on demand is known; the latter is added to `doubts`.
std::optional<CostHolding> holding_of(const CostResult& result, std::optional<cost::Way> way,
                                      std::vector<std::string>& doubts);

/// One line of two reckonings of the same way.
struct CostChange {
  cost::CostLine line{};
  double before = 0, after = 0;
};

/// What a change does to a year's bill: `socle cost diff`.
struct CostDiff {
  cost::Way way = cost::Way::kBuild;
  std::vector<CostChange> changes;  ///< lines that either has, in their order
  double before = 0, after = 0;
  std::optional<double> before_useful_hour{}, after_useful_hour{};
};

/// Two scenarios' bills beside each other, and what growth is allowed.
struct CostDiffResult {
  std::string before_name, after_name;
  Currency currency = Currency::kUsd;
  CostDiff diff;
  std::optional<double> allowed;  ///< most that a year may grow by; empty: any

  bool within() const { return !allowed || diff.after - diff.before <= *allowed; }
};

/// Compares one way of two reckonings, by default the cheapest of the first that both know. Throws InputError: two
/// currencies, or no way that both know.
CostDiff cost_diff(const CostResult& before, const CostResult& after, std::optional<cost::Way> way);

}  // namespace socle::answer
