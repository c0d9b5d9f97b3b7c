#pragma once

#include <map>
#include <string>
#include <variant>

#include "socle/api/compare.hpp"
#include "socle/api/fabric.hpp"
#include "socle/api/plan.hpp"
#include "socle/api/train.hpp"

/// Questions asked in one line, their answers as a user reads them.
namespace socle::test {

using scenario::Flags;
using Files = std::map<std::string, std::string>;

struct Text {
  bool feasible = true;
  std::string text;
};

struct Asked {
  std::string scenario{};  ///< text of "s.toml"; empty = flags only
  Flags flags{};
  bool json = false;
  unsigned threads = 1;
  Files files{};  ///< that the scenario may name
};

inline api::Request request_of(const Asked& asked) {
  return {.scenario_text = asked.scenario,
          .scenario_name = asked.scenario.empty() ? "" : "s.toml",
          .flags = asked.flags,
          .read_file = [files = asked.files](const std::string& path) {
            const auto found = files.find(path);
            if (found == files.end()) throw InputError(Problem{path, 0, 0, {}, "no such file"});
            return found->second;
          }};
}

template <typename Answer>
std::string shown(const Answer& answer, bool json) {
  return json ? api::json(answer) : api::text(answer);
}

inline api::TrainAnswer train_of(const Asked& asked, bool explain = false) {
  return api::train(catalog::Catalog(), request_of(asked), {.explain = explain, .threads = asked.threads});
}

inline Text train_text(const Asked& asked, bool explain = false) {
  const api::TrainAnswer answer = train_of(asked, explain);
  return {api::holds(answer), shown(answer, asked.json)};
}

inline Text plan_text(const Asked& asked) {
  const api::PlanAnswer answer = api::plan(catalog::Catalog(), request_of(asked), {.threads = asked.threads});
  return {answer.result.plan.winner.has_value(), shown(answer, asked.json)};
}

inline Text design_text(const Asked& asked) {
  const api::DesignAnswer answer =
      api::design_fabric(catalog::Catalog(), request_of(asked), {.threads = asked.threads});
  return {answer.result.feasible(), shown(answer, asked.json)};
}

}  // namespace socle::test
