#pragma once

namespace socle::cost {

/// Tonnes of CO2 equivalent of energy from a grid. Requires: neither is negative.
constexpr double carbon_tonnes(double kwh, double kg_per_kwh) { return kwh * kg_per_kwh / 1000.0; }

}  // namespace socle::cost
