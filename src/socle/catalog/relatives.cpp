#include "socle/catalog/relatives.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "socle/catalog/stack_figures.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::catalog {
namespace {

double trust_in(int runs) { return runs / (runs + kRunsOfHalfTrust); }

int years_apart(const Stack& a, const Stack& b) {
  return std::max({0, a.from_year - b.to_year, b.from_year - a.to_year});
}

double nearness(int years) { return std::ldexp(1.0, -years); }

struct Witness {
  const Stack* stack;
  double weight;
};

// One level: each figure drawn from what the level above says, `above` times one relative, towards the witnesses'.
void draw_towards(Stack& stack, const std::vector<Witness>& witnesses, double above) {
  if (witnesses.empty()) return;
  for (const StackFigure& figure : stack_figures()) {
    const auto scaled = [&](double value) { return figure.share ? value : std::log(value); };
    double sum = above > 0 ? above * scaled(figure.get(stack)) : 0.0, weights = above;
    for (const Witness& witness : witnesses) {
      sum += witness.weight * scaled(figure.get(*witness.stack));
      weights += witness.weight;
    }
    figure.set(stack, figure.share ? sum / weights : std::exp(sum / weights));
  }
}

constexpr double ChipCalibration::*kChipFigures[] = {&ChipCalibration::compute16, &ChipCalibration::compute8,
                                                     &ChipCalibration::compute4, &ChipCalibration::attention,
                                                     &ChipCalibration::network};

}  // namespace

Stack with_figures_of_relatives(Stack stack, const std::vector<Stack>& stacks, const std::set<std::string>& left_out) {
  std::vector<const Stack*> measured;
  std::map<std::string, int> of_framework;
  for (const Stack& other : stacks) {
    if (other.runs == 0 || other.slug == stack.slug || left_out.contains(other.slug)) continue;
    measured.push_back(&other);
    ++of_framework[other.framework];
  }
  std::vector<Witness> all, family, framework;
  for (const Stack* other : measured) {
    const double weight = trust_in(other->runs) * nearness(years_apart(*other, stack));
    const Witness shared{other, weight / std::sqrt(of_framework.at(other->framework))};
    all.push_back(shared);
    if (!stack.family.empty() && other->family == stack.family) family.push_back(shared);
    if (other->framework == stack.framework) framework.push_back({other, weight});
  }
  draw_towards(stack, all, 0.0);
  draw_towards(stack, family, 1.0);
  draw_towards(stack, framework, 1.0);
  return stack;
}

ChipCalibration calibration_of_relatives(const Chip& chip, const std::vector<CalibratedChip>& calibrated,
                                         const std::set<std::string>& left_out) {
  ChipCalibration calibration;
  calibration.slug = chip.slug;
  for (const bool silicon : {false, true}) {
    const ChipCalibration above = calibration;
    for (double ChipCalibration::*const figure : kChipFigures) {
      double sum = std::log(above.*figure), weights = 1.0;
      for (const CalibratedChip& other : calibrated) {
        if (other.chip.slug == chip.slug || left_out.contains(other.chip.slug)) continue;
        if (silicon ? measured_silicon(other.chip) != measured_silicon(chip) : chip_kind(other.chip) != chip_kind(chip))
          continue;
        const int years = chip.year && other.chip.year ? std::abs(*chip.year - *other.chip.year) : 0;
        const double weight = trust_in(other.calibration.runs) * nearness(years);
        sum += weight * std::log(other.calibration.*figure);
        weights += weight;
      }
      calibration.*figure = std::exp(sum / weights);
    }
  }
  return calibration;
}

}  // namespace socle::catalog
