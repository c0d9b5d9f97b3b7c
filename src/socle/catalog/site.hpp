#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// From one site to another and back, as its operator or others measured it.
struct RoundTrip {
  std::string to;   ///< slug of the other site
  Seconds time{};   ///< published
  Seconds least{};  ///< that light in fibre would need, `least_round_trip`
};

/// A data centre region of a cloud (`sites/<operator>.toml`) and how far the others of its operator are.
struct Site {
  std::string slug;   ///< as the operator calls it, such as "eu-central-1"
  std::string place;  ///< the city or area
  std::string operator_name;
  double latitude = 0, longitude = 0;  ///< degrees, north and east
  std::string date;                    ///< of the measurement; empty: the source has none
  std::vector<RoundTrip> round_trips;  ///< in the order of the file; pairs that nobody published are left out
  Provenance provenance;
};

/// No message gets there and back in less: 2 x great circle / (2/3 c), the speed of light in glass of index 1.5, on a
/// sphere of 6371 km. Cables are longer than the great circle: published times are 1.1 to 3 times this.
Seconds least_round_trip(const Site& from, const Site& to);

/// All sites, in the order of the sorted files. Throws InputError on a malformed file, and for a round trip that is
/// shorter than light needs.
std::vector<Site> load_sites(const Catalog& catalog);

}  // namespace socle::catalog
