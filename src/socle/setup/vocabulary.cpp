#include "socle/setup/vocabulary.hpp"

#include "socle/comm/round_plan.hpp"
#include "socle/cost/fabric_cost.hpp"
#include "socle/net/topologies/topologies.hpp"
#include "socle/serve/router.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/setup/library_setup.hpp"

namespace socle::setup {

scenario::Vocabulary vocabulary() {
  scenario::Vocabulary words;
  words.topologies = net::topology_names();
  words.routings = routing_names();
  words.traffic.assign(comm::operation_names().begin(), comm::operation_names().end());
  for (const char* pattern : {"permutation", "shift", "incast", "matrix", "step"}) words.traffic.emplace_back(pattern);
  words.algorithms.emplace_back(kLibrary);
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) words.algorithms.emplace_back(entry.name);
  for (std::size_t i = 0; i < cost::kReaches; ++i)
    words.reaches.emplace_back(cost::reach_name(static_cast<cost::CableReach>(i)));
  for (const serve::RouterEntry& entry : serve::routers()) words.routers.emplace_back(entry.name);
  for (const serve::QueueOrderEntry& entry : serve::queue_orders()) words.orders.emplace_back(entry.name);
  return words;
}

scenario::Scenario read_scenario(std::string_view text, const std::string& source, const scenario::Flags& flags,
                                 scenario::Question question) {
  return scenario::read_scenario(text, source, flags, question, vocabulary());
}

}  // namespace socle::setup
