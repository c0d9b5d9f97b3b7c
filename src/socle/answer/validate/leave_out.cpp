#include "socle/answer/validate/leave_out.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "socle/answer/validate/predict_case.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/relatives.hpp"

namespace socle::answer {
namespace {

constexpr LeftOut kKinds[] = {LeftOut::kStack, LeftOut::kRelease, LeftOut::kChip, LeftOut::kSource};
constexpr double kTail = 0.05;

using Runs = std::vector<std::size_t>;  // indices of compared rows

struct Group {
  std::string name;
  Runs runs;
  std::map<std::string, catalog::Stack> stacks;           // left out, with their relatives' figures
  std::map<std::string, catalog::ChipCalibration> chips;  // likewise
};

// What there is to leave out, and what rests on what.
class Bench {
 public:
  Bench(const machine::MachineBuilder& machines, const std::vector<catalog::Stack>& stacks,
        const std::vector<TrainingCase>& cases, const std::vector<const ValidationRow*>& rows)
      : machines_(machines),
        stacks_(stacks),
        calibrated_(catalog::load_calibrations(machines.catalog())),
        cases_(cases),
        rows_(rows) {
    for (const catalog::Stack& stack : stacks) by_slug_[stack.slug] = &stack;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i]->compared()) continue;
      runs_of_stack_[rows[i]->stack].push_back(i);
      runs_of_chip_[chip_slug(i)].push_back(i);
    }
  }

  std::string group_of(LeftOut kind, std::size_t i) const {
    const catalog::Stack& stack = *by_slug_.at(rows_[i]->stack);
    switch (kind) {
      case LeftOut::kStack:
        return stack.framework;
      case LeftOut::kRelease:
        return has_other_release(stack) ? stack.slug : std::string();
      case LeftOut::kChip:
        return rows_[i]->chip;
      case LeftOut::kSource:
        return collection_of(rows_[i]->id);
    }
    return {};
  }

  std::vector<Group> groups(LeftOut kind) const {
    std::map<std::string, Runs> by_name;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i]->compared()) continue;
      if (std::string name = group_of(kind, i); !name.empty()) by_name[std::move(name)].push_back(i);
    }
    std::vector<Group> groups;
    for (auto& [name, runs] : by_name) groups.push_back(take_out(kind, name, std::move(runs)));
    return groups;
  }

  /// The run again, without the group. Requires: it is one of the group's.
  ValidationRow predict(const Group& group, std::size_t i) const {
    ValidationRow row = *rows_[i];
    const auto stack = group.stacks.find(row.stack);
    const auto chip = group.chips.find(chip_slug(i));
    if (stack == group.stacks.end() && chip == group.chips.end()) return row;
    catalog::Stack used = stack == group.stacks.end() ? *by_slug_.at(row.stack) : stack->second;
    if (cases_[i].graph_share) used.graph_share = *cases_[i].graph_share;
    const auto again = predict_case(machines_, cases_[i], used,
                                    chip == group.chips.end() ? std::nullopt : std::optional(chip->second));
    row.predicted = static_cast<bool>(again);
    if (again) row.value = again->step.step_time.value();
    return row;
  }

 private:
  const std::string& chip_slug(std::size_t i) const { return machines_.chip(cases_[i].chip).slug; }

  bool has_other_release(const catalog::Stack& stack) const {
    return std::any_of(stacks_.begin(), stacks_.end(), [&](const catalog::Stack& other) {
      return other.runs > 0 && other.framework == stack.framework && other.slug != stack.slug;
    });
  }

  static bool mostly_in(const Runs& runs, const Runs& group) {
    Runs both;  // both are in order
    std::set_intersection(runs.begin(), runs.end(), group.begin(), group.end(), std::back_inserter(both));
    return 2 * both.size() > runs.size();
  }

  Group take_out(LeftOut kind, const std::string& name, Runs runs) const {
    std::set<std::string> stacks, chips;
    for (const catalog::Stack& stack : stacks_) {
      if (kind == LeftOut::kStack && stack.framework == name) stacks.insert(stack.slug);
    }
    if (kind == LeftOut::kRelease) stacks.insert(name);
    if (kind == LeftOut::kChip) chips.insert(chip_slug(runs.front()));
    for (const auto& [slug, all] : runs_of_stack_) {
      if (mostly_in(all, runs)) stacks.insert(slug);
    }
    for (const auto& [slug, all] : runs_of_chip_) {
      if (mostly_in(all, runs)) chips.insert(slug);
    }
    Group group{.name = name, .runs = std::move(runs), .stacks = {}, .chips = {}};
    for (const std::string& slug : stacks)
      group.stacks.emplace(slug, catalog::with_figures_of_relatives(*by_slug_.at(slug), stacks_, stacks));
    for (const std::string& slug : chips)
      group.chips.emplace(slug, catalog::calibration_of_relatives(machines_.chip(slug), calibrated_, chips));
    return group;
  }

  const machine::MachineBuilder& machines_;
  const std::vector<catalog::Stack>& stacks_;
  std::vector<catalog::CalibratedChip> calibrated_;
  const std::vector<TrainingCase>& cases_;
  const std::vector<const ValidationRow*>& rows_;
  std::map<std::string, const catalog::Stack*> by_slug_;
  std::map<std::string, Runs> runs_of_stack_, runs_of_chip_;
};

catalog::UnseenRange stated_range(const catalog::UnseenRanges& unseen, LeftOut kind) {
  return kind == LeftOut::kRelease ? unseen.release : kind == LeftOut::kChip ? unseen.chip : unseen.stack;
}

LeftOutBoard board_of(LeftOut kind, const std::vector<std::vector<ValidationRow>>& by_group,
                      const std::vector<std::string>& names, const catalog::UnseenRange& stated) {
  std::vector<LeftOutRatio> ratios;
  for (std::size_t g = 0; g < by_group.size(); ++g) {
    for (const ValidationRow& row : by_group[g]) {
      if (row.compared()) ratios.push_back({*row.measured / row.value, g});
    }
  }
  LeftOutBoard board{.kind = kind, .errors = {}, .range = range_of_ratios(ratios)};
  std::vector<ValidationRow> rows;
  for (std::size_t g = 0; g < by_group.size(); ++g) {
    const catalog::UnseenRange range = range_of_ratios(ratios, g).value_or(stated);
    for (ValidationRow row : by_group[g]) {
      row.low = row.value * range.low;
      row.high = row.value * range.high;
      row.job = names[g];
      rows.push_back(std::move(row));
    }
  }
  std::vector<const ValidationRow*> all;
  for (const ValidationRow& row : rows) all.push_back(&row);
  board.errors = summarise_rows(all, {{left_out_name(kind).data(), [](const ValidationRow& row) { return row.job; }}});
  for (std::size_t i = 1; i < board.errors.size(); ++i) {
    board.mean_of_groups += board.errors[i].mean_absolute / static_cast<double>(board.errors.size() - 1);
    board.signed_of_groups += board.errors[i].signed_mean / static_cast<double>(board.errors.size() - 1);
    board.covered_of_groups += board.errors[i].covered / static_cast<double>(board.errors.size() - 1);
  }
  return board;
}

}  // namespace

std::string_view left_out_name(LeftOut kind) {
  switch (kind) {
    case LeftOut::kStack:
      return "stack";
    case LeftOut::kRelease:
      return "release";
    case LeftOut::kChip:
      return "chip";
    case LeftOut::kSource:
      return "source";
  }
  return {};
}

std::optional<catalog::UnseenRange> range_of_ratios(const std::vector<LeftOutRatio>& ratios,
                                                    std::optional<std::size_t> without) {
  std::map<std::size_t, int> sizes;
  for (const LeftOutRatio& r : ratios) {
    if (r.group != without) ++sizes[r.group];
  }
  if (sizes.size() < 3) return std::nullopt;
  const auto weight = [](int runs) { return 1.0 / (runs + catalog::kRunsOfHalfTrust); };
  std::vector<std::pair<double, double>> weighted;  // ratio, weight
  double total = 0, error = 0;
  for (const LeftOutRatio& r : ratios) {
    if (r.group == without) continue;
    weighted.emplace_back(r.ratio, weight(sizes.at(r.group)));
    total += weighted.back().second;
    error += std::fabs(1.0 / r.ratio - 1.0) * weighted.back().second;
  }
  std::sort(weighted.begin(), weighted.end());
  const auto quantile = [&](double share) {
    double below = 0;
    for (const auto& [ratio, weight] : weighted) {
      below += weight;
      if (below >= share * total) return ratio;
    }
    return weighted.back().first;
  };
  return catalog::UnseenRange{
      .low = std::min(1.0, quantile(kTail)), .high = std::max(1.0, quantile(1 - kTail)), .error = error / total};
}

std::vector<LeftOutBoard> leave_out(const machine::MachineBuilder& machines, const std::vector<catalog::Stack>& stacks,
                                    const std::vector<TrainingCase>& cases,
                                    const std::vector<const ValidationRow*>& rows, unsigned threads,
                                    Progress* progress) {
  const Bench bench(machines, stacks, cases, rows);
  const catalog::UnseenRanges unseen = catalog::load_unseen_ranges(machines.catalog());
  std::vector<std::vector<Group>> groups;
  std::vector<std::vector<std::vector<ValidationRow>>> again;  // [kind][group][run]
  struct Place {
    std::size_t kind, group, run;
  };
  std::vector<Place> places;
  for (std::size_t k = 0; k < std::size(kKinds); ++k) {
    groups.push_back(bench.groups(kKinds[k]));
    again.emplace_back(groups.back().size());
    for (std::size_t g = 0; g < groups[k].size(); ++g) {
      again[k][g].resize(groups[k][g].runs.size());
      for (std::size_t r = 0; r < groups[k][g].runs.size(); ++r) places.push_back({k, g, r});
    }
  }
  if (progress) progress->begin("leaving out", places.size());
  parallel_for(
      places.size(), threads,
      [&](std::size_t i) {
        const auto [k, g, r] = places[i];
        again[k][g][r] = bench.predict(groups[k][g], groups[k][g].runs[r]);
      },
      progress);
  std::vector<LeftOutBoard> boards;
  for (std::size_t k = 0; k < std::size(kKinds); ++k) {
    std::vector<std::string> names;
    for (const Group& group : groups[k]) names.push_back(group.name);
    boards.push_back(board_of(kKinds[k], again[k], names, stated_range(unseen, kKinds[k])));
  }
  return boards;
}

}  // namespace socle::answer
