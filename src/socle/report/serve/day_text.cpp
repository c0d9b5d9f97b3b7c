#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/day_report.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::DayFleet;
using answer::DayHour;
using answer::DayModel;
using answer::DayResult;

std::string replica_text(const DayModel& model) {
  const setup::ServeSimulationSetup& serving = model.setup.serving;
  std::string out = fmt::format("{}: {}\n", printable(serving.serve.model.name), model_line(serving.serve.model));
  out += fmt::format("replicas of {} x {}, {}, {}; router {}\n", model.chips, serving.serve.chip.name,
                     layout_words(model.fit.chosen.layout), serving.serve.engine.name, serving.router_name);
  return out + printable(serving.requests.description, 100) + "\n";
}

void add_fleet(TextTable& table, const char* name, const DayModel& model, const DayFleet& fleet) {
  table.add_row({name, std::to_string(fleet.most_replicas), std::to_string(fleet.most_replicas * model.chips),
                 fmt::format("{:.1f}", fleet.chip_hours),
                 format_signed_percent(fleet.chip_hours / model.fixed.chip_hours - 1),
                 fleet.spent ? format_money(*fleet.spent) : "-", format_percent(fleet.figures.busy_share),
                 format_seconds(fleet.figures.ttft.p99), format_seconds(fleet.figures.tpot.p99),
                 format_percent(fleet.figures.share_met)});
}

std::string fleets_text(const DayModel& model) {
  TextTable table({{"fleet", Align::kLeft},
                   {"replicas", Align::kRight},
                   {"chips", Align::kRight},
                   {"chip-hours", Align::kRight},
                   {"", Align::kRight},
                   {"rent", Align::kRight},
                   {"busy", Align::kRight},
                   {"TTFT p99", Align::kRight},
                   {"TPOT p99", Align::kRight},
                   {"met", Align::kRight}});
  add_fleet(table, "fixed", model, model.fixed);
  add_fleet(table, "scaled", model, model.scaled);
  return table.str();
}

std::string hours_text(const DayModel& model) {
  TextTable table({{"hour", Align::kRight},
                   {"requests/s", Align::kRight},
                   {"replicas", Align::kRight},
                   {"chips", Align::kRight},
                   {"met", Align::kRight}});
  for (std::size_t i = 0; i < model.scaled.hours.size(); ++i) {
    const DayHour& hour = model.scaled.hours[i];
    table.add_row({std::to_string(i), fmt::format("{:.4g}", hour.rate), fmt::format("{:.1f}", hour.replicas),
                   fmt::format("{:.1f}", hour.replicas * model.chips), format_percent(hour.share_met)});
  }
  return table.str();
}

std::string scaling_text(const DayResult& result, const DayModel& model) {
  const answer::DayOptions& options = result.options;
  std::string out = fmt::format("one carries {:.4g} requests/s; the busiest five minutes bring {:.4g}\n",
                                model.capacity, model.peak_rate);
  out +=
      fmt::format("one starts in {}: image {}, weights {} at {} a node, warm-up {}\n", format_seconds(model.start_up),
                  format_seconds(options.start_up.image), format_seconds(model.loading),
                  format_bytes_per_second(options.start_up.load_per_node), format_seconds(options.start_up.warm_up));
  if (options.policy == answer::ScalePolicy::kForecast)
    out += fmt::format("scaled by forecast, {} beyond the rates of the day\n", format_percent(model.headroom));
  else
    out += fmt::format("scaled to {:.4g} requests in flight a replica\n", model.target);
  const double wanted = model.objectives.share;
  for (const auto& [fleet, name] : {std::pair{&model.fixed, "fixed"}, std::pair{&model.scaled, "scaled"}}) {
    if (!model.objectives.hold(fleet->figures))
      out += fmt::format("the {} fleet does not keep the objectives: {} of the requests, {} are wanted\n", name,
                         format_percent(fleet->figures.share_met), format_percent(wanted));
  }
  return out;
}

std::string model_text(const DayResult& result, const DayModel& model) {
  std::string out = replica_text(model);
  if (!model.fits) return out + "The model does not fit: socle serve fit says by how much, and what does.\n";
  if (!(model.capacity > 0)) return out + "The objectives hold at no load: a request alone breaks them.\n";
  return out + scaling_text(result, model) + "\n" + fleets_text(model) + "\n" + hours_text(model);
}

std::string pool_text(const DayResult& result) {
  const double hours = result.end.value() / 3600.0;
  const double used = answer::chip_seconds(result.chips, result.end) / 3600.0;
  std::string out = fmt::format("Together: {} chips when every fleet is fixed, {} when all are scaled",
                                result.fixed_chips, answer::most_of(result.chips));
  if (result.options.pool) out += fmt::format("; the pool has {}", result.pool);
  out += "\n";
  if (result.short_time > Seconds{})
    out += fmt::format("The pool is too small for {} of the time\n", format_seconds(result.short_time));
  out += fmt::format("Of {:.1f} chip-hours of the pool {:.1f} are held, {:.1f} are free\n", result.pool * hours, used,
                     std::max(0.0, result.pool * hours - used));
  if (!result.idle) return out;
  const answer::IdleJob& job = *result.options.idle;
  const answer::IdleUse& use = *result.idle;
  if (use.starts == 0)
    return out + fmt::format("{} chips for {} are never free for longer than its restart, {}\n", job.chips,
                             printable(job.name), format_seconds(job.restart));
  return out + fmt::format("{} on {} free chips: {} starts, {} held, {} of it useful ({} each restart): {} tokens\n",
                           printable(job.name), job.chips, use.starts, format_seconds(use.held),
                           format_seconds(use.useful), format_seconds(job.restart), format_count(use.tokens));
}

}  // namespace

std::string serve_day_text(const DayResult& result) {
  std::string out;
  for (const DayModel& model : result.models) out += model_text(result, model) + "\n";
  if (result.holds()) out += pool_text(result);
  return out + sentences_text("Assumptions", result.assumptions) + sentences_text("Doubts", result.doubts);
}

}  // namespace socle::report
