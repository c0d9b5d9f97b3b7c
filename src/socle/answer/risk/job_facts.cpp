#include "socle/answer/risk/job_facts.hpp"

#include <fmt/format.h>

#include "socle/answer/risk/goodput_range.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/train/state_bytes.hpp"

namespace socle::answer {
namespace {

constexpr double kWeightBytes = 2;  // as they are written, whatever the products take

Problem missing(const std::string& source, const char* key, std::string text) {
  return {source, 0, 0, key, std::move(text)};
}

}  // namespace

JobFacts job_facts(const TrainResult& result, const scenario::RiskSection& risk, const std::string& source) {
  const TrainCase& run = result.run;
  JobFacts job;
  job.name = run.model.name;
  job.step = result.figures.step_time.value;
  job.replicas = run.layout.data_parallel;
  job.throughput = result.figures.throughput.value;
  if (result.figures.run) job.tokens = run.job.total_tokens;
  if (risk.run) {
    job.run = *risk.run;
  } else if (result.figures.run) {
    job.run = result.figures.run->value;
  } else {
    throw InputError(
        missing(source, "risk.run",
                "the length of the run is missing; write tokens in [training] (--tokens), or run in [risk]"));
  }
  if (run.stacks)
    job.assumptions.push_back(fmt::format("The software stack is not stated: {} (--stack NAME takes another).",
                                          search::stack_sentence(*run.stacks)));
  const double parameters = model::count_parameters(run.model).total;
  job.replica_weights = Bytes{parameters * kWeightBytes};
  if (risk.checkpoint_bytes) {
    job.checkpoint = *risk.checkpoint_bytes;
    return job;
  }
  const double trained = run.job.lora ? step_costs(run).stages.parameters.front().trained_share : 1.0;
  const memory::StateBytes states = train::state_bytes(run.job, run.machine.stack());
  job.checkpoint = checkpoint_size(parameters * trained, states.optimizer);
  const double bytes = kWeightBytes + states.optimizer;
  job.assumptions.push_back(
      fmt::format("A checkpoint holds {} of {} parameters at {} bytes: weights, master weights and moments "
                  "(--checkpoint-bytes).",
                  run.job.lora ? "the adapters" : "all", format_count(parameters), format_number(bytes)));
  return job;
}

JobFacts stated_job(const scenario::RiskSection& risk, const std::string& source) {
  Problems problems;
  if (!risk.run)
    problems.add(missing(source, "risk.run",
                         "the length of the run is missing; write run in [risk] (--run), or name a model and tokens"));
  if (!risk.checkpoint_bytes)
    problems.add(missing(source, "risk.checkpoint_bytes",
                         "the size of a checkpoint is missing; write checkpoint_bytes in [risk], or name a model"));
  problems.throw_if_any();
  JobFacts job;
  job.run = *risk.run;
  job.checkpoint = *risk.checkpoint_bytes;
  return job;
}

}  // namespace socle::answer
