#include "socle/report/stack_spread_json.hpp"

namespace socle::report {

Json stack_spread_json(const search::StackSpread& spread) {
  Json plausible = Json::array();
  for (const search::StackStep& stack : spread.stacks) {
    plausible.push(Json::object({{"stack", stack.slug},
                                 {"name", stack.name},
                                 {"step_time_s", stack.step.value()},
                                 {"low_s", stack.low.value()},
                                 {"high_s", stack.high.value()},
                                 {"instead", stack.step / spread.chosen().step - 1.0}}));
  }
  return Json::object({{"middle", spread.chosen().slug}, {"plausible", std::move(plausible)}});
}

}  // namespace socle::report
