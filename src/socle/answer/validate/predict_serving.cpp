#include "socle/answer/validate/predict_serving.hpp"

#include "socle/serve/fleet.hpp"
#include "socle/serve/tally.hpp"
#include "socle/workload/synthetic_traffic.hpp"

namespace socle::answer {

ServingPrediction predict_serving(const ServingCase& c, const EngineUse& engine, const serve::StepCosts& costs,
                                  const ServingRunOptions& options) {
  constexpr int kBlock = 16;
  workload::ClosedSource source({.concurrency = c.concurrency,
                                 .input = workload::ranged_length(static_cast<int>(c.input * options.length_high), options.length_range / options.length_high),
                                 .output = workload::ranged_length(static_cast<int>(c.output * options.length_high), options.length_range / options.length_high),
                                 .requests = static_cast<std::int64_t>(options.rounds) * c.concurrency});
  serve::StepModel timer(costs, engine.timing);
  serve::Tally tally;
  const serve::FleetOptions fleet{
      .replica = {.limits = {.blocks = options.cache_tokens / kBlock,
                             .block_tokens = kBlock,
                             .max_sequences = engine.max_sequences,
                             .max_step_tokens = engine.max_step_tokens,
                             .step_sixteenths = c.served.speculation.step_sixteenths()},
                  .lanes = c.served.layout.data_parallel,
                  .policy = engine.policy,
                  .policy_options = engine.policy_options,
                  .edge = net::to_picoseconds(engine.edge),
                  .poll_steps = engine.poll_steps},
      .router = serve::round_robin};
  const serve::FleetRun run = serve::run_fleet(source, fleet, timer, tally);
  ServingPrediction prediction;
  double ttft = 0, tpot = 0;
  for (const serve::RequestFigures& r : tally.requests()) {
    ttft += r.ttft;
    tpot += r.tpot;
  }
  const auto count = static_cast<double>(tally.requests().size());
  if (count == 0) return prediction;
  prediction.ttft = Seconds{ttft / count} + engine.timing.request;
  prediction.tpot = Seconds{tpot / count};
  prediction.output_tokens_per_s = static_cast<double>(tally.output_tokens()) / net::to_seconds(run.end).value();
  return prediction;
}

}  // namespace socle::answer
