#include "socle/migrate/code/verdict.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle::migrate {
namespace {

void add(Count& count, const NameUse& use) {
  count.uses += use.uses;
  ++count.names;
}

void count_name(TargetVerdict& result, const NameUse& use, const NameVerdict& there) {
  add(result.all, use);
  result.evidence = std::min(result.evidence, there.evidence);
  switch (there.verdict) {
    case Verdict::kSame:
      add(result.same, use);
      break;
    case Verdict::kRenamed:
      add(result.renamed, use);
      break;
    case Verdict::kNoEquivalent:
      return add(result.no_equivalent, use);
    case Verdict::kUnknown:
      return add(result.unknown, use);
  }
  add(there.status == Status::kSupported      ? result.supported
      : there.status == Status::kExperimental ? result.experimental
                                              : result.partial,
      use);
}

}  // namespace

const char* verdict_key(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return "same";
    case Verdict::kRenamed:
      return "renamed";
    case Verdict::kNoEquivalent:
      return "no_equivalent";
    case Verdict::kUnknown:
      break;
  }
  return "unknown";
}

NameVerdict verdict_of(const NameTable& names, const NameUse& use, Target target) {
  if (use.row == Mention::kNoRow) return {};
  const Name& name = names.names()[use.row];
  const Name::There& there = name.on(target);
  // The tables of HIP are its vendor's documentation; headers, rename rules, PyTorch's map and rows of the user are
  // not.
  const bool documented =
      target == Target::kHip && !name.own && name.kind != "header" && name.library != "nccl" && name.library != "nvtx";
  NameVerdict result{.status = there.status, .name = there.name};
  if (there.status == Status::kUnknown) return {};
  result.evidence = documented ? Evidence::kE1 : Evidence::kE0;
  result.verdict = !counts_as_yes(there.status) ? Verdict::kNoEquivalent
                   : there.name == name.cuda    ? Verdict::kSame
                                                : Verdict::kRenamed;
  if (result.verdict == Verdict::kNoEquivalent) result.name.clear();
  return result;
}

TargetVerdict judge(const NameTable& names, const Census& census, Target target) {
  TargetVerdict result;
  result.target = target;
  for (const auto& [name, use] : census.names) count_name(result, use, verdict_of(names, use, target));
  for (std::size_t i = 0; i < kHazards; ++i) {
    const Work work = work_on(static_cast<Hazard>(i), target);
    if (work != Work::kNone && census.hazards[i].places > 0) result.evidence = Evidence::kE0;
    if (work == Work::kRewrite) result.rewrites += census.hazards[i].places;
    if (work == Work::kCheck) result.checks += census.hazards[i].places;
  }
  if (!takes_kernels(target)) {
    result.rewrites += census.launches;
    if (census.launches > 0) result.evidence = Evidence::kE0;
  }
  SOCLE_CHECK(
      result.all.uses == result.same.uses + result.renamed.uses + result.no_equivalent.uses + result.unknown.uses,
      "each use has one verdict");
  result.hours = kHoursPerRewrite * static_cast<double>(result.rewrites) +
                 kHoursPerCheck * static_cast<double>(result.checks) +
                 kHoursPerMissingName * static_cast<double>(result.no_equivalent.names) +
                 kHoursPerUnknownName * static_cast<double>(result.unknown.names);
  result.effort = effort_of(result.hours);
  const bool all_documented = result.supported.uses == result.all.uses;
  if (result.coverage_by_use() < kCoverageLeast)
    result.decision = Decision::kNoGo;
  else if (!all_documented || result.rewrites + result.checks > 0)
    result.decision = Decision::kGoWithWork;
  return result;
}

}  // namespace socle::migrate
