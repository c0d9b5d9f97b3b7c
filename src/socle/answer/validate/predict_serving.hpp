#pragma once

#include "socle/answer/validate/serving_case.hpp"
#include "socle/serve/replica.hpp"
#include "socle/serve/step_model.hpp"

namespace socle::answer {

/// How a case's engine works, as far as the simulation needs it.
struct EngineUse {
  serve::Policy policy = nullptr;
  serve::PolicyOptions policy_options{};
  int max_sequences = 1024;
  int max_step_tokens = 8192;
  int poll_steps = 1;
  Seconds edge{};  ///< that the server's front takes for each request, one after the other
  serve::EngineTiming timing{};
};

struct ServingPrediction {
  Seconds ttft{}, tpot{};  ///< means over requests
  double output_tokens_per_s = 0;
};

/// One case, simulated as load generators run it: a closed loop of the stated concurrency, lengths drawn from 0.8 of
/// the nominal ones to 1 (assumption: the random data set of InferenceX), `rounds` requests a client.
struct ServingRunOptions {
  double length_range = 0.8;
  double length_high = 1.0;
  int rounds = 10;
  std::int64_t cache_tokens = 0;  ///< of one lane
};

ServingPrediction predict_serving(const ServingCase& c, const EngineUse& engine, const serve::StepCosts& costs,
                                  const ServingRunOptions& options);

}  // namespace socle::answer
