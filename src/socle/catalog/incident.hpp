#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// What an outage took at once.
enum class IncidentDomain { kZone, kRegion, kProduct, kGlobal };

/// A public outage (`incidents/<slug>.toml`).
struct Incident {
  std::string slug, name, operator_name;
  std::string date, start, end;   ///< as the source has them; may be empty
  std::optional<Seconds> length;  ///< empty: not public
  std::optional<Seconds> launch;  ///< of it, in which no new machine could be had
  IncidentDomain domain = IncidentDomain::kGlobal;
  std::string channel;  ///< by which it came: "configuration-data", "cooling"
  std::string scope, cause, lesson, doubt;
  std::vector<std::string> stopped_by, eased_by;  ///< names of controls
  std::string grade;
  Provenance provenance;
};

std::string_view domain_name(IncidentDomain domain);

/// A way to keep an outage from happening, or small.
struct Control {
  const char* name;
  const char* meaning;
};
/// All of them, by name.
const std::vector<Control>& incident_controls();

/// In the order of their dates. Throws InputError on a malformed file.
std::vector<Incident> load_incidents(const Catalog& catalog);
/// By slug or name. Throws InputError, with "did you mean", when there is none.
Incident load_incident(const Catalog& catalog, std::string_view name);

}  // namespace socle::catalog
