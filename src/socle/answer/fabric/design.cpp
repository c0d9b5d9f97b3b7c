#include "socle/answer/fabric/design.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "socle/base/parallel_for.hpp"
#include "socle/machine/fabric_machine.hpp"
#include "socle/search/layout_search.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::answer {
namespace {

/// Direct networks need detours under load (Valiant, UGAL), and only minimal routes are simulated.
bool needs_detours(const std::string& topology) { return topology.starts_with("dragonfly") || topology == "slim-fly"; }

/// The layout's step when its messages run through the fabric itself, nodes side by side.
void judge_on_fabric(const setup::TrainSetup& setup, const workload::Layout& layout,
                     search::FabricCandidate& candidate) {
  if (static_cast<int>(candidate.spec.endpoints) != setup.cluster.chips || needs_detours(candidate.spec.topology))
    return;
  const auto step =
      train::estimate_step(setup.model, setup.job, layout, machine::flow_machine_on(candidate.spec, setup.machine),
                           train::Fidelity::kReplay);
  if (step) candidate.packed_step = step->step_time;
}

void predict_steps(const setup::TrainSetup& setup, unsigned threads, std::vector<search::FabricCandidate>& candidates,
                   Progress& progress) {
  // Fabrics of one bisection and length give the same layouts.
  struct Found {
    std::optional<search::RankedLayout> best;
    std::string why;
  };
  std::map<std::pair<double, int>, Found> known;
  search::SearchOptions options{.keep = 1, .threads = threads, .progress = &progress};
  if (setup.memory_headroom) options.memory_headroom = *setup.memory_headroom;
  std::vector<std::pair<search::FabricCandidate*, const Found*>> judged;
  for (search::FabricCandidate& candidate : candidates) {
    if (!candidate.infeasible.empty()) continue;
    const bool torus = candidate.spec.topology == "torus";
    const std::pair<double, int> key{torus ? -candidate.parts.bisection : candidate.parts.bisection,
                                     candidate.parts.hops_max};
    auto found = known.find(key);
    if (found == known.end()) {
      const auto result =
          search::search_layouts(setup.model, setup.job, setup.layout,
                                 machine::machine_on(candidate.spec, setup.machine), setup.cluster.chips, options);
      Found answer;
      if (result)
        answer.best = result->best.front();
      else
        answer.why = result.why().detail + "; " + result.why().remedy;
      found = known.emplace(key, std::move(answer)).first;
    }
    if (!found->second.best) {
      candidate.layout = found->second.why;
      continue;
    }
    candidate.step = found->second.best->step.step_time;
    candidate.layout = workload::layout_text(found->second.best->layout);
    judged.emplace_back(&candidate, &found->second);
  }
  progress.begin("simulating a step on every fabric", judged.size());
  parallel_for(
      judged.size(), threads,
      [&](std::size_t i) { judge_on_fabric(setup, judged[i].second->best->layout, *judged[i].first); }, &progress);
}

// What a topology takes for granted, told once when it is among the candidates.
void note_topologies(const std::vector<search::FabricCandidate>& candidates, std::vector<std::string>& assumptions) {
  const auto has = [&](const char* topology) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const auto& c) { return c.infeasible.empty() && c.spec.topology == topology; });
  };
  if (has("rail-only"))
    assumptions.push_back(
        "Rail-only: traffic to another rail goes through the hosts' scale-up links first; bisect counts traffic that "
        "stays on its rail.");
  if (has("multi-plane"))
    assumptions.push_back(
        "Multi-plane: NICs and switches are taken to split each port into as many as there are planes, and cables of a "
        "plane cost and draw in proportion to their speed.");
  if (has("dragonfly") || has("dragonfly+") || has("slim-fly")) {
    assumptions.push_back(
        "Dragonfly, dragonfly+, Slim Fly: they need detours under load, which are not simulated, so there is no packed "
        "step.");
  }
  if (has("torus"))
    assumptions.push_back("Torus: routers are parts of the accelerators, so their price and power are not known here.");
}

}  // namespace

bool DesignResult::feasible() const {
  return std::any_of(candidates.begin(), candidates.end(),
                     [](const search::FabricCandidate& c) { return c.infeasible.empty() && c.broken.empty(); });
}

DesignResult design_fabric(setup::DesignSetup setup, const DesignOptions& options, Progress& progress) {
  DesignResult result{.hosts = std::move(setup.hosts),
                      .question = std::move(setup.question),
                      .job = std::move(setup.job),
                      .candidates = {},
                      .assumptions = std::move(setup.assumptions)};
  result.candidates = search::fabric_candidates(result.question);
  search::measure_failures(result.question, result.candidates, options.threads, &progress);
  note_topologies(result.candidates, result.assumptions);
  if (result.job) {
    result.assumptions.insert(result.assumptions.end(), result.job->assumptions.begin(), result.job->assumptions.end());
    result.assumptions.push_back(
        "step: the best layout for each fabric, all traffic between nodes crossing the narrowest tier at once, as when "
        "a job is scattered. packed: the same layout with nodes side by side, its messages through the flow "
        "simulation, sprayed over all minimal ways.");
    predict_steps(*result.job, options.threads, result.candidates, progress);
  }
  search::judge_fabrics(setup.limits, result.candidates);
  return result;
}

}  // namespace socle::answer
