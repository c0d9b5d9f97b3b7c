#include "socle/answer/migrate/serving_migration.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/fit.hpp"
#include "socle/setup/move_formats.hpp"

namespace socle::answer {
namespace {

using migrate::Change;
using migrate::Decision;
using migrate::Status;
using setup::MoveSide;
using setup::ServingMove;

migrate::LaunchTarget launch_target(const ServingMigration& result, const MoveSide& side, const MovedFleet& fleet) {
  const ServingMove& move = result.move;
  const setup::FormatChoice& choice = side.formats[fleet.choice];
  migrate::LaunchTarget target;
  target.engine = side.engine;
  target.hardware = side.hardware ? side.hardware->key : std::string();
  target.from = move.from.platform;
  target.to = side.platform;
  // SGLang and TensorRT-LLM count groups of attention inside their tensor-parallel size.
  target.attention_dp = fleet.layout.data_parallel > 1 && (side.engine == "sglang" || side.engine == "tensorrt-llm");
  target.tp = fleet.layout.tensor_parallel * (target.attention_dp ? fleet.layout.data_parallel : 1);
  target.pp = fleet.layout.pipeline_parallel;
  target.dp = fleet.layout.data_parallel;
  target.ep = fleet.layout.expert_parallel;
  const int per_node = side.simulation->serve.chips_per_node;
  target.chips = fleet.layout.chips();
  target.nodes = (fleet.layout.chips() + per_node - 1) / per_node;
  target.chips_today = result.source ? result.source->layout.chips() : 0;
  target.quantization = choice.quantization;
  target.dtype = choice.dtype;
  target.weights_why = choice.why;
  target.fp8_cache = setup::has_fp8_cache(side);
  return target;
}

/// Names under which the pages may list the model: as the command has it, then those of its shape.
std::optional<migrate::ModelSupport> support_of(const ServingMove& move, const MoveSide& side) {
  const model::Transformer& model = move.from.simulation->serve.model;
  for (const std::string& name : {move.reading.model, model.hf_id, model.name}) {
    if (name.empty()) continue;
    if (auto found = move.facts.model(side.engine, side.hardware->key, name)) return found;
  }
  return std::nullopt;
}

void judge_checkpoint(const ServingMigration& result, ServingVerdict& verdict) {
  if (!result.move.checkpoint) return;
  const migrate::Checkpoint& checkpoint = *result.move.checkpoint;
  if (!checkpoint.missing.empty())
    verdict.blockers.push_back(
        {"weights", 0, fmt::format("{} files that the index names are not there", checkpoint.missing.size()), false});
  if (checkpoint.own_code)
    verdict.blockers.push_back(
        {"auto_map", 0, "the model brings Python of its own: an engine there has to know it", false});
  const double needed = result.source ? (result.source->weights_per_chip * result.source->layout.chips()).value() : 0;
  if (checkpoint.files > 0 && checkpoint.bytes < kBytesLeast * needed)
    verdict.blockers.push_back(
        {"weights", 0,
         fmt::format("the files hold {:.2f} GB, the shape asks for {:.2f} GB", checkpoint.bytes / 1e9, needed / 1e9),
         false});
}

void judge_model(const ServingMove& move, const MoveSide& side, ServingVerdict& verdict) {
  verdict.model = support_of(move, side);
  const bool same = side.platform.key == move.from.platform.key && side.engine == move.from.engine;
  if (verdict.model) {
    verdict.evidence = std::min(verdict.evidence, verdict.model->known.evidence);
    if (verdict.model->known.status == Status::kUnsupported)
      verdict.blockers.push_back(
          {"model", 0, fmt::format("{} lists {} as unsupported there", side.engine, verdict.model->row), true});
    else if (verdict.model->known.status != Status::kSupported)
      verdict.blockers.push_back({"model", 0,
                                  fmt::format("{} lists {} as {} there", side.engine, verdict.model->row,
                                              status_key(verdict.model->known.status)),
                                  false});
    return;
  }
  if (!same)
    verdict.blockers.push_back(
        {"model", 0, fmt::format("no page that is known lists it for {} there", side.engine), false});
}

/// By its feature, else by the flag that asks for it.
migrate::Known known_of(const ServingMove& move, const MoveSide& side, const migrate::ServingNeed& need) {
  const std::string& hardware = side.hardware->key;
  migrate::Known known = move.facts.of(side.engine, hardware, need.kind, need.item);
  const catalog::LaunchFlag* flag = move.table_of(move.record.family).find(need.from);
  if (known.status != Status::kUnknown || flag == nullptr) return known;
  return move.facts.argument(side.engine, hardware, *flag);
}

void judge_needs(const ServingMove& move, const MoveSide& side, ServingVerdict& verdict) {
  const bool same = side.platform.key == move.from.platform.key && side.engine == move.from.engine;
  for (migrate::ServingNeed& need : migrate::needs_of(move.record, move.table_of(move.record.family))) {
    migrate::NeedVerdict one{.need = std::move(need), .known = {}, .same_platform = same};
    one.known = known_of(move, side, one.need);
    const auto& model = verdict.model;
    if (model && std::count(model->lacks.begin(), model->lacks.end(), one.need.item) > 0)
      one.known = {Status::kUnsupported, model->known.evidence, "not for " + model->row, model->known.source};
    if (model && std::count(model->untested.begin(), model->untested.end(), one.need.item) > 0)
      one.known = {Status::kUnknown, model->known.evidence, "not tested for " + model->row, model->known.source};
    if (!one.holds())
      verdict.blockers.push_back(
          {one.need.item, one.need.line,
           fmt::format("{} on {}: {}{}", one.need.from == "default" ? "on by default" : one.need.from, side.engine,
                       status_key(one.known.status), one.known.note.empty() ? "" : ", " + one.known.note),
           false});
    if (one.known.status != Status::kUnknown) verdict.evidence = std::min(verdict.evidence, one.known.evidence);
    verdict.needs.push_back(std::move(one));
  }
}

/// Pairs of needs that the page says do not go together.
void judge_pairs(const ServingMove& move, const MoveSide& side, ServingVerdict& verdict) {
  for (std::size_t i = 0; i < verdict.needs.size(); ++i) {
    for (std::size_t j = i + 1; j < verdict.needs.size(); ++j) {
      const std::string &a = verdict.needs[i].need.item, &b = verdict.needs[j].need.item;
      const migrate::Known known = move.facts.pair(side.engine, side.hardware->key, a, b);
      if (known.status == Status::kUnsupported)
        verdict.blockers.push_back({a + " + " + b, 0, side.engine + " does not do both at once", false});
    }
  }
}

void judge_fleet(const ServingMigration& result, const MoveSide& side, ServingVerdict& verdict) {
  const MovedFleet& fleet = *verdict.fleet;
  const setup::FormatChoice& choice = side.formats[fleet.choice];
  if (!choice.why.empty()) verdict.blockers.push_back({"weights", 0, choice.why, false});
  if (choice.known.status != Status::kUnknown) verdict.evidence = std::min(verdict.evidence, choice.known.evidence);
  if (!result.source) return;
  const MovedFleet& source = *result.source;
  verdict.speed =
      ratio_of(fleet.output_per_chip(), source.output_per_chip(), inverse(fleet.tpot), inverse(source.tpot));
  verdict.token_time =
      ratio_of(fleet.figures.tpot.mean.value(), source.figures.tpot.mean.value(), fleet.tpot, source.tpot);
  const double replica = fleet.output_per_second() / fleet.replicas;
  if (replica > 0)
    verdict.chips_for_same =
        static_cast<int>(std::ceil(source.output_per_second() / replica - 1e-9)) * fleet.layout.chips();
}

void judge_items(ServingVerdict& verdict) {
  for (const migrate::Translated& item : verdict.launch.items) {
    if (!migrate::blocks(item.change) && item.change != Change::kDroppedPerformance) continue;
    verdict.blockers.push_back({item.item, item.line, item.why, false, true});
  }
}

void weigh(const ServingMove& move, const MoveSide& side, ServingVerdict& verdict) {
  const bool moves = side.platform.key != move.from.platform.key || side.engine != move.from.engine;
  double hours = moves ? kHoursPerEngine : 0;
  if (verdict.fleet) {
    const setup::FormatChoice& choice = side.formats[verdict.fleet->choice];
    if (choice.new_weights) hours += kHoursPerCheckpoint;
    if (!choice.why.empty()) hours += kHoursPerAccuracy;
  }
  for (const migrate::NeedVerdict& need : verdict.needs) {
    if (need.holds()) continue;
    // What nobody asked for is switched off there: somebody looks, nobody builds.
    const bool asked = need.need.from != "default" && need.known.status != Status::kUnknown;
    hours += asked ? kHoursPerMissingNeed : kHoursPerUnknown;
  }
  for (const migrate::Translated& item : verdict.launch.items) {
    if (item.change == Change::kNoEquivalent || item.change == Change::kDroppedCorrectness) hours += kHoursPerLostItem;
    if (item.change == Change::kUnknown || item.change == Change::kDroppedPerformance) hours += kHoursPerUnknown;
    if (item.status != Status::kUnknown) verdict.evidence = std::min(verdict.evidence, item.evidence);
  }
  if (moves && !verdict.model) hours += kHoursPerUnknown;
  verdict.hours = hours;
  verdict.effort = migrate::effort_of(hours);
  const bool stops = std::any_of(verdict.blockers.begin(), verdict.blockers.end(),
                                 [](const Blocker& blocker) { return blocker.stops; });
  verdict.decision = stops                                    ? Decision::kNoGo
                     : verdict.blockers.empty() && hours == 0 ? Decision::kGo
                                                              : Decision::kGoWithWork;
}

ServingVerdict judge(const machine::MachineBuilder& machines, const ServingMigration& result, const MoveSide& side) {
  const ServingMove& move = result.move;
  ServingVerdict verdict;
  if (!side.missing.empty() || !side.hardware) {
    verdict.blockers.push_back({"engine", 0, side.missing, true});
    verdict.decision = Decision::kNoGo;
    verdict.evidence = migrate::Evidence::kE0;
    return verdict;
  }
  judge_model(move, side, verdict);
  judge_checkpoint(result, verdict);
  judge_needs(move, side, verdict);
  judge_pairs(move, side, verdict);
  const int chips = result.source ? result.source->chips : 1;
  const auto pace = result.source ? std::optional(result.source->figures.tpot.mean) : std::nullopt;
  std::vector<MovedFleet> fleets = fleets_on(machines, move, side, chips, pace);
  if (fleets.empty()) {
    verdict.blockers.push_back(
        {"memory", 0, "the model fits on none of the layouts that were tried, up to 64 chips", true});
  } else {
    verdict.fleet = std::move(fleets.front());
    verdict.others.assign(std::make_move_iterator(fleets.begin() + 1), std::make_move_iterator(fleets.end()));
    judge_fleet(result, side, verdict);
    verdict.launch =
        migrate::translate_launch(move.record, move.table_of(move.record.family), move.table_of(side.engine),
                                  move.facts, launch_target(result, side, *verdict.fleet), move.environment);
    judge_items(verdict);
  }
  weigh(move, side, verdict);
  return verdict;
}

/// What all sides take for granted, each sentence once.
void note(ServingMigration& result) {
  result.assumptions = result.move.assumptions;
  result.doubts = result.move.reading.doubts;
  const auto take = [&](const MoveSide& side) {
    if (!side.rent_from.empty())
      result.assumptions.push_back(fmt::format("Rent of {}: {}.", side.chip.name, side.rent_from));
    if (!side.simulation) return;
    for (const std::string& doubt : side.simulation->serve.doubts) {
      if (std::find(result.doubts.begin(), result.doubts.end(), doubt) == result.doubts.end())
        result.doubts.push_back(doubt);
    }
  };
  take(result.move.from);
  for (const MoveSide& side : result.move.to) take(side);
}

}  // namespace

double ServingVerdict::needs_share() const {
  if (needs.empty()) return 1;
  const auto held = std::count_if(needs.begin(), needs.end(), [](const auto& need) { return need.holds(); });
  return static_cast<double>(held) / static_cast<double>(needs.size());
}

double ServingVerdict::items_share() const {
  double all = 0, over = 0;
  for (const migrate::Translated& item : launch.items) {
    if (item.change == Change::kAdded) continue;
    ++all;
    over += !migrate::blocks(item.change) && item.change != Change::kDroppedPerformance;
  }
  return all == 0 ? 1 : over / all;
}

ServingMigration serving_migration(const machine::MachineBuilder& machines, setup::ServingMove move,
                                   Progress* progress) {
  ServingMigration result{.move = std::move(move), .source = {}, .source_problem = {}, .targets = {}};
  if (progress) progress->begin("planning targets", result.move.to.size() + 1);
  const FitResult fit = serve_fit(result.move.from.simulation->serve);
  if (fit.fits() && fit.chosen.memory && fit.chosen.memory->blocks > 0)
    result.source = fleet_as_launched(machines, result.move);
  else
    result.source_problem = !fit.chosen.problem.empty()
                                ? fit.chosen.problem
                                : fmt::format("it lacks {:.1f} GiB a chip", fit.chosen.missing.value() / 1073741824.0);
  advance(progress);
  for (const MoveSide& side : result.move.to) {
    result.targets.push_back(judge(machines, result, side));
    advance(progress);
  }
  note(result);
  return result;
}

}  // namespace socle::answer
