#include <utility>

#include <fmt/format.h>

#include "socle/api/option_reader.hpp"
#include "socle/api/serve.hpp"
#include "socle/api/train.hpp"
#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/serve/day_report.hpp"

namespace socle::api {
namespace {

constexpr Seconds kRestart{900.0};  // of a training job, where it is not stated
constexpr int kReplicasMost = 10'000, kChipsMost = 1'000'000;

void read_start_up(const ServeDayRequest& day, OptionReader& read, answer::DayOptions& options) {
  answer::StartUp& start_up = options.start_up;
  constexpr Seconds kHours{6 * 3600.0};
  const auto image = read.unit<Seconds>("image", day.image, Seconds{}, kHours, "from 0 to 6 hours");
  const auto load =
      read.unit<BytesPerSecond>("load", day.load, BytesPerSecond{1e6}, BytesPerSecond{1e13}, "from 1 MB/s to 10 TB/s");
  const auto warm_up = read.unit<Seconds>("warm-up", day.warm_up, Seconds{}, kHours, "from 0 to 6 hours");
  start_up.image = image.value_or(start_up.image);
  start_up.load_per_node = load.value_or(start_up.load_per_node);
  start_up.warm_up = warm_up.value_or(start_up.warm_up);
  if (day.image.empty())
    options.assumptions.push_back(fmt::format("The image is on the node, and its processes start in {} (--image).",
                                              format_seconds(start_up.image)));
  if (day.load.empty())
    options.assumptions.push_back(
        fmt::format("A node reads weights at {} (--load).", format_bytes_per_second(start_up.load_per_node)));
  if (day.warm_up.empty())
    options.assumptions.push_back(fmt::format("Compilation and graphs of a replica that starts take {} (--warm-up).",
                                              format_seconds(start_up.warm_up)));
}

answer::DayOptions read_options(const ServeDayRequest& day) {
  Problems problems;
  OptionReader read(problems);
  answer::DayOptions options;
  options.threads = day.threads;
  if (day.policy == "reactive")
    options.policy = answer::ScalePolicy::kReactive;
  else if (!day.policy.empty() && day.policy != "forecast")
    read.add("policy", fmt::format("--policy = \"{}\"; write forecast or reactive", printable(day.policy)));
  options.least = read.whole("least", day.least, 1, kReplicasMost).value_or(1);
  options.spare = read.whole("spare", day.spare, 0, kReplicasMost).value_or(0);
  options.pool = read.whole("pool", day.pool, 1, kChipsMost);
  read_start_up(day, read, options);
  if (!day.idle && !day.idle_restart.empty())
    read.add("idle-restart", "--idle-restart says how long a training job takes to start; name the job with --idle");
  problems.throw_if_any();
  return options;
}

answer::IdleJob idle_job(const catalog::Catalog& catalog, const ServeDayRequest& day, answer::DayOptions& options,
                         std::vector<report::InputText>& inputs, Progress* progress) {
  Problems problems;
  OptionReader read(problems);
  const auto restart =
      read.unit<Seconds>("idle-restart", day.idle_restart, Seconds{}, Seconds{86400.0}, "from 0 to 1 day");
  problems.throw_if_any();
  const TrainAnswer train = api::train(catalog, *day.idle, {}, progress);
  inputs.insert(inputs.end(), train.inputs.begin(), train.inputs.end());
  if (!train.result)
    throw InputError(Problem{day.idle->scenario_name, 0, 0, "idle",
                             "the training job for idle chips fits on its cluster in no layout; socle train says why"});
  const answer::TrainResult& result = *train.result;
  if (!restart)
    options.assumptions.push_back(
        fmt::format("The training job loses {} each time that it starts (--idle-restart).", format_seconds(kRestart)));
  const Seconds step = result.figures.step_time.value;
  return {.name = result.run.model.name,
          .chips = result.run.layout.chips(),
          .step = step,
          .tokens_per_step = (result.figures.throughput.value * step).value(),
          .restart = restart.value_or(kRestart)};
}

}  // namespace

ServeDayAnswer serve_day(const catalog::Catalog& catalog, const std::vector<Request>& requests,
                         const ServeDayRequest& day, const std::string& assume, Progress* progress) {
  answer::DayOptions options = read_options(day);
  std::vector<report::InputText> inputs;
  std::vector<setup::ServeDaySetup> setups;
  for (const Request& request : requests) {
    std::vector<report::InputText> read;
    setups.push_back(serve_day_setup(catalog, request, assume, read));
    inputs.insert(inputs.end(), read.begin(), read.end());
  }
  if (day.idle) options.idle = idle_job(catalog, day, options, inputs, progress);
  const machine::MachineBuilder machines(catalog);
  return {answer::serve_day(machines, std::move(setups), options, progress), std::move(inputs)};
}

std::string text(const ServeDayAnswer& answer) { return report::serve_day_text(answer.result); }
std::string json(const ServeDayAnswer& answer) {
  return report::serve_day_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ServeDayAnswer& answer) { return answer.result.holds(); }
std::string day_svg(const ServeDayAnswer& answer) { return report::day_svg(answer.result); }

}  // namespace socle::api
