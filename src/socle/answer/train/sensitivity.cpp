#include "socle/answer/train/sensitivity.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

using catalog::Stack;
using machine::MachineSpec;

/// Sets one assumption to its favourable or unfavourable edge.
struct Assumption {
  std::string name;
  std::function<void(machine::MachineSpec&, bool unfavourable)> set;
};

// A multiplier of times: share below and above its value.
Assumption scaled(std::string name, double Stack::*member, double share) {
  return {fmt::format("{}, -{:.0f} % to +{:.0f} %", name, share * 100, share * 100),
          [=](machine::MachineSpec& spec, bool worse) { spec.stack.*member *= worse ? 1.0 + share : 1.0 - share; }};
}

Assumption halved_or_doubled(std::string name, Seconds Stack::*member) {
  return {name + ", half to twice",
          [=](machine::MachineSpec& spec, bool worse) { spec.stack.*member *= worse ? 2.0 : 0.5; }};
}

// A hidden share of communication: a quarter of the whole up or down.
Assumption hidden(std::string name, double Stack::*member) {
  return {name + ", +0.25 to -0.25", [=](machine::MachineSpec& spec, bool worse) {
            spec.stack.*member = std::clamp(spec.stack.*member + (worse ? -0.25 : 0.25), 0.0, 1.0);
          }};
}

std::vector<Assumption> assumptions(const Stack& stack) {
  return {
      scaled("time of matrix and attention kernels (the stack's error)", &Stack::compute, stack.error),
      scaled("time of memory-bound operations", &Stack::elementwise, 0.10),
      {"time of attention cores, -10 % to +10 %",
       [](machine::MachineSpec& spec, bool worse) { spec.calibration.attention *= worse ? 1.1 : 0.9; }},
      scaled("time of expert matrix products", &Stack::experts, 0.20),
      scaled("time of 8- and 4-bit matrix products", &Stack::narrow, 0.10),
      {"NIC bandwidth, +10 % to -10 %",
       [](machine::MachineSpec& spec, bool worse) { spec.nic_per_chip *= worse ? 0.9 : 1.1; }},
      {"links inside a slice, +15 % to -15 %",
       [](machine::MachineSpec& spec, bool worse) {
         if (spec.slice) *spec.chip.scale_up_bandwidth *= worse ? 0.85 : 1.15;
       }},
      scaled("time of scale-out communication (congestion)", &Stack::network, 0.20),
      hidden("tensor-parallel communication hidden", &Stack::tensor_hidden),
      hidden("data-parallel communication hidden", &Stack::data_hidden),
      hidden("expert all-to-all hidden", &Stack::expert_hidden),
      halved_or_doubled("host time of a kernel launch", &Stack::host_launch),
      halved_or_doubled("host time of a collective", &Stack::host_collective),
      halved_or_doubled("host time of a pipeline exchange", &Stack::host_send),
      halved_or_doubled("overhead of a step", &Stack::step_overhead),
      {"jitter of ranks, none to twice",
       [](machine::MachineSpec& spec, bool worse) { spec.stack.jitter *= worse ? 2.0 : 0.0; }},
  };
}

Seconds step_time_with(const TrainCase& run, const Assumption& assumption, bool worse) {
  machine::MachineSpec spec = run.machine.spec();
  assumption.set(spec, worse);
  const machine::Machine machine(std::move(spec), run.machine.kernels());
  const auto step = train::estimate_step(run.model, run.job, run.layout, machine, train::Fidelity::kReplay);
  SOCLE_CHECK(static_cast<bool>(step), "a layout that was estimated stays feasible");
  return step->step_time;
}

}  // namespace

std::vector<Swing> sensitivity(const TrainCase& run, unsigned threads, Progress& progress) {
  const std::vector<Assumption> list = assumptions(run.machine.stack());
  std::vector<Swing> swings(list.size());
  progress.begin("moving assumptions", list.size());
  parallel_for(
      list.size(), threads,
      [&](std::size_t i) {
        const Seconds better = step_time_with(run, list[i], false), worse = step_time_with(run, list[i], true);
        swings[i] = {list[i].name, std::min(better, worse), std::max(better, worse)};
      },
      &progress);
  std::erase_if(swings, [&](const Swing& s) { return (s.high - s.low) / run.step.step_time < 1e-6; });
  std::sort(swings.begin(), swings.end(), [](const Swing& a, const Swing& b) {
    const Seconds first = a.high - a.low, second = b.high - b.low;
    return first != second ? first > second : a.assumption < b.assumption;
  });
  return swings;
}

}  // namespace socle::answer
