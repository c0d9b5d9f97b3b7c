#include "socle/api/moved_training.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/answer/migrate/ratio.hpp"
#include "socle/api/train.hpp"
#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/setup/rent_quote.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::api {

MovedJob job_on(const catalog::Catalog& catalog, answer::TrainingQuestion question, const std::string& place,
                bool as_launched) {
  MovedJob job;
  question.to = {place};
  question.scenario = "moved.toml";
  question.emit.clear();
  try {
    const answer::TrainingMigration moved = answer::training_migration(catalog, question);
    Request request{.scenario_text = as_launched ? moved.scenario->toml() : moved.scenario->job,
                    .scenario_name = "moved.toml"};
    if (const auto quote = setup::rent_quote(catalog, catalog.chip(place).slug)) {
      request.flags["--rent"] = fmt::format("{} {}/chip-hour", quote->rent.amount, currency_name(quote->rent.currency));
      job.rent_from = quote->text;
    }
    const std::string config = moved.scenario->config;
    request.read_file = [config](const std::string&) { return config; };
    const TrainAnswer answer = train(catalog, request);
    if (!answer.result) {
      job.why = "no layout fits there";
      return job;
    }
    const answer::TrainResult& result = *answer.result;
    const auto& rate = result.figures.throughput_per_chip;
    job.layout = workload::layout_text(result.run.layout);
    job.tokens_per_chip = rate.value.value();
    job.range = {rate.low / rate.value, rate.high / rate.value};
    if (result.figures.run) job.run = result.figures.run->value;
    job.rent = result.figures.rent_of_run;
  } catch (const InputError& error) { job.why = error.problems().front().message; }
  return job;
}

void add_speed(answer::Finding& finding, const MovedJob& today, const MovedJob& there) {
  const auto figure = [&](const char* name, std::string text) { finding.figures.push_back({name, std::move(text)}); };
  if (!there.why.empty()) return figure("speed", "not predicted: " + there.why);
  figure("layout planned anew", there.layout);
  if (there.run) figure("run, without failures", format_seconds(*there.run));
  if (there.rent)
    figure("rent of the run",
           fmt::format("{} ({} to {}; {})", format_money(there.rent->value), format_money(there.rent->low),
                       format_money(there.rent->high), there.rent_from));
  if (!today.why.empty()) return figure("tokens a chip, times today's", "not predicted: " + today.why);
  const answer::Ratio ratio = answer::ratio_of(there.tokens_per_chip, today.tokens_per_chip, there.range, today.range);
  figure("tokens a chip, times today's", fmt::format("{:.2f} ({:.2f} to {:.2f})", ratio.value, ratio.low, ratio.high));
}

}  // namespace socle::api
