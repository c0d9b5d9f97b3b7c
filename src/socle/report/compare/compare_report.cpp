#include "socle/report/compare/compare_report.hpp"
#include "socle/report/model/model_report.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/layout_json.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/stack_spread_json.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::report {
namespace {

double per_watt(const answer::ComparedChip& chip) {
  return chip.power_per_chip > Watts{} ? chip.per_chip() / chip.power_per_chip.value() : 0.0;
}
double per_money(const answer::ComparedChip& chip) {
  return chip.price_per_chip && chip.price_per_chip->amount > 0 ? chip.per_chip() / chip.price_per_chip->amount : 0.0;
}

std::string ratio(double value, double base) {
  return value > 0 && base > 0 ? fmt::format("{:.2f}x", value / base) : "-";
}

// Chips in fractions, and whole where they are many.
std::string chips_text(double count) {
  return count < 99'999.5 ? format_number(count) : format_whole(std::llround(count));
}

std::string speed_table(const answer::CompareResult& result) {
  const answer::ComparedChip& first = result.chips.front();
  // Numbers of chips stand where MFU does otherwise, so that names are not cut.
  std::vector<TextColumn> columns{{"chip"}};
  for (const char* heading : {"step", result.match ? "chips" : "MFU", "tokens/s/chip", "90 % range", "per chip",
                              "per watt", "per money", "price/chip"})
    columns.push_back({heading, Align::kRight});
  TextTable table(std::move(columns));
  const auto time = column_unit(result.chips, [](const answer::ComparedChip& chip) {
    return chip.planned.best ? std::optional(chip.planned.best->step.step_time) : std::nullopt;
  });
  const auto speed = column_unit(result.chips, [](const answer::ComparedChip& chip) {
    return chip.planned.best ? std::optional(chip.per_chip()) : std::nullopt;
  });
  const auto price = column_unit(result.chips, &answer::ComparedChip::price_per_chip);
  for (const answer::ComparedChip& chip : result.chips) {
    std::vector<std::string> row{chip.name};
    if (!chip.planned.best) {
      row.insert(row.end(), 7, "-");
      row.push_back(price.text(chip.price_per_chip, "-"));
    } else {
      const train::StepResult& step = chip.planned.best->step;
      row.insert(row.end(),
                 {time.text(step.step_time), result.match ? chips_text(chip.planned.chips) : format_percent(step.mfu),
                  speed.text(chip.per_chip()),
                  speed.span(chip.per_chip() / chip.planned.range_high, chip.per_chip() / chip.planned.range_low),
                  ratio(chip.per_chip(), first.per_chip()), ratio(per_watt(chip), per_watt(first)),
                  ratio(per_money(chip), per_money(first)),
                  price.text(chip.price_per_chip, "-") + (chip.price_per_chip && chip.rented ? "/h" : "")});
    }
    table.add_row(std::move(row));
  }
  return table.str();
}

// What the first chip's money buys of the others, when speed grows evenly with chips.
std::string budget_table(const answer::CompareResult& result) {
  const answer::ComparedChip& first = result.chips.front();
  if (!first.price_per_chip || !first.planned.best) return {};
  TextTable table({{"chip"},
                   {"chips for the money", Align::kRight},
                   {"tokens/s", Align::kRight},
                   {"against the first", Align::kRight},
                   {"chips to keep up", Align::kRight}});
  const Money budget = *first.price_per_chip * first.planned.chips;
  const auto bought = [&](const answer::ComparedChip& chip) {
    const bool sold = chip.planned.best && chip.price_per_chip && chip.rented == first.rented;
    return sold ? std::optional(budget / *chip.price_per_chip) : std::nullopt;
  };
  const auto speed_of = [&](const answer::ComparedChip& chip) {
    return bought(chip) ? std::optional(*bought(chip) * chip.per_chip()) : std::nullopt;
  };
  const auto speed = column_unit(result.chips, speed_of);
  for (const answer::ComparedChip& chip : result.chips) {
    const std::optional<double> count = bought(chip);
    if (!count) continue;
    table.add_row({chip.name, chips_text(*count), speed.text(speed_of(chip), "-"),
                   ratio(*speed_of(chip), first.tokens_per_second),
                   chips_text(first.tokens_per_second / chip.per_chip())});
  }
  return fmt::format("\nAt equal budget ({} {}), speed taken to grow evenly with chips\n{}", format_money(budget),
                     first.rented ? "an hour" : "of hardware", table.str());
}

std::string exports_text(const answer::CompareResult& result) {
  std::string text = fmt::format(
      "\nExport rules in force on {} (information from public figures with sources, no legal advice)\n", result.day);
  for (const answer::ComparedChip& chip : result.chips) {
    text += wrap_text(fmt::format("- {}: TPP {}, performance density {}", chip.name,
                                  chip.tpp ? format_number(chip.tpp->tpp) : "unknown",
                                  chip.performance_density ? format_number(*chip.performance_density) : "unknown"),
                      100, 2);
    if (chip.exports.empty()) text += "      no rule of the catalogue is in force on this day\n";
    for (const catalog::ExportVerdict& verdict : chip.exports) {
      text += wrap_text(fmt::format("{} (since {}): {}. {}", verdict.rule, verdict.effective,
                                    catalog::export_class_name(verdict.verdict), verdict.reason),
                        100, 6);
    }
  }
  return text;
}

const answer::ComparedChip& matched(const answer::CompareResult& result) { return result.chips[*result.match]; }

std::string keeps_up(const answer::ComparedChip& chip, const answer::ComparedChip& matched) {
  return wrap_text(fmt::format("- {} of {} keep up with {} of {}: {:.2f}x their tokens per second.",
                               chips_text(chip.planned.chips), chip.name, chips_text(matched.planned.chips),
                               matched.name, chip.tokens_per_second / matched.tokens_per_second),
                   100, 2);
}

std::string verdict(const answer::CompareResult& result) {
  const answer::ComparedChip& first = result.chips.front();
  std::string text;
  for (std::size_t i = 0; i < result.chips.size(); ++i) {
    const answer::ComparedChip& chip = result.chips[i];
    if (!chip.missing.empty()) {
      text += wrap_text(fmt::format("- {} cannot be judged; {}.", chip.name, chip.planned.infeasible), 100, 2);
    } else if (!chip.planned.best) {
      text += wrap_text(fmt::format("- {} cannot run this job: {}.", chip.name, chip.planned.infeasible), 100, 2);
    } else if (result.match) {
      if (i != *result.match && matched(result).planned.best) text += keeps_up(chip, matched(result));
    } else if (i > 0 && first.planned.best) {
      const double speed = chip.per_chip() / first.per_chip();
      // The slowest of one against the fastest of the other; ranges are those of step times.
      const bool settled = speed * first.planned.range_low > chip.planned.range_high ||
                           speed * first.planned.range_high < chip.planned.range_low;
      text += wrap_text(fmt::format("- {} {} {}: {:.2f}x its speed per chip, so {:.2f} chips replace one{}.", chip.name,
                                    speed >= 1.0 ? "keeps up with" : "does not keep up with", first.name, speed,
                                    1.0 / speed, settled ? "" : "; the 90 % ranges overlap"),
                        100, 2);
    }
  }
  for (const answer::ComparedChip& chip : result.chips) {
    if (chip.planned.best)
      text += wrap_text(fmt::format("- {} layout: {}.", chip.name, workload::layout_text(chip.planned.best->layout)),
                        100, 2);
  }
  return "\n" + text;
}

std::string title_of(const answer::CompareResult& result) {
  const std::string job = fmt::format("{}, {}, sequence {}, global batch {}: {} ", result.model.name, result.precision,
                                      result.job.sequence_length, result.job.global_batch, result.count);
  if (result.match) return job + fmt::format("of {}, and as many of the others as keep up", matched(result).name);
  return job + "chips of each kind";
}

// How the number of chips came about, and what else can be asked.
std::string count_text(const answer::CompareResult& result) {
  std::string text;
  if (result.count_found) {
    text = wrap_text(fmt::format("No number is said: {} chips are the smallest number found, in whole nodes, on which "
                                 "every chip that can run this job runs it; --count N takes another.",
                                 result.count),
                     100, 0);
  } else if (result.count_sought > 0) {
    text = wrap_text(fmt::format("No number is said, and none up to {} chips was found on which every chip that can "
                                 "run this job runs it; {} are shown, --count N takes another.",
                                 format_whole(result.count_sought), result.count),
                     100, 0);
  }
  if (result.match) {
    text += wrap_text("Numbers of nodes tried for the others: 1, 3, 5 or 7 times a power of two.", 100, 0);
    return text;
  }
  const auto runs = std::find_if(result.chips.begin(), result.chips.end(),
                                 [](const answer::ComparedChip& chip) { return chip.planned.best.has_value(); });
  if (runs != result.chips.end())
    text += wrap_text(
        fmt::format("--match {} says how many of each other chip keep up with so many of it.", runs->slug), 100, 0);
  return text;
}

}  // namespace

std::string compare_text(const answer::CompareResult& result) {
  return title_of(result) + "\n" + model_line(result.model) + "\n" + count_text(result) + "\n" + speed_table(result) +
         verdict(result) + budget_table(result) + exports_text(result) +
         sentences_text("Assumptions", result.assumptions) +
         sentences_text("Facts that rest on recall or estimate", result.doubts);
}

Json compare_json(const answer::CompareResult& result, const std::vector<InputText>& inputs) {
  Json document = Json::object({{"schema", "socle.compare/1"},
                                {"provenance", provenance("compare", inputs)},
                                {"title", title_of(result)},
                                {"count", result.count},
                                {"count_found", result.count_found},
                                {"match", result.match ? Json(matched(result).name) : Json()},
                                {"day", result.day}});
  Json chips = Json::array();
  for (const answer::ComparedChip& chip : result.chips) {
    Json entry =
        Json::object({{"name", chip.name}, {"chips", chip.planned.chips}, {"feasible", chip.planned.best.has_value()}});
    if (chip.planned.best) {
      entry.set("step_time_s", chip.planned.best->step.step_time.value())
          .set("mfu", chip.planned.best->step.mfu)
          .set("tokens_per_s", chip.tokens_per_second);
      entry.set("tokens_per_s_per_chip", chip.per_chip())
          .set("tokens_per_s_per_chip_low", chip.per_chip() / chip.planned.range_high);
      entry.set("tokens_per_s_per_chip_high", chip.per_chip() / chip.planned.range_low)
          .set("layout", layout_json(chip.planned.best->layout));
      entry.set("stack", chip.planned.stack)
          .set("stacks", chip.planned.stacks ? stack_spread_json(*chip.planned.stacks) : Json());
    } else {
      entry.set("infeasible", chip.planned.infeasible);
    }
    entry.set("missing_facts", sentences_json(chip.missing));
    entry.set("power_per_chip_w", chip.power_per_chip > Watts{} ? Json(chip.power_per_chip.value()) : Json());
    entry.set("price_per_chip", chip.price_per_chip
                                    ? Json::object({{"amount", chip.price_per_chip->amount},
                                                    {"currency", currency_name(chip.price_per_chip->currency)},
                                                    {"per_hour", chip.rented}})
                                    : Json());
    entry.set("tpp", chip.tpp ? Json(chip.tpp->tpp) : Json())
        .set("performance_density", chip.performance_density ? Json(*chip.performance_density) : Json());
    Json verdicts = Json::array();
    for (const catalog::ExportVerdict& v : chip.exports) {
      verdicts.push(Json::object({{"rule", v.rule},
                                  {"effective", v.effective},
                                  {"class", catalog::export_class_name(v.verdict)},
                                  {"reason", v.reason}}));
    }
    entry.set("export", verdicts);
    chips.push(entry);
  }
  return document.set("chips", chips)
      .set("assumptions", sentences_json(result.assumptions))
      .set("doubts", sentences_json(result.doubts));
}

}  // namespace socle::report
