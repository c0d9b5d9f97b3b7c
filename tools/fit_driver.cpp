// Serves `tools/fit_training.py`: reads validation cases once, then answers lines of settings with predictions.
//   first: one line a figure of stacks, "figure NAME share|log PRIOR WIDTH LEAST MOST", then "constant NAME VALUE" of
//   the rule that `answer/validate/stack_fit.hpp` states, then "ID STACK" of every case, and a dot.
//   in:  "STACK.FIELD=VALUE ..." and "chip:SLUG.FIELD=VALUE ..." (kept until set again), then the ids to predict after
//   "|" out: one line "seconds gigabytes" pairs in the order of the ids, "-" where a case is unsupported.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "socle/answer/validate/predict_case.hpp"
#include "socle/answer/validate/stack_fit.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/relatives.hpp"
#include "socle/catalog/stack_figures.hpp"
#include "socle/catalog/stacks.hpp"

using namespace socle;

namespace {

void set_stack(catalog::Stack& s, const std::string& field, double v) {
  if (field == "memory_overhead") {
    s.memory_overhead = v;
  } else if (field == "memory_reserve") {
    s.memory_reserve = Bytes{v};
  } else {
    const auto& figures = catalog::stack_figures();
    std::find_if(figures.begin(), figures.end(), [&](const auto& figure) { return figure.name == field; })->set(s, v);
  }
}

void set_chip(catalog::ChipCalibration& c, const std::string& field, double v) {
  const std::map<std::string, double*> fields = {{"compute16", &c.compute16},
                                                 {"compute8", &c.compute8},
                                                 {"compute4", &c.compute4},
                                                 {"attention", &c.attention},
                                                 {"network", &c.network}};
  *fields.at(field) = v;
}

std::string slurp(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const catalog::Catalog catalog;
  const CsvTable table = parse_csv(slurp(argv[1]), argv[1]);
  std::map<std::string, answer::TrainingCase> cases;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    answer::TrainingCase c = answer::read_training_case(catalog, table, i);
    cases.emplace(c.id, std::move(c));
  }
  for (const catalog::StackFigure& figure : catalog::stack_figures()) {
    std::cout << "figure " << figure.name << (figure.share ? " share " : " log ") << figure.prior.value << ' '
              << figure.prior.width << ' ' << figure.prior.least << ' ' << figure.prior.most << '\n';
  }
  std::cout << "constant huber " << answer::kHuber << "\nconstant noise " << answer::kNoise << "\nconstant free "
            << answer::kFreeFigures << "\nconstant tail " << answer::kRangeTail << "\nconstant half_trust "
            << catalog::kRunsOfHalfTrust << '\n';
  std::vector<catalog::Stack> stacks = catalog::load_stacks(catalog);
  machine::MachineBuilder machines(catalog);
  std::map<std::string, catalog::ChipCalibration> calibrations;
  for (const auto& [id, c] : cases) {
    const catalog::Chip& chip = machines.chip(c.chip);
    calibrations[chip.slug] = catalog::load_calibration(catalog, chip);
    std::cout << id << ' ' << (c.unsupported.empty() ? answer::case_stack(c, stacks, chip).slug : "-") << ' '
              << chip.slug << ' ' << catalog::measured_silicon(chip) << '\n';
  }
  std::cout << "." << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string word;
    while (words >> word && word != "|") {
      const std::size_t equals = word.find('='), dot = word.rfind('.', equals);
      const std::string owner = word.substr(0, dot), field = word.substr(dot + 1, equals - dot - 1);
      const double value = std::stod(word.substr(equals + 1));
      if (owner.starts_with("chip:")) {
        set_chip(calibrations.at(owner.substr(5)), field, value);
        machines.set_calibration(calibrations.at(owner.substr(5)));
      } else {
        for (catalog::Stack& stack : stacks) {
          if (stack.slug == owner) set_stack(stack, field, value);
        }
      }
    }
    std::vector<std::string> ids;
    while (words >> word) ids.push_back(word);
    std::vector<std::string> answers(ids.size(), "- -");
    parallel_for(ids.size(), 0, [&](std::size_t i) {
      const answer::TrainingCase& c = cases.at(ids[i]);
      if (!c.unsupported.empty()) return;
      try {
        const auto prediction = answer::predict_case(machines, c, answer::case_stack(c, stacks, machines.chip(c.chip)));
        if (!prediction) return;
        const train::StepResult& step = prediction->step;
        answers[i] = std::to_string(step.step_time.value()) + " " +
                     std::to_string(step.stages[static_cast<std::size_t>(step.fullest_stage)].total().value() / 1e9);
      } catch (const InputError&) {}
    });
    for (const std::string& answer : answers) std::cout << answer << ' ';
    std::cout << std::endl;
  }
  return 0;
} catch (const InputError& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
