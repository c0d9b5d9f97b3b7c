#pragma once

#include <optional>

#include "socle/cost/yearly_cost.hpp"

namespace socle::cost {

/// The economic view of Epoch AI: capital falls in value by 0.14 orders of magnitude a year, whatever the books say, so
/// a year costs 0.14 ln 10 = 32.2 % of the present value; the network adds 19/81 of that. Source: Epoch AI,
/// training-cost-trends at 263c40a.
struct EpochView {
  double hardware = 0, network = 0, energy = 0;  ///< for one chip and hour
  double total() const { return hardware + network + energy; }
};
/// `chip_price`: a chip with its share of the server. `mean_kw`: drawn for one chip at the meter, PUE included.
EpochView epoch_view(double chip_price, double mean_kw, double tariff);
/// Epoch's mean draw of a chip at the meter: server power over chips x 0.75 x PUE.
double epoch_kw(double server_kw_per_chip, double pue);

/// What the view of Barroso, Hoelzle and Ranganathan, "The Datacenter as a Computer", asks for; money for one watt of
/// rated load. Constants of the book, as public code states them: hall 10 USD/W over 12 years, upkeep 0.04 USD/W-month,
/// interest 8 %, server upkeep 5 % of its amortisation.
struct BarrosoInputs {
  double rated_kw = 0, server_price = 0, server_years = 0;
  double tariff = 0, interest = 0.08;
  double hall = 10, hall_years = 12, hall_upkeep = 0.04;
  double pue = 1.5, server_upkeep = 0.05;
  double draw = 1.0;  ///< mean draw over rating
};
/// For one watt and month of 30 days: straight-line amortisation, with the interest of its annuity beside it.
struct BarrosoView {
  double hall = 0, hall_interest = 0, hall_upkeep = 0;
  double server = 0, server_interest = 0, server_upkeep = 0;
  double power = 0, overhead = 0;  ///< of the machines; of the hall
  double total() const {
    return hall + hall_interest + hall_upkeep + server + server_interest + server_upkeep + power + overhead;
  }
};
BarrosoView barroso_view(const BarrosoInputs& inputs);

/// One plant's chip-hour (used or not), as three schools reckon it. They differ by design: books spread the price over
/// a life, the economic view asks what the machines lose in value now, Barroso's adds hall and interest.
struct ChipHourViews {
  std::optional<double> accounting;  ///< straight line to the residual, without interest, and all that is running
  std::optional<double> economic;    ///< epoch_view of the plant's price, draw and tariff
  std::optional<double> barroso;     ///< barroso_view of the same
};
ChipHourViews chip_hour_views(const Plant& plant, const Values& values);

}  // namespace socle::cost
