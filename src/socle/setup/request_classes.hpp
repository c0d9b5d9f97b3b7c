#pragma once

#include <string>
#include <vector>

#include "socle/scenario/scenario.hpp"
#include "socle/setup/request_lengths.hpp"
#include "socle/setup/requests_setup.hpp"
#include "socle/workload/traffic_class.hpp"

namespace socle::setup {

/// Classes of a synthetic traffic as they are drawn, beside `setup.classes`. Empty without [[requests.class]].
std::vector<workload::TrafficClass> set_up_classes(const scenario::Scenario& scenario, const RequestLengths& others,
                                                   const FileReader& read_file, RequestsSetup& setup);

/// Classes of a trace, by the numbers that it gives to their names. Throws InputError for a class of the scenario that
/// the trace does not have.
void set_up_trace_classes(const scenario::Scenario& scenario, const std::vector<std::string>& of_trace,
                          RequestsSetup& setup);

/// Throws InputError for what [[requests.class]] cannot say beside the rest of [requests].
void check_classes(const scenario::Scenario& scenario);

}  // namespace socle::setup
