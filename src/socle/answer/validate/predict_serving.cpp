#include "socle/answer/validate/predict_serving.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/serve/fleet.hpp"
#include "socle/serve/tally.hpp"
#include "socle/workload/synthetic_traffic.hpp"

namespace socle::answer {
namespace {

std::string family_of(const ServingCase& c) { return c.engine == "trtllm" ? "tensorrt-llm" : c.engine; }

/// Steps of an engine that compiles something once, when a step first has so many prompt tokens.
class CompilingTimer final : public serve::StepTimer {
 public:
  CompilingTimer(serve::StepTimer& steps, const ServingProtocol& protocol)
      : steps_(steps), left_(net::to_picoseconds(protocol.compiling)), from_(protocol.compiled_from) {}

  serve::StepTime time(std::span<const serve::LaneStep> lanes) override {
    serve::StepTime time = steps_.time(lanes);
    if (left_ == 0) return time;
    std::int64_t prompts = 0;
    for (const serve::LaneStep& lane : lanes) {
      for (const serve::Chunk& chunk : lane.chunks) prompts += chunk.tokens;
    }
    if (prompts >= from_) time.first += std::exchange(left_, 0);
    return time;
  }

 private:
  serve::StepTimer& steps_;
  net::Picoseconds left_;
  std::int64_t from_;
};

ServingPrediction simulate(const ServingCase& c, const ServingProtocol& protocol, const setup::Deployment& deployment,
                           const serve::StepCosts& costs) {
  workload::ClosedSource source({.concurrency = c.concurrency,
                                 .input = workload::ranged_length(c.input, protocol.length_low),
                                 .output = workload::ranged_length(c.output, protocol.length_low),
                                 .requests = static_cast<std::int64_t>(protocol.rounds) * c.concurrency});
  serve::StepModel steps(costs, deployment.timing);
  CompilingTimer timer(steps, protocol);
  serve::Tally tally(deployment.timing.edge);
  const serve::FleetRun run = serve::run_fleet(
      source, {.replica = deployment.replica, .replicas = deployment.batches, .router = serve::least_loaded}, timer,
      tally);
  double ttft = 0, tpot = 0;
  for (const serve::RequestFigures& r : tally.requests()) {
    ttft += r.ttft;
    tpot += r.tpot;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, tally.requests().size()));
  // What the first token is held back for is missing between it and the last.
  const Seconds step = Seconds{tpot / count} * (protocol.speculation.step_sixteenths() / 16.0);
  const Seconds held = step * std::min<double>(protocol.held_steps, c.output / 2.0);
  return {.ttft = Seconds{ttft / count} + held,
          .tpot = Seconds{tpot / count} - held / std::max(1.0, c.output - 1.0),
          .output_tokens_per_s = static_cast<double>(tally.output_tokens()) / net::to_seconds(run.end).value(),
          .drafts = protocol.speculation.drafts,
          .timing = deployment.facts};
}

}  // namespace

ServingPredictor::ServingPredictor(const catalog::Catalog& catalog)
    : catalog_(catalog),
      machines_(catalog),
      engines_(catalog::load_engines(catalog)),
      timings_(catalog::measured_timings(catalog)) {}

const machine::Machine& ServingPredictor::machine(const std::string& chip) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = built_.find(chip);
  if (known != built_.end()) return known->second;
  return built_.emplace(chip, machines_.build({.chip = chip, .nic_per_chip = {}}, catalog::Stack{})).first->second;
}

const catalog::Engine& ServingPredictor::engine_of(const ServingCase& c) const {
  const std::string family = family_of(c);
  if (!c.engine_version.empty()) {
    try {
      const std::string slug = catalog::resolve_engine(catalog_, family + "-" + c.engine_version).slug;
      return *std::find_if(engines_.begin(), engines_.end(), [&](const auto& e) { return e.slug == slug; });
    } catch (const InputError&) {  // no version, e.g. the name of a branch: by date
    }
  }
  const catalog::Engine* found = nullptr;
  for (const catalog::Engine& engine : engines_) {
    if (engine.family != family) continue;
    if (!found || c.date.empty() || engine.released <= c.date) found = &engine;
  }
  if (!found) throw InputError(Problem{{}, 0, 0, "engine", fmt::format("no engine '{}' in the catalogue", c.engine)});
  return *found;
}

catalog::ServingTiming ServingPredictor::timing_of(const ServingCase& c) const {
  return catalog::load_serving_timing(catalog_, family_of(c), c.chip);
}

std::optional<catalog::ServingTiming> ServingPredictor::timing_without_chip(const ServingCase& c) const {
  if (!timing_of(c).measured) return std::nullopt;
  std::vector<catalog::ServingTiming> others;
  for (const catalog::ServingTiming& timing : timings_) {
    if (timing.family == family_of(c) && timing.chips.front() != c.chip) others.push_back(timing);
  }
  if (others.empty()) return std::nullopt;
  return catalog::middle_timing(others);
}

std::optional<catalog::ServingTiming> ServingPredictor::timing_without_engine(const ServingCase& c) const {
  if (!timing_of(c).measured) return std::nullopt;
  std::vector<catalog::ServingTiming> others;
  for (const catalog::ServingTiming& timing : timings_) {
    if (timing.family != family_of(c) && timing.chips.front() == c.chip) others.push_back(timing);
  }
  if (others.empty()) return std::nullopt;
  return catalog::middle_timing(others);
}

Feasible<ServingPrediction> ServingPredictor::predict(const ServingCase& c) const { return predict(c, timing_of(c)); }

Feasible<ServingPrediction> ServingPredictor::predict(const ServingCase& c,
                                                      const catalog::ServingTiming& timing) const {
  const model::Transformer& model = c.served.model;
  const std::string problem = memory::layout_problem(model, c.served.layout, c.served.formats);
  if (!problem.empty()) return Infeasible{problem, {}, {}};
  setup::ServeSetup setup = setup::set_up_served(model, engine_of(c), machines_.chip(c.chip), c.served.formats);
  const ServingProtocol protocol = protocol_of(c);
  setup.max_num_seqs = std::max(setup.max_num_seqs, c.concurrency);  // load generators are started with room for all
  setup.max_model_len = std::max(2048, c.input + c.output);
  // Engines that do not cut prompts are started with room for one beside all that decode.
  if (!setup.engine.chunked_prefill)
    setup.max_num_batched_tokens = std::max(setup.max_num_batched_tokens, c.input + 2 * c.concurrency);
  const memory::ServingMemory memory =
      memory::serving_memory(model, c.served.layout, c.served.formats, setup::rules_on(setup, c.served.layout));
  const std::int64_t longest = c.input + c.output;
  if (memory::longest_sequence(memory, longest) < longest)
    return Infeasible{
        fmt::format("{} tokens do not fit in the memory of {} chips", longest, c.served.layout.chips()), {}, {}};
  setup::Deployment deployment = setup::deploy(setup, c.served.layout, memory, timing);
  deployment.served.speculation = protocol.speculation;
  deployment.replica.limits.step_sixteenths = protocol.speculation.step_sixteenths();
  deployment.replica.limits.prefix_caching = false;  // prompts are random
  deployment.replica.poll_steps = protocol.poll_steps;
  deployment.replica.prompt_wait = protocol.prompt_wait;
  const serve::StepCosts costs(deployment.served, machine(c.chip), machines_.serving_kernels(c.chip));
  return simulate(c, protocol, deployment, costs);
}

}  // namespace socle::answer
