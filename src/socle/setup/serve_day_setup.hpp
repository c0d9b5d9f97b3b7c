#pragma once

#include "socle/setup/serve_simulation_setup.hpp"

namespace socle::setup {

/// A deployment whose replicas follow the traffic of a day.
struct ServeDaySetup {
  ServeSimulationSetup serving;
  RequestsSetup flat;  ///< the same requests at a constant rate: what one replica carries is measured by them
};

/// A day of requests where neither their number nor a duration nor a trace is stated. Throws InputError with every
/// problem of `set_up_serve_simulation`, and for a closed loop, traffic without objectives or a separate prefill.
ServeDaySetup set_up_serve_day(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                               const std::optional<std::string>& config, const FileReader& read_file,
                               const FileOpener& open);

}  // namespace socle::setup
