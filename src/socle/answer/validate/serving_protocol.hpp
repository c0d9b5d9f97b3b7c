#pragma once

#include "socle/answer/validate/serving_case.hpp"
#include "socle/serve/step_costs.hpp"

namespace socle::answer {

/// How a collection ran its load generator and its engine, where its rows do not say. Facts of a collection, an engine
/// and a release; docs/design/serving.md tells how each was found.
struct ServingProtocol {
  double length_low = 0.8;  ///< lengths are drawn from low to 1 times the nominal ones; 1: all equal
  int rounds = 10;          ///< requests of each client
  int poll_steps = 1;       ///< steps between two looks of the scheduler at new requests
  int prompt_wait = 0;      ///< steps that prompts wait until every data-parallel rank has one
  int held_steps = 0;       ///< decode steps by which the first token reaches the client late
  Seconds compiling{};      ///< that the first step of `compiled_from` prompt tokens or more takes longer
  std::int64_t compiled_from = 0;
  serve::Speculation speculation{};
};

ServingProtocol protocol_of(const ServingCase& c);

}  // namespace socle::answer
