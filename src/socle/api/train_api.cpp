#include "socle/api/train_api.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/api/flow_training.hpp"
#include "socle/api/nearest_change.hpp"
#include "socle/api/one_currency.hpp"
#include "socle/api/train_setup.hpp"
#include "socle/base/text_table.hpp"
#include "socle/report/timeline.hpp"
#include "socle/report/train_report.hpp"
#include "socle/search/layout_search.hpp"

namespace socle::api {
namespace {

using workload::Layout;

/// A layout with its step, and how it was found; or why there is none.
struct Found {
  Layout layout;
  train::StepResult step;
  std::optional<report::SearchReport> search;
};

bool decides_all(const workload::PartialLayout& given, const model::Transformer& model) {
  const bool has_experts = std::any_of(model.kinds.begin(), model.kinds.end(), [](const model::Layer& l) { return l.feed_forward.experts > 0; });
  const bool interleaved = given.schedule == workload::Schedule::kInterleaved;
  return given.tensor_parallel && given.pipeline_parallel && given.context_parallel && given.data_parallel && given.microbatch && given.schedule &&
         given.recompute && given.sharding && (given.virtual_pipeline || !interleaved) && (given.expert_parallel || !has_experts);
}

// Sizes whose products exceed what there is, told before any product is taken in integers.
std::optional<Infeasible> oversized(const TrainSetup& setup) {
  const workload::PartialLayout& given = setup.layout;
  const auto size = [](const std::optional<int>& value) { return static_cast<double>(value.value_or(1)); };
  const double chips = size(given.tensor_parallel) * size(given.pipeline_parallel) * size(given.context_parallel) * size(given.data_parallel);
  if (chips > setup.cluster.chips) {
    return Infeasible{"chips", fmt::format("tp * pp * cp * dp = {:.0f}, but the cluster has {} chips", chips, setup.cluster.chips), "use smaller sizes, or leave dp out"};
  }
  const double sequences = size(given.microbatch) * size(given.data_parallel);
  if (sequences > setup.job.global_batch) {
    return Infeasible{"batch", fmt::format("microbatch * dp = {:.0f} exceeds global_batch = {}", sequences, setup.job.global_batch),
                      fmt::format("use microbatch * dp <= {}, or a larger global batch", setup.job.global_batch)};
  }
  const double positions = size(given.pipeline_parallel) * size(given.virtual_pipeline);
  if (positions > setup.model.layers() + 2) {
    return Infeasible{"pp-layers", fmt::format("pp * vpp = {:.0f}, but the model has {} layers", positions, setup.model.layers()),
                      fmt::format("use pp * vpp <= {}", setup.model.layers())};
  }
  if (size(given.expert_parallel) * size(given.expert_tensor_parallel) > setup.cluster.chips) {
    return Infeasible{"ep-ranks", fmt::format("ep * etp exceeds the {} chips", setup.cluster.chips), "use smaller ep or etp"};
  }
  return std::nullopt;
}

Feasible<Found> evaluate(const TrainSetup& setup) {
  const Layout layout = search::complete_layout(setup.layout, setup.machine, setup.cluster.chips, setup.job.lora);
  if (layout.chips() != setup.cluster.chips) {
    return Infeasible{"chips", fmt::format("tp * pp * cp * dp = {}, but the cluster has {} chips", layout.chips(), setup.cluster.chips),
                      fmt::format("use dp = {}, or leave dp out", std::max(1, setup.cluster.chips / std::max(1, layout.chips() / layout.data_parallel)))};
  }
  const auto step = train::estimate_step(setup.model, setup.job, layout, setup.machine, train::Fidelity::kReplay);
  if (!step) return step.why();
  if (auto why = train::memory_problem(*step, setup.machine, setup.headroom())) {
    if (auto change = nearest_fitting_change(setup, layout)) why->remedy = *change;
    return *why;
  }
  return Found{layout, *step, {}};
}

Feasible<Found> look_for(const TrainSetup& setup, unsigned threads) {
  search::SearchOptions options{.threads = threads};
  if (setup.memory_headroom) options.memory_headroom = *setup.memory_headroom;
  const auto result = search::search_layouts(setup.model, setup.job, setup.layout, setup.machine, setup.cluster.chips, options);
  if (!result) return result.why();
  SOCLE_CHECK(!result->best.empty(), "a feasible search has a best layout");
  const search::RankedLayout& first = result->best.front();
  return Found{first.layout, first.step,
               report::SearchReport{.counts = result->counts, .reasons = result->reasons, .proven = result->proven, .best = result->best}};
}

Feasible<Found> answer_of(const TrainSetup& setup, unsigned threads) {
  if (auto why = oversized(setup)) return *why;
  return decides_all(setup.layout, setup.model) ? evaluate(setup) : look_for(setup, threads);
}

std::vector<report::InputText> inputs_of(const TrainRequest& request, const std::string& flags, const Scenario& scenario, const std::optional<std::string>& config) {
  std::vector<report::InputText> inputs;
  if (!request.scenario_name.empty()) inputs.push_back({request.scenario_name, request.scenario_text});
  if (!flags.empty()) inputs.push_back({"flags", flags});
  if (config) inputs.push_back({scenario.model.config.text, *config});
  return inputs;
}

// One line per flag, in the order of their names.
std::string text_of(const ScenarioFlags& flags) {
  std::string text;
  for (const auto& [name, value] : flags) text += fmt::format("{} {}\n", name, value);
  return text;
}

std::string refusal(const Infeasible& why, const std::vector<report::InputText>& inputs, bool json) {
  if (!json) {
    return wrap_text(fmt::format("Infeasible ({}): {}.", why.reason, why.detail), 100, 0) +
           (why.remedy.empty() ? std::string() : wrap_text(fmt::format("Nearest change: {}.", why.remedy), 100, 0));
  }
  Json document = Json::object({{"schema", "socle.train/1"}, {"provenance", report::provenance("train", inputs)}});
  document.set("infeasible", Json::object({{"reason", why.reason}, {"detail", why.detail}, {"remedy", why.remedy}}));
  return document.dump() + "\n";
}

// Judges the run as a plan would judge its one candidate. Empty when no limit but the memory's is set.
std::optional<report::LimitReport> judge_limits(const catalog::Catalog& catalog, const ScenarioLimits& set, report::TrainCase& run) {
  search::PlanLimits limits = plan_limits(set);
  if (!limits.capex && !limits.opex && !limits.power && !limits.deadline && !limits.chips) return std::nullopt;
  search::Holding holding{.chips = run.cluster.chips, .power = run.cluster.rated_power, .rent_per_chip_hour = run.cluster.rent_per_chip_hour, .price = run.cluster.price};
  if (limits.capex || limits.opex) {
    OneCurrency one(catalog, limits.capex ? limits.capex->currency : limits.opex->currency);
    for (std::optional<Money>* money : {&limits.opex, &holding.rent_per_chip_hour, &holding.price}) one.turn(*money);
    if (one.assumption()) run.assumptions.push_back(*one.assumption());
  }
  const search::RunFigures figures = search::run_figures(run.job, run.step, holding);
  return report::LimitReport{search::broken_limits(limits, figures), search::unjudged_limits(limits, figures)};
}

}  // namespace

TrainAnswer train(const catalog::Catalog& catalog, const TrainRequest& request) {
  const Scenario scenario = read_scenario(request.scenario_text, request.scenario_name, request.flags);
  std::optional<std::string> config;
  if (!scenario.model.config.empty()) config = request.read_file(scenario.model.config.text);
  TrainSetup setup = set_up_training(catalog, without_shared_uplinks(scenario), config);
  std::unique_ptr<FlowNetworks> flows;
  if (scenario.network.placement.flow_network) flows = std::make_unique<FlowNetworks>(catalog, scenario, request.read_file, setup);
  const std::string flags = text_of(request.flags);
  const std::vector<report::InputText> inputs = inputs_of(request, flags, scenario, config);

  const Feasible<Found> found = answer_of(setup, request.threads);
  if (!found) return {false, refusal(found.why(), inputs, request.json), {}};
  std::optional<report::FlowReport> flow_report;
  if (flows) flow_report = flows->report(found->layout, found->step, setup);
  report::TrainReport result{
      .run = {.model = std::move(setup.model), .job = setup.job, .precision = setup.precision, .layout = found->layout, .machine = std::move(setup.machine),
              .step = found->step, .cluster = std::move(setup.cluster),
              .assumptions = std::move(setup.assumptions), .doubts = std::move(setup.doubts)},
      .figures = {}, .waterfall = {}, .search = found->search, .swings = {}, .limits = {}};
  result.limits = judge_limits(catalog, scenario.limits, result.run);
  result.figures = report::train_figures(result.run);
  result.waterfall = report::waterfall(result.run);
  if (request.explain) result.swings = report::sensitivity(result.run, request.threads);
  const bool kept = !result.limits || result.limits->broken.empty();
  TrainAnswer answer{.feasible = kept, .text = {}, .timeline = request.timeline ? report::timeline_trace(result.run) : std::string()};
  if (request.json) {
    Json document = report::train_json(result, inputs);
    if (flow_report) document.set("network", report::flow_json(*flow_report));
    answer.text = document.dump() + "\n";
  } else {
    answer.text = report::train_text(result) + (flow_report ? report::flow_text(*flow_report) : std::string());
  }
  return answer;
}

}  // namespace socle::api
