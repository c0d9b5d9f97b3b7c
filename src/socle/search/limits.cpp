#include "socle/search/limits.hpp"

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/cost/run_cost.hpp"

namespace socle::search {

RunFigures run_figures(const workload::TrainingJob& job, const train::StepResult& step, const Holding& holding) {
  RunFigures figures{.chips = holding.chips,
                     .rented = holding.rent_per_chip_hour.has_value(),
                     .run = step.step_time * (job.total_tokens / step.tokens),
                     .power = holding.power,
                     .energy = {},
                     .capex = holding.price,
                     .cost = {},
                     .cost_basis = {}};
  figures.energy = figures.power * figures.run;
  const auto cost = cost::run_cost({.rent_per_chip_hour = holding.rent_per_chip_hour, .price = holding.price},
                                   holding.chips, figures.run);
  if (cost) {
    figures.cost = cost->money;
    figures.cost_basis = cost->basis;
  }
  return figures;
}

std::vector<std::string> broken_limits(const PlanLimits& limits, const RunFigures& figures) {
  std::vector<std::string> broken;
  const auto judge = [&](const char* what, double ratio, const std::string& need, const std::string& limit) {
    if (ratio > 1.0)
      broken.push_back(fmt::format("{} {} exceeds {} by {}", what, need, limit, format_percent(ratio - 1.0)));
  };
  if (limits.chips)
    judge("chips", static_cast<double>(figures.chips) / *limits.chips, std::to_string(figures.chips),
          std::to_string(*limits.chips));
  if (limits.power)
    judge("power", figures.power / *limits.power, format_watts(figures.power), format_watts(*limits.power));
  if (limits.deadline)
    judge("run time", figures.run / *limits.deadline, format_seconds(figures.run), format_seconds(*limits.deadline));
  if (limits.capex && !figures.rented && figures.capex)
    judge("capex of the nodes", *figures.capex / *limits.capex, format_money(*figures.capex),
          format_money(*limits.capex));
  if (limits.opex && figures.rented && figures.cost)
    judge("rent of the run", *figures.cost / *limits.opex, format_money(*figures.cost), format_money(*limits.opex));
  return broken;
}

std::vector<std::string> unjudged_limits(const PlanLimits& limits, const RunFigures& figures) {
  std::vector<std::string> unjudged;
  const bool endless = figures.run <= Seconds{};
  if (limits.power && figures.power <= Watts{})
    unjudged.push_back("power is not judged: the catalogue knows neither the node's power nor the chip's");
  if (limits.deadline && endless)
    unjudged.push_back("the deadline is not judged: the length of the run is not stated; give training.tokens");
  if (limits.capex && figures.rented) unjudged.push_back("capex is not judged: the cluster is rented");
  if (limits.capex && !figures.rented && !figures.capex)
    unjudged.push_back("capex is not judged: no price of a node is known; give cluster.price");
  if (limits.opex && !figures.rented)
    unjudged.push_back("opex is not judged: the cluster is not rented; give cluster.rent");
  if (limits.opex && figures.rented && endless)
    unjudged.push_back("opex is not judged: the length of the run is not stated; give training.tokens");
  return unjudged;
}

}  // namespace socle::search
