#include "socle/answer/validate/stack_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "socle/answer/validate/predict_case.hpp"
#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/relatives.hpp"
#include "socle/catalog/stack_figures.hpp"

namespace socle::answer {
namespace {

using catalog::Stack;
using catalog::StackFigure;

constexpr int kTurns = 3, kRounds = 10;
constexpr double kLaunchStarts[] = {3e-6, 1.2e-5, 2.5e-5, 5e-5, 1e-4};  // seconds
constexpr std::size_t kMemoryRuns = 4;

double huber(double error) {
  const double size = std::fabs(error);
  return size <= kHuber ? 0.5 * size * size : kHuber * (size - 0.5 * kHuber);
}

class Descent {
 public:
  Descent(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs, const Stack& prior,
          unsigned threads, Progress* progress)
      : machines_(machines), runs_(runs), prior_(prior), stack_(prior), threads_(threads), progress_(progress) {}

  Stack run() {
    for (int turn = 0; turn < kTurns; ++turn) descend();
    return stack_;
  }

 private:
  using Steps = std::vector<std::optional<Seconds>>;

  Steps predict(const Stack& stack) const {
    Steps steps(runs_.size());
    parallel_for(runs_.size(), threads_, [&](std::size_t i) {
      check(progress_);
      if (const auto prediction = predict_on(machines_, *runs_[i].run, stack)) steps[i] = prediction->step;
    });
    return steps;
  }

  double penalty(const Stack& stack) const {
    double sum = 0;
    for (const StackFigure& figure : catalog::stack_figures()) {
      const double value = figure.get(stack), at = figure.get(prior_);
      const double distance = (figure.share ? value - at : std::log(value / at)) / figure.prior.width;
      sum += 0.5 * distance * distance;
    }
    return sum;
  }

  double loss(const Stack& stack) const {
    const Steps steps = predict(stack);
    double sum = penalty(stack);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i])
        sum += runs_[i].weight * huber(std::log(*steps[i] / Seconds{*runs_[i].run->step_s})) / (kNoise * kNoise);
    }
    return sum;
  }

  static Stack with(Stack stack, const StackFigure& figure, double value) {
    figure.set(stack, std::clamp(value, figure.prior.least, figure.prior.most));
    return stack;
  }

  // A figure that moves no run from end to end can only leave its prior for the worse.
  std::vector<const StackFigure*> moving() const {
    const Steps now = predict(stack_);
    std::vector<const StackFigure*> figures;
    for (const StackFigure& figure : catalog::stack_figures()) {
      if (predict(with(stack_, figure, figure.prior.least)) != now ||
          predict(with(stack_, figure, figure.prior.most)) != now)
        figures.push_back(&figure);
    }
    return figures;
  }

  // Launch-bound and device-bound runs are separate valleys: begin in the better one.
  void start(const StackFigure& launch) {
    std::pair<double, double> best{loss(stack_), launch.get(stack_)};
    for (const double value : kLaunchStarts) best = std::min(best, {loss(with(stack_, launch, value)), value});
    launch.set(stack_, best.second);
  }

  void descend() {
    const std::vector<const StackFigure*> figures = moving();
    for (const StackFigure* figure : figures) {
      if (figure->name == "host_launch") start(*figure);
    }
    double best = loss(stack_);
    std::map<const StackFigure*, double> steps;
    for (const StackFigure* f : figures) steps[f] = f->share ? 0.15 : 0.25 * std::max(1.0, f->prior.width / 0.4);
    for (int round = 0; round < kRounds; ++round) {
      for (const StackFigure* figure : figures) {
        if (!improve(*figure, steps[figure], best)) steps[figure] *= 0.5;
      }
    }
  }

  // One step either way; a better one is taken and makes the next longer.
  bool improve(const StackFigure& figure, double& step, double& best) {
    for (const double sign : {1.0, -1.0}) {
      const double old = figure.get(stack_);
      const Stack tried = with(stack_, figure, figure.share ? old + sign * step : old * std::exp(sign * step));
      if (figure.get(tried) == old) continue;
      const double trial = loss(tried);
      if (trial >= best - 1e-9) continue;
      best = trial;
      step *= 1.3;
      stack_ = tried;
      return true;
    }
    return false;
  }

  const machine::MachineBuilder& machines_;
  const std::vector<FitRun>& runs_;
  const Stack& prior_;
  Stack stack_;
  unsigned threads_;
  Progress* progress_;
};

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const std::size_t low = static_cast<std::size_t>(place), high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - static_cast<double>(low));
}

}  // namespace

std::optional<FitPrediction> predict_on(const machine::MachineBuilder& machines, const TrainingCase& run,
                                        const Stack& stack) {
  Stack used = stack;
  if (run.graph_share) used.graph_share = *run.graph_share;
  try {
    const auto prediction = predict_case(machines, run, used);
    if (!prediction) return std::nullopt;
    const train::StepResult& step = prediction->step;
    return FitPrediction{step.step_time, step.stages[static_cast<std::size_t>(step.fullest_stage)].total()};
  } catch (const InputError&) { return std::nullopt; }  // the machine lacks a fact: the caller tells why
}

Stack fit_figures(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs, const Stack& prior,
                  unsigned threads, Progress* progress) {
  return Descent(machines, runs, prior, threads, progress).run();
}

std::optional<double> fit_memory(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs, Stack& stack,
                                 unsigned threads, Progress* progress) {
  std::vector<const TrainingCase*> stated;
  for (const FitRun& fit : runs) {
    if (fit.run->memory_gb) stated.push_back(fit.run);
  }
  if (stated.size() < kMemoryRuns) return std::nullopt;
  Stack best = stack;
  double least = 1e9;
  for (int i = 0; i < 23; ++i) {
    for (int j = 0; j < 29; ++j) {
      Stack tried = stack;
      tried.memory_overhead = 0.9 + 0.05 * i;
      tried.memory_reserve = Bytes{(1.0 + 0.5 * j) * 1e9};
      std::vector<double> errors(stated.size(), 0.0);
      parallel_for(stated.size(), threads, [&](std::size_t k) {
        check(progress);
        const auto prediction = predict_on(machines, *stated[k], tried);
        if (prediction) errors[k] = std::fabs(prediction->memory.value() / (*stated[k]->memory_gb * 1e9) - 1.0);
      });
      double error = 0;
      for (const double e : errors) error += e / static_cast<double>(errors.size());
      if (error >= least) continue;
      least = error;
      best = tried;
    }
  }
  stack = best;
  return least;
}

void take_range(std::vector<double> ratios, const catalog::FittedRange& everyone, Stack& stack) {
  SOCLE_CHECK(!ratios.empty(), "a range rests on a run");
  std::sort(ratios.begin(), ratios.end());
  const double n = static_cast<double>(ratios.size()), share = n / (n + catalog::kRunsOfHalfTrust);
  const double low = share * quantile(ratios, kRangeTail) + (1 - share) * everyone.low;
  const double high = share * quantile(ratios, 1 - kRangeTail) + (1 - share) * everyone.high;
  const double wider = std::sqrt((n + kFreeFigures) / n);
  stack.range_low = std::pow(low, wider);
  stack.range_high = std::pow(high, wider);
  stack.error = 0;
  for (const double ratio : ratios) stack.error += std::fabs(1.0 / ratio - 1.0) / n;
  stack.runs = static_cast<int>(ratios.size());
}

}  // namespace socle::answer
