#include "socle/cost/views.hpp"

#include <cmath>

#include "socle/base/check.hpp"
#include "socle/cost/annuity.hpp"
#include "socle/cost/break_even.hpp"

namespace socle::cost {
namespace {

constexpr double kMagnitudesPerYear = 0.14;           // of value that hardware loses (Epoch AI)
constexpr double kNetworkOverHardware = 0.19 / 0.81;  // Epoch AI: the network is 19 % of a cluster
constexpr double kEpochDraw = 0.75;                   // mean over rated power of a server of GPUs (Epoch AI)
constexpr double kMonthHours = 720.0;                 // 30 days, as the book has it

}  // namespace

EpochView epoch_view(double chip_price, double mean_kw, double tariff) {
  EpochView view;
  view.hardware = chip_price * kMagnitudesPerYear * std::log(10.0) / kHoursPerYear;
  view.network = view.hardware * kNetworkOverHardware;
  view.energy = mean_kw * tariff;
  return view;
}

double epoch_kw(double server_kw_per_chip, double pue) { return server_kw_per_chip * kEpochDraw * pue; }

BarrosoView barroso_view(const BarrosoInputs& in) {
  SOCLE_CHECK(in.rated_kw > 0 && in.server_years > 0 && in.hall_years > 0, "a server has power and a life");
  BarrosoView view;
  const double watts = in.rated_kw * kWattsPerKilowatt, server = in.server_price / watts;
  view.hall = in.hall / in.hall_years / kMonthsPerYear;
  view.hall_interest = annuity_per_year(in.hall, 0, in.hall_years, in.interest) / kMonthsPerYear - view.hall;
  view.hall_upkeep = in.hall_upkeep;
  view.server = server / in.server_years / kMonthsPerYear;
  view.server_interest = annuity_per_year(server, 0, in.server_years, in.interest) / kMonthsPerYear - view.server;
  view.server_upkeep = in.server_upkeep * view.server;
  view.power = in.draw * in.tariff * kMonthHours / kWattsPerKilowatt;
  view.overhead = view.power * (in.pue - 1.0);
  return view;
}

ChipHourViews chip_hour_views(const Plant& plant, const Values& values) {
  ChipHourViews views;
  const double chip_hours = plant.chips * kHoursPerYear;
  const auto value = [&](CostFactor factor) { return values[index_of(factor)]; };
  const YearlyCost built = yearly_cost(Way::kBuild, plant, values);
  if (built.known()) {
    // What is bought has the machines' life, the hall its own.
    const double hall = *value(CostFactor::kSite) * rated_load(plant, values);
    const double machines = (built.paid_at_start - hall - built.resale) / *value(CostFactor::kLife);
    views.accounting = (machines + hall / *value(CostFactor::kSiteLife) + running_per_year(built)) / chip_hours;
  }
  const auto price = value(CostFactor::kNodePrice), tariff = value(CostFactor::kTariff), pue = value(CostFactor::kPue);
  const auto kwh = yearly_kwh(plant, values);
  if (!price || !tariff || !pue || !kwh || !(plant.rated_per_node > Watts{})) return views;
  const double chips_per_node = static_cast<double>(plant.chips) / plant.nodes;
  views.economic = epoch_view(*price / chips_per_node, *kwh / chip_hours, *tariff).total();
  const auto life = value(CostFactor::kLife), interest = value(CostFactor::kInterest), hall = value(CostFactor::kSite),
             hall_years = value(CostFactor::kSiteLife), upkeep = value(CostFactor::kSiteUpkeep),
             maintenance = value(CostFactor::kMaintenance);
  if (!life || !interest || !hall || !hall_years || !upkeep || !maintenance) return views;
  const double rated_kw = plant.rated_per_node.value() / kWattsPerKilowatt;
  const BarrosoView per_watt =
      barroso_view({.rated_kw = rated_kw,
                    .server_price = *price,
                    .server_years = *life,
                    .tariff = *tariff,
                    .interest = *interest,
                    .hall = *hall,
                    .hall_years = *hall_years,
                    .hall_upkeep = *upkeep,
                    .pue = *pue,
                    .server_upkeep = *maintenance * *life,  // the book's share is of the amortisation
                    .draw = *kwh / (*pue * rated_kw * plant.nodes * kHoursPerYear)});
  views.barroso = per_watt.total() * rated_kw * kWattsPerKilowatt / chips_per_node / kMonthHours;
  return views;
}

}  // namespace socle::cost
