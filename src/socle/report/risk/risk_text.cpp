#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/risk/risk_report.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::RiskResult;
using reliability::TimeParts;

constexpr double kHour = 3600, kDay = 86400;
constexpr int kWidth = 100;

std::string days(double seconds) { return fmt::format("{:.2f}", seconds / kDay); }

std::string heading(const RiskResult& result) {
  const setup::RiskSetup& setup = result.setup;
  std::string line = printable(setup.cluster.name);
  if (!result.facts.name.empty()) line = printable(result.facts.name) + " on " + line;
  std::string out = fmt::format("{} ({} chips)\n", line, setup.cluster.chips);
  out += fmt::format("{} of useful work", format_seconds(result.facts.run));
  if (result.facts.step) out += fmt::format(", {} a step", format_seconds(*result.facts.step));
  out += fmt::format("; a checkpoint has {}\n", format_bytes(result.facts.checkpoint));
  if (setup.fleet)
    out += fmt::format("failures as of {} ({})\n", printable(setup.fleet->name),
                       printable(catalog::grade_text(*setup.fleet)));
  else
    out += fmt::format("{} failures of 1,000 nodes in a day, as stated\n", format_number(*setup.risk.node_rate));
  return out;
}

std::string figures_text(const RiskResult& result) {
  const reliability::SimulatedGoodput& played = result.simulated;
  TextTable table({{"figure"},
                   {"closed form", Align::kRight},
                   {"mean", Align::kRight},
                   {"P10", Align::kRight},
                   {"P50", Align::kRight},
                   {"P90", Align::kRight},
                   {"P99", Align::kRight}});
  const auto row = [&](const char* name, const std::string& closed, const std::string& mean,
                       const reliability::Quantiles& q, auto show) {
    table.add_row({name, closed, mean, show(q.p10), show(q.p50), show(q.p90), show(q.p99)});
  };
  const double run = result.facts.run.value();
  row("days to finish", days(result.expected.wall.value()), days(run / played.effective), played.wall, days);
  // The share of a run that takes longer is the smaller: P90 of the days is its P10.
  const auto share = [](double value) { return format_percent(value); };
  row("useful share (ETTR)", share(result.expected.effective), share(played.effective), played.effective_quantiles,
      share);
  const auto count = [](double value) { return fmt::format("{:.0f}", value); };
  row("interruptions", count(result.expected.interruptions), count(played.interruptions), played.interruption_quantiles,
      count);
  if (result.lost) {
    const auto money = [&](double wall) { return format_money(result.lost->per_hour * ((wall - run) / kHour)); };
    row("worth of lost hours", money(result.expected.wall.value()), format_money(result.lost->expected), played.wall,
        money);
  }
  return table.str();
}

std::string facts_text(const RiskResult& result) {
  const reliability::Goodput& found = result.expected;
  const reliability::Checkpoints& plan = result.job.job.checkpoints;
  std::string out = fmt::format("Mean time to interruption {}, restart {} on average\n", format_seconds(found.mtti),
                                format_seconds(found.restart));
  const double spent = (1 - found.shares.productive - found.shares.planned) * found.wall.value();
  const double per_failure = found.interruptions > 0 ? spent / found.interruptions : 0.0;
  out += fmt::format("An interruption costs {} with the checkpoints that it needs\n",
                     format_seconds(Seconds{per_failure}));
  out += fmt::format("Checkpoints to storage every {} of work ({}): {} standing still, {} until they count\n",
                     format_seconds(found.interval), found.interval_best ? "the best" : "as stated",
                     format_seconds(plan.blocking), format_seconds(plan.blocking + plan.lag));
  if (plan.memory)
    out += fmt::format("Copies in memory every {} of work: {} standing still\n", format_seconds(found.memory_interval),
                       format_seconds(plan.memory->blocking));
  if (const auto& known = result.textbook) {
    const auto share = [](const Feasible<double>& form) {
      return form ? format_percent(*form) : "refused (" + form.why().detail + ")";
    };
    out += fmt::format("Textbook intervals: Young {}, Daly {}, exact {}\n", format_seconds(known->young),
                       format_seconds(known->daly), format_seconds(known->exact));
    out += wrap_text(fmt::format("Textbook shares at the interval taken: exact {}, Meta's estimate {}, first order {}",
                                 format_percent(known->effective), share(known->meta), share(known->first_order)),
                     kWidth, 0);
  }
  return out;
}

std::string bar(double share) {
  return std::string(static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 40)), '#');
}

std::string shares_text(const RiskResult& result) {
  TextTable table({{"where the time goes"}, {"closed form", Align::kRight}, {"played", Align::kRight}, {""}}, kWidth);
  for (const reliability::TimePart& part : reliability::kTimeParts) {
    const double closed = result.expected.shares.*part.part, played = result.simulated.shares.*part.part;
    if (closed == 0 && played == 0) continue;
    table.add_row(
        {part.name, fmt::format("{:.2f} %", 100 * closed), fmt::format("{:.2f} %", 100 * played), bar(played)});
  }
  return table.str();
}

std::string failures_text(const RiskResult& result) {
  TextTable table({{"what fails"},
                   {"group"},
                   {"a day", Align::kRight},
                   {"share", Align::kRight},
                   {"node lost", Align::kRight},
                   {"repair, median", Align::kRight},
                   {"mean", Align::kRight}},
                  kWidth);
  const reliability::PerSecond all = reliability::interruption_rate(result.job.job.failures);
  for (const reliability::JobFailure& one : result.job.job.failures)
    table.add_row({printable(one.name), one.group, fmt::format("{:.3f}", one.rate * Seconds{kDay}),
                   format_percent(one.rate / all), format_percent(one.node_lost),
                   one.node_lost > 0 ? format_seconds(one.repair.median) : "-",
                   one.node_lost > 0 ? format_seconds(one.repair.mean) : "-"});
  return table.str();
}

std::string stages_text(const RiskResult& result) {
  const reliability::RestartStages& s = result.job.job.restart;
  return fmt::format("Restart: detect {}, drain {}, reschedule {}, image {}, restore {}, warm-up {}\n",
                     format_seconds(s.detect), format_seconds(s.drain), format_seconds(s.schedule),
                     format_seconds(s.image), format_seconds(s.load), format_seconds(s.warm_up));
}

std::string spares_text(const RiskResult& result) {
  TextTable table({{"of the time", Align::kRight},
                   {"spares that keep the job whole", Align::kRight},
                   {"at the middle rate alone", Align::kRight}});
  for (const answer::SpareNeed& need : result.spares)
    table.add_row({format_percent(need.level), format_whole(need.nodes), format_whole(need.at_mean_rate)});
  std::string out = table.str();
  if (const auto& pool = result.job.job.spares)
    out += fmt::format("There are {} hot and {} warm spares of {} nodes in the job\n", pool->hot, pool->warm,
                       result.job.job.nodes);
  return out;
}

std::string curve_text(const RiskResult& result) {
  if (result.curve.empty()) return {};
  TextTable table({{"interval", Align::kRight}, {"useful share", Align::kRight}});
  for (std::size_t i = 0; i < result.curve.size(); i += 4)
    table.add_row({format_seconds(result.curve[i].interval), fmt::format("{:.2f} %", 100 * result.curve[i].effective)});
  return table.str();
}

std::string storage_text(const RiskResult& result) {
  TextTable table({{"storage"}, {"needs", Align::kRight}, {"has", Align::kRight}, {"enough"}}, kWidth);
  for (const answer::StorageDemand& demand : result.storage.demands)
    table.add_row({demand.what, demand.need, demand.have, !demand.enough ? "-" : *demand.enough ? "yes" : "NO"});
  std::string out = table.str();
  out += fmt::format("Restore: {} when each byte is read once", format_seconds(result.storage.restore_once));
  if (result.facts.replicas > 1 && result.facts.replica_weights > Bytes{})
    out += fmt::format(", {} when all {} replicas read their weights at once",
                       format_seconds(result.storage.restore_all), result.facts.replicas);
  return out + "\n";
}

std::string replay_text(const RiskResult& result) {
  if (!result.replay) return {};
  const reliability::TraceStatistics& s = result.replay->statistics;
  std::string out = fmt::format("\nTrace {}: {} faults of {} nodes in {}, {} of 1,000 nodes in a day\n",
                                printable(result.replay->name), s.faults, s.nodes, format_seconds(s.length),
                                format_number(s.per_1000_node_days));
  out +=
      fmt::format("  down together: P50 {}, P90 {}, P99 {}, P99.9 {}, at most {}; a constant rate would say P99 {}\n",
                  s.down_p50, s.down_p90, s.down_p99, s.down_p999, s.down_max, s.binomial_p99);
  out += fmt::format("  variance / mean {} by day, {} by node; gaps vary by {}, Weibull shape {}\n",
                     format_number(s.daily_variance_to_mean, 3), format_number(s.node_variance_to_mean, 3),
                     format_number(s.gap_variation, 3), format_number(s.gap_weibull_shape, 3));
  out += fmt::format("  repairs: median {}, mean {}, P90 {}; the worst twentieth of the nodes has {} of the faults\n",
                     format_seconds(s.repair_median), format_seconds(s.repair_mean), format_seconds(s.repair_p90),
                     format_percent(s.worst_nodes_share));
  if (!result.replay->goodput) {
    const Infeasible& why = result.replay->goodput.why();
    return out + wrap_text(fmt::format("The job on it: no answer: {}; {}.", why.detail, why.remedy), kWidth, 2);
  }
  const reliability::SimulatedGoodput& played = *result.replay->goodput;
  return out +
         fmt::format(
             "  the job on it, {} times: useful {}, days P50 {}, P90 {}, P99 {}, {:.0f} interruptions, waiting {}\n",
             played.samples, format_percent(played.effective), days(played.wall.p50), days(played.wall.p90),
             days(played.wall.p99), played.interruptions, format_percent(played.shares.wait));
}

std::string cuts_text(const RiskResult& result, const std::vector<answer::CutOutcome>& cuts) {
  if (cuts.empty()) return {};
  TextTable table({{"saving"},
                   {"saves", Align::kRight},
                   {"useful", Align::kRight},
                   {"days P50", Align::kRight},
                   {"P99", Align::kRight},
                   {"loses", Align::kRight},
                   {"loses, P99", Align::kRight}},
                  kWidth);
  const auto loss = [&](const std::optional<Money>& money, double hours) {
    return money ? format_money(*money) : fmt::format("{:.1f} h", hours);
  };
  for (const answer::CutOutcome& one : cuts) {
    const std::string saves = one.saved ? format_money(*one.saved) : std::string("not stated");
    if (one.refusal)
      table.add_row({printable(one.cut.text), saves, "none", "-", "-", "all", "all"});
    else
      table.add_row({printable(one.cut.text), saves, format_percent(one.effective), days(one.wall_p50.value()),
                     days(one.wall_p99.value()), loss(one.lost_expected, one.hours_expected),
                     loss(one.lost_p99, one.hours_p99)});
  }
  std::string out = "\n" + table.str();
  for (const answer::CutOutcome& one : cuts) {
    if (one.refusal) out += wrap_text(fmt::format("{}: {}.", printable(one.cut.text), one.refusal->detail), kWidth, 2);
  }
  return out + fmt::format("Losses are beyond those without the saving ({} useful, P50 {}, P99 {} days)\n",
                           format_percent(result.simulated.effective), days(result.simulated.wall.p50),
                           days(result.simulated.wall.p99));
}

}  // namespace

std::string risk_text(const RiskResult& result, const std::vector<answer::CutOutcome>& cuts) {
  std::string out = heading(result) + "\n" + figures_text(result);
  out += fmt::format("Played {} times; P90 of the days costs {} over P50\n\n", result.simulated.samples,
                     format_percent(result.simulated.wall.p90 / result.simulated.wall.p50 - 1));
  out += facts_text(result) + stages_text(result) + "\n" + shares_text(result) + "\n" + failures_text(result) + "\n";
  out += spares_text(result) + "\n";
  if (!result.curve.empty()) out += curve_text(result) + "\n";
  out += storage_text(result) + replay_text(result) + cuts_text(result, cuts);
  return out + sentences_text("Assumptions", result.assumptions) + sentences_text("Doubts", result.doubts);
}

std::string risk_refusal_text(const Infeasible& why) {
  return wrap_text(
      fmt::format("No figure would mean anything ({}): {}. Remedy: {}.", why.reason, why.detail, why.remedy), kWidth,
      0);
}

}  // namespace socle::report
