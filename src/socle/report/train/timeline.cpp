#include "socle/report/train/timeline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/chrome_trace.hpp"
#include "socle/base/error.hpp"

namespace socle::report {
namespace {

using train::Part;

enum Row { kCompute, kLayerCommunication, kSends, kDataParallel };
constexpr const char* kRowNames[] = {"compute", "communication in layers (exposed)", "sends", "data parallel"};

// A slice is about 150 bytes of JSON and a task has up to three: so many are 60 MB, about what Perfetto opens at once.
constexpr double kTasksMax = 200'000;

void check_length(const train::StepResult& step) {
  const double tasks = 2.0 * static_cast<double>(step.times.chunk.size()) * step.microbatches;
  if (tasks <= kTasksMax) return;
  throw InputError(Problem{{},
                           0,
                           0,
                           "timeline",
                           fmt::format("a timeline of {:.0f} tasks is more than a viewer shows, {:.0f} at most; lower "
                                       "global_batch, or raise dp or microbatch",
                                       tasks, kTasksMax)});
}

void name_stage(ChromeTrace& trace, int stage) {
  trace.name_process(stage, fmt::format("stage {}", stage));
  for (int row = kCompute; row <= kDataParallel; ++row) trace.name_row(stage, row, kRowNames[row]);
}

const char* task_category(train::TaskKind kind) {
  switch (kind) {
    case train::TaskKind::kForward:
      return "forward";
    case train::TaskKind::kBackward:
      return "backward";
    case train::TaskKind::kWeight:
      break;
  }
  return "weight gradient";
}

Seconds layer_communication(const train::PartTimes& times) {
  return times[Part::kTensorComm] + times[Part::kContextComm] + times[Part::kExpertComm] + times[Part::kDataComm];
}

void add_task(ChromeTrace& trace, const train::Span& span, const train::Program& program,
              const train::StageCosts& stages, Seconds hop) {
  const train::Task& task = span.task;
  const char* category = task_category(task.kind);
  trace.slice(span.stage, kCompute, category,
              fmt::format("{} microbatch {} chunk {}", category, task.microbatch, task.chunk), span.start,
              span.end - span.start);
  if (task.kind == train::TaskKind::kWeight) return;
  const bool forward = task.kind == train::TaskKind::kForward;
  const train::ChunkCost& cost = stages.at(span.stage, task.chunk);
  const Seconds exposed = std::min(layer_communication(forward ? cost.forward : cost.backward), span.end - span.start);
  trace.slice(span.stage, kLayerCommunication, "communication", "tensor, context, expert parallel", span.end - exposed,
              exposed);
  const int next = program.position(span.stage, task.chunk) + (forward ? 1 : -1);
  if (next < 0 || next >= program.chain_length()) return;
  const int receiver = program.stage_at(next, task.chunk);
  if (receiver != span.stage)
    trace.slice(span.stage, kSends, "send", fmt::format("to stage {}", receiver), span.end, hop);
}

}  // namespace

std::string timeline_trace(const answer::TrainCase& run) {
  const train::StepResult& step = run.step;
  check_length(step);
  const train::StageCosts stages = answer::step_costs(run).stages;
  const train::Program program =
      train::make_program(run.layout.schedule, run.layout.pipeline_parallel, step.times.chunks, step.microbatches,
                          train::task_weights(step.times));
  ChromeTrace trace;
  for (int stage = 0; stage < program.stages; ++stage) name_stage(trace, stage);
  train::replay(program, step.times,
                [&](const train::Span& span) { add_task(trace, span, program, stages, step.hop); });
  for (int stage = 0; stage < program.stages; ++stage) {
    Seconds at = step.pipeline;
    trace.slice(stage, kDataParallel, "data parallel", "gradients and parameters, under compute",
                at - std::min(at, step.data_parallel_hidden), std::min(at, step.data_parallel_hidden));
    trace.slice(stage, kDataParallel, "data parallel", "gradients and parameters, exposed", at, step.data_parallel);
    at += step.data_parallel;
    trace.slice(stage, kCompute, "optimizer", "optimizer", at, step.optimizer);
    at += step.optimizer;
    trace.slice(stage, kCompute, "overhead", "step overhead and jitter", at, step.overhead + step.jitter);
  }
  return std::move(trace).str();
}

}  // namespace socle::report
