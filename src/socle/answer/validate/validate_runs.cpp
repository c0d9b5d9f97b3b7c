#include "socle/answer/validate/validate_runs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/error.hpp"
#include "socle/catalog/engine.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/deployment.hpp"

namespace socle::answer {
namespace {

/// The recorded requests again.
class Replay final : public workload::RequestSource {
 public:
  explicit Replay(const std::vector<RecordedRequest>& requests) : requests_(requests) {}
  std::optional<workload::Request> next() override {
    if (at_ == requests_.size()) return std::nullopt;
    const RecordedRequest& r = requests_[at_];
    return workload::Request{
        .id = static_cast<std::int64_t>(at_++), .arrival = r.arrival, .input = r.input, .output = r.output};
  }

 private:
  const std::vector<RecordedRequest>& requests_;
  std::size_t at_ = 0;
};

struct Figures {
  LatencyFigures ttft, tpot, e2e;
  Seconds makespan{};
};

Figures recorded(const ServingRun& run) {
  serve::Tally tally;
  Seconds end{};
  for (const RecordedRequest& r : run.requests) {
    const auto at = [&](Seconds since) { return net::to_picoseconds(r.arrival + since); };
    tally.done({.input = r.input, .output = r.output},
               {.arrival = at(Seconds{}), .first_token = at(r.first_token), .last_token = at(r.last_token)});
    end = std::max(end, r.arrival + r.last_token);
  }
  const ServeFigures figures = figures_of(tally, {}, FleetWatch(1), {}, 1);
  return {figures.ttft, figures.tpot, figures.e2e, end};
}

struct Predicted {
  Figures figures;
  catalog::ServingTiming timing;
};

Predicted replayed(const catalog::Catalog& catalog, const machine::MachineBuilder& machines, const ServingRun& run) {
  setup::ServeSetup setup = setup::set_up_served(run.served.model, catalog::resolve_engine(catalog, run.engine),
                                                 machines.chip(run.chip), run.served.formats);
  if (run.max_num_seqs > 0) setup.max_num_seqs = run.max_num_seqs;
  if (run.max_num_batched_tokens > 0) setup.max_num_batched_tokens = run.max_num_batched_tokens;
  setup.share = run.share;
  const workload::ServingLayout& layout = run.served.layout;
  const memory::ServingMemory memory =
      memory::serving_memory(run.served.model, layout, run.served.formats, setup::rules_on(setup, layout));
  if (memory.blocks <= 0)
    throw InputError(Problem{run.name, 0, 0, {}, "by the engine's rules the model does not fit on its chips"});
  const catalog::ServingTiming timing = catalog::load_serving_timing(catalog, setup.engine.family, run.chip);
  setup::Deployment deployment = setup::deploy(setup, layout, memory, timing);
  deployment.replica.limits.prefix_caching = false;  // what prompts share is not recorded
  deployment.replica.edge = 0;
  const machine::Machine machine = machines.build({.chip = run.chip, .nic_per_chip = {}}, catalog::Stack{});
  const serve::StepCosts costs(deployment.served, machine, machines.serving_kernels(run.chip));
  serve::StepModel timer(costs, deployment.timing);
  serve::Tally tally;
  Replay replay(run.requests);
  const serve::FleetRun fleet = serve::run_fleet(
      replay, {.replica = deployment.replica, .replicas = deployment.batches, .router = serve::least_loaded}, timer,
      tally);
  // The record begins where a request is queued and ends where its token is made: the edge is not in it.
  const ServeFigures f = figures_of(tally, fleet, FleetWatch(1), {}, deployment.batches);
  return {{f.ttft, f.tpot, f.e2e, f.makespan}, timing};
}

void add_rows(const ServingRun& run, const std::function<Predicted()>& predict, RunValidation& validation) {
  const Figures measured = recorded(run);
  std::optional<Predicted> predicted;
  if (run.unsupported.empty()) predicted = predict();
  const auto add = [&](const char* metric, double unit, const std::function<Seconds(const Figures&)>& figure,
                       const catalog::TimingRange& range) {
    ValidationRow row;
    row.id = run.name;
    row.source = run.name;
    row.chip = run.chip;
    row.stack = run.engine;
    row.metric = metric;
    row.chips = run.served.layout.chips();
    row.reason = run.unsupported;
    row.measured = figure(measured).value() * unit;
    if (predicted) {
      row.predicted = true;
      row.value = figure(predicted->figures).value() * unit;
      row.low = row.value * range.low;
      row.high = row.value * range.high;
    }
    validation.rows.push_back(std::move(row));
  };
  const catalog::ServingTiming timing = predicted ? predicted->timing : catalog::ServingTiming{};
  add(
      "ttft_ms", 1e3, [](const Figures& f) { return f.ttft.mean; }, timing.ttft);
  add(
      "ttft_p99_ms", 1e3, [](const Figures& f) { return f.ttft.p99; }, timing.ttft);
  add(
      "tpot_ms", 1e3, [](const Figures& f) { return f.tpot.mean; }, timing.tpot);
  add(
      "tpot_p99_ms", 1e3, [](const Figures& f) { return f.tpot.p99; }, timing.tpot);
  add(
      "e2e_s", 1, [](const Figures& f) { return f.e2e.mean; }, timing.tpot);
  add(
      "e2e_p99_s", 1, [](const Figures& f) { return f.e2e.p99; }, timing.tpot);
  add(
      "makespan_s", 1, [](const Figures& f) { return f.makespan; }, timing.tpot);
}

}  // namespace

RunValidation validate_runs(const catalog::Catalog& catalog, const std::vector<RunFiles>& runs, Progress* progress) {
  const machine::MachineBuilder machines(catalog);
  RunValidation validation;
  Problems problems;
  if (progress) progress->begin("replaying runs", runs.size());
  for (const RunFiles& files : runs) {
    try {
      const ServingRun run = read_serving_run(catalog, files);
      add_rows(
          run, [&] { return replayed(catalog, machines, run); }, validation);
    } catch (const InputError& error) { problems.add(error.problems()); }
    advance(progress);
  }
  problems.throw_if_any();
  std::vector<const ValidationRow*> list;
  for (const ValidationRow& row : validation.rows) list.push_back(&row);
  validation.errors = summarise_rows(list, {{"metric", [](const ValidationRow& row) { return row.metric; }},
                                            {"run", [](const ValidationRow& row) { return row.id; }}});
  return validation;
}

}  // namespace socle::answer
