#include "socle/migrate/onnx/verdict.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "socle/base/check.hpp"

namespace socle::migrate::onnx {
namespace {

/// A conversion that covers less than a tenth of what is missing is not worth a word.
constexpr std::uint64_t kGainLeast = 10;
/// An older opset, to which fewer models can be converted, has to cover half.
constexpr std::uint64_t kGainLeastBack = 2;

NodeCount& count_of(OnnxVerdict& result, Status status) {
  switch (status) {
    case Status::kSupported:
      return result.supported;
    case Status::kExperimental:
      return result.experimental;
    case Status::kPartial:
      return result.partial;
    case Status::kUnsupported:
      return result.unsupported;
    case Status::kUnknown:
      break;
  }
  return result.unknown;
}

/// An operator of which some nodes are not taken counts as one that is not: each distinct name has one status, the
/// worst.
void count_uses(OnnxVerdict& result, const Requirement& found) {
  std::map<OpName, Status> worst;
  for (std::size_t i = 0; i < found.uses.size(); ++i) {
    const OpUse& use = found.uses[i];
    const Status status = result.uses[i].status;
    result.all.nodes += use.nodes;
    count_of(result, status).nodes += use.nodes;
    result.evidence = std::min(result.evidence, result.uses[i].evidence);
    const auto [entry, is_new] = worst.emplace(use.name, status);
    const auto rank = [](Status s) {
      constexpr int kRank[] = {0, 2, 1, 4, 3};  // supported, experimental, partial, unsupported, unknown
      return kRank[static_cast<std::size_t>(s)];
    };
    if (!is_new && rank(status) > rank(entry->second)) entry->second = status;
  }
  for (const auto& [name, status] : worst) {
    ++result.all.operators;
    ++count_of(result, status).operators;
  }
  SOCLE_CHECK(result.all.nodes == result.yes().nodes + result.unsupported.nodes + result.unknown.nodes,
              "each node has one status");
}

/// The opset of the standard domain under which the backend takes most nodes; the nearest of the best.
void find_conversion(OnnxVerdict& result, const FactTable& facts, const SchemaTable& schemas,
                     const Requirement& found) {
  const int now = static_cast<int>(found.opset(std::string(kStandardDomain)));
  std::set<int> candidates;
  for (std::size_t i = 0; i < found.uses.size(); ++i) {
    if (counts_as_yes(result.uses[i].status) || found.uses[i].name.domain != kStandardDomain) continue;
    for (const Schema& schema : schemas.versions(found.uses[i].name)) candidates.insert(schema.since);
  }
  if (candidates.empty()) return;
  if (result.backend->opset_min) candidates.insert(*result.backend->opset_min);
  const std::uint64_t yes = result.yes().nodes;
  std::uint64_t best = yes;
  for (const int opset : candidates) {
    if (opset == now || opset < 7 || (result.backend->opset_max && opset > *result.backend->opset_max)) continue;
    std::uint64_t nodes = 0;
    for (std::size_t i = 0; i < found.uses.size(); ++i) {
      const OpUse& use = found.uses[i];
      const UseVerdict there = verdict_of(facts, schemas, found, use, *result.backend, opset);
      if (counts_as_yes(there.status)) nodes += use.nodes;
      if (counts_as_yes(there.status) && !counts_as_yes(result.uses[i].status) &&
          (!result.uses[i].converts_to || std::abs(opset - now) < std::abs(*result.uses[i].converts_to - now)))
        result.uses[i].converts_to = opset;
    }
    const bool nearer = result.convert_to && std::abs(opset - now) < std::abs(*result.convert_to - now);
    if (nodes > best || (nodes == best && nodes > yes && nearer)) {
      best = nodes;
      result.convert_to = opset;
    }
  }
  const std::uint64_t missing = result.all.nodes - yes;
  const std::uint64_t least = result.convert_to && *result.convert_to < now ? kGainLeastBack : kGainLeast;
  if ((best - yes) * least < missing) result.convert_to.reset();
  if (!result.convert_to) return;
  result.convert_gains = best - yes;
  std::map<OpName, bool> covered;  // operators that are not all taken now, and all are then
  for (std::size_t i = 0; i < found.uses.size(); ++i) {
    if (counts_as_yes(result.uses[i].status)) continue;
    bool& all = covered.try_emplace(found.uses[i].name, true).first->second;
    all = all &&
          counts_as_yes(verdict_of(facts, schemas, found, found.uses[i], *result.backend, result.convert_to).status);
  }
  for (const auto& [name, all] : covered) result.convert_operators += all;
}

void block(OnnxVerdict& result, const Requirement& found) {
  const Backend& backend = *result.backend;
  const auto opset = found.opset(std::string(kStandardDomain));
  if (backend.match == Match::kKernel && backend.opset_max && opset > *backend.opset_max)
    result.blockers.push_back(
        fmt::format("opset {} is beyond {}, the latest that it loads", opset, *backend.opset_max));
  if (backend.ir_max && found.ir_version > *backend.ir_max)
    result.blockers.push_back(fmt::format("version {} of the format is beyond {}, the latest that it loads",
                                          found.ir_version, *backend.ir_max));
  for (const std::string& problem : found.problems) result.blockers.push_back(problem);
  if (backend.gives_up && result.unsupported.nodes > *backend.gives_up) {
    result.gives_up = true;
    result.blockers.push_back(fmt::format("it gives up on the whole model: {} nodes are not supported, more than {}",
                                          result.unsupported.nodes, *backend.gives_up));
  }
}

void weigh(OnnxVerdict& result) {
  const auto operators = [](const NodeCount& count) { return static_cast<double>(count.operators); };
  // What another opset covers needs nothing but the conversion.
  const double left = std::max(0.0, operators(result.unsupported) - static_cast<double>(result.convert_operators));
  const double missing = result.backend->fallback.empty()
                             ? kHoursPerMissingOperator * left
                             : kHoursPerFallback * left + kHoursPerMissingOperator * operators(result.nowhere);
  result.hours = missing + kHoursPerUnknown * operators(result.unknown) +
                 kHoursPerAttempt * (operators(result.partial) + operators(result.experimental)) +
                 kHoursPerProblem * static_cast<double>(result.blockers.size()) +
                 (result.convert_to ? kHoursPerConversion : 0.0);
  result.effort = effort_of(result.hours);
}

/// As the model is, or as another opset would make it.
void decide(OnnxVerdict& result) {
  const std::uint64_t taken = result.yes().nodes + result.convert_gains;
  const bool all_taken = taken == result.all.nodes;
  const bool lost = result.nowhere.nodes > 0 && !all_taken;
  const bool few = static_cast<double>(taken) < kNodeCoverageLeast * static_cast<double>(result.all.nodes);
  const bool gives_up = result.gives_up && result.all.nodes - taken > result.backend->gives_up.value_or(0);
  if (lost || few || gives_up)
    result.decision = Decision::kNoGo;
  else if (result.supported.nodes < result.all.nodes || !result.blockers.empty())
    result.decision = Decision::kGoWithWork;
}

void advise(OnnxVerdict& result, const Requirement& found) {
  const Backend& backend = *result.backend;
  if (result.convert_to)
    result.advice.push_back(fmt::format(
        "Convert the model to opset {}{}: {} of the {} nodes that are missing now are then covered.",
        *result.convert_to,
        *result.convert_to > found.opset(std::string(kStandardDomain)) ? " or later, as far as the list goes" : "",
        result.convert_gains, result.all.nodes - result.yes().nodes));
  if (!backend.fallback.empty() && result.partition.islands > 0 && result.partition.parts > 0 && !result.gives_up)
    result.advice.push_back(
        fmt::format("Execution changes sides {}: measure what the copies between cost, or replace the operators "
                    "that are left to the CPU.",
                    result.partition.changes == 1 ? "once" : fmt::format("{} times", result.partition.changes)));
  if (found.hazard(OnnxHazard::kDynamicShape).places > 0 && !backend.platforms.empty() && backend.key != "ort_cpu" &&
      backend.key != "ort_cuda")
    result.advice.push_back("Fix the sizes of the inputs before you measure: compilers build a plan for each shape.");
  if (result.partial.nodes > 0 && result.supported.nodes == 0)
    result.advice.push_back("Names alone are known here: run the acceptance pack (--golden) on the device.");
}

}  // namespace

OnnxVerdict judge(const FactTable& facts, const SchemaTable& schemas, const Model& model, const Requirement& found,
                  const Backend& backend) {
  OnnxVerdict result;
  result.backend = &backend;
  const Backend* fallback = backend.fallback.empty() ? nullptr : facts.find(backend.fallback);
  std::set<OpName> nowhere;
  std::vector<bool> taken;
  for (const OpUse& use : found.uses) {
    result.uses.push_back(verdict_of(facts, schemas, found, use, backend));
    const bool yes = counts_as_yes(result.uses.back().status);
    taken.push_back(yes);
    if (yes || (fallback && counts_as_yes(verdict_of(facts, schemas, found, use, *fallback).status))) continue;
    result.nowhere.nodes += use.nodes;
    nowhere.insert(use.name);
  }
  result.nowhere.operators = nowhere.size();
  if (found.uses.empty()) result.evidence = backend.evidence;
  count_uses(result, found);
  find_conversion(result, facts, schemas, found);
  block(result, found);
  if (result.gives_up) std::fill(taken.begin(), taken.end(), false);
  result.partition = partition(model, found, taken);
  result.loads =
      result.nowhere.nodes == 0 && (result.blockers.empty() || (result.blockers.size() == 1 && result.gives_up));
  weigh(result);
  decide(result);
  advise(result, found);
  return result;
}

}  // namespace socle::migrate::onnx
