#pragma once

#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/cost/fabric_cost.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/search/fabric_design.hpp"

namespace socle::setup {

/// The parts that a fabric at one link speed is built of, with what they cost and draw.
struct FabricParts {
  std::uint32_t radix = 64;              ///< ports of one switch at the speed of a NIC; of several boxes the first's
  Seconds hop_latency{};                 ///< one cable and the switch behind it; likewise
  std::vector<search::SwitchBox> boxes;  ///< of the catalogue, where several come into question
  cost::FabricPrices prices;             ///< in one currency
  bool one_endpoint_price = false;       ///< a price list that does not tell apart how far an endpoint's cable leads
  std::vector<std::string> assumptions;
};

/// Chooses parts of the catalogue for NICs of `link`: every switch box with ports of that speed or a whole number of
/// them in one of its own (break-out), unless the scenario names one or says what a switch is. Other parts are the
/// first of their kind. and lays the user's prices over theirs. Money is brought into the currency of the limits, else
/// of the first price given, else USD, at the catalogue's rate, which is then an assumption. Throws InputError for
/// unknown switches and price lists, at the place of the name, and for a list that does not fit.
FabricParts fabric_parts(const catalog::Catalog& catalog, const scenario::Scenario& scenario, BytesPerSecond link);

}  // namespace socle::setup
