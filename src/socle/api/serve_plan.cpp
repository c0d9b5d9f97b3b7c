#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "socle/api/serve.hpp"
#include "socle/base/error.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/serve/plan_report.hpp"
#include "socle/scenario/serving_section.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::api {
namespace {

[[noreturn]] void refuse(const char* key, std::string text) {
  throw InputError(Problem{{}, 0, 0, key, std::move(text)});
}

std::vector<std::string> listed(const std::string& text) {
  return text.empty() ? std::vector<std::string>{std::string()} : split_list(text);
}

answer::PlanGoal goal_of(const std::string& text, bool rents) {
  if (text.empty()) return rents ? answer::PlanGoal::kPrice : answer::PlanGoal::kChips;
  constexpr std::array<std::pair<const char*, answer::PlanGoal>, 3> kGoals = {
      {{"chips", answer::PlanGoal::kChips}, {"price", answer::PlanGoal::kPrice}, {"power", answer::PlanGoal::kPower}}};
  for (const auto& [name, goal] : kGoals) {
    if (text == name) return goal;
  }
  refuse("goal", fmt::format("--goal = \"{}\"; write chips, price or power", printable(text)));
}

int spare_of(const std::string& text) {
  if (text.empty()) return 0;
  int spare = -1;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), spare);
  if (error != std::errc{} || stop != text.data() + text.size() || spare < 0 || spare > 1000)
    refuse("spare", fmt::format("--spare = \"{}\"; write a whole number of replicas from 0 to 1000", printable(text)));
  return spare;
}

std::vector<model::ServingFormats> formats_of(const std::string& text, const model::ServingFormats& own) {
  std::vector<model::ServingFormats> all;
  if (text.empty()) return all;
  for (const std::string& name : split_list(text)) {
    bool known = false;
    for (const model::WeightFormatFacts& facts : model::weight_formats()) {
      if (facts.name != name) continue;
      model::ServingFormats formats = own;
      formats.matrices = formats.experts = facts.format;
      formats.attention.reset();
      all.push_back(formats);
      known = true;
    }
    if (!known)
      refuse("formats", fmt::format("--formats: \"{}\" is no format of weights; use {}", printable(name),
                                    fmt::join(scenario::weight_format_names(), ", ")));
  }
  return all;
}

std::vector<int> stock_of(const std::string& text, std::size_t chips) {
  std::vector<int> stock;
  if (text.empty()) return stock;
  for (const std::string& part : split_list(text)) {
    int count = -1;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), count);
    if (error != std::errc{} || stop != part.data() + part.size() || count < 0 || count > 1'000'000)
      refuse("stock", fmt::format("--stock: \"{}\" is no number of chips from 0 to 1000000", printable(part)));
    stock.push_back(count);
  }
  if (stock.size() != chips)
    refuse("stock",
           fmt::format("--stock names {} numbers for {} chips; write one for each of --among", stock.size(), chips));
  return stock;
}

/// Counts that a plan finds are refused as flags.
void check_counts(const Request& request, const ServePlanRequest& plan) {
  for (const char* flag : {"--replicas", "--prefill-replicas", "--decode-replicas"}) {
    if (request.flags.contains(flag))
      refuse(flag + 2, fmt::format("{}: a plan finds how many; leave it out{}", flag,
                                   flag == std::string_view("--replicas") ? "" : ", and say --apart"));
  }
  for (const char* flag : {"--prefill-tp", "--prefill-dp", "--prefill-ep"}) {
    if (request.flags.contains(flag) && !plan.apart)
      refuse(flag + 2, fmt::format("{} is of replicas that compute prompts apart; add --apart, or leave it out", flag));
  }
}

/// Those of a file, which serve other commands, are named as not used.
void note_counts(const ServePlanRequest& plan, setup::ServeSimulationSetup& first) {
  std::vector<std::string>& notes = first.serve.assumptions;
  if (first.prefill && !plan.apart)
    notes.push_back("prefill_replicas and decode_replicas are not used: a plan finds how many.");
  else if (!first.prefill && first.replicas != 1)
    notes.push_back(fmt::format("replicas = {} is not used: a plan finds how many.", first.replicas));
}

}  // namespace

ServePlanAnswer serve_plan(const catalog::Catalog& catalog, const Request& request, const ServePlanRequest& plan,
                           const std::string& assume, Progress* progress) {
  const std::vector<std::string> chips = listed(plan.chips), rents = listed(plan.rents);
  if (rents.size() > 1 && rents.size() != chips.size())
    refuse("rents", fmt::format("--rents names {} rents for {} chips; write one for each, or one for all", rents.size(),
                                chips.size()));
  check_counts(request, plan);
  std::vector<report::InputText> inputs;
  std::vector<setup::ServeSimulationSetup> candidates;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    Request one = request;
    if (plan.apart) one.flags["--prefill-replicas"] = one.flags["--decode-replicas"] = "1";  // a plan finds how many
    if (!chips[i].empty()) one.flags["--chip"] = chips[i];
    const std::string& rent = rents[rents.size() > 1 ? i : 0];
    if (!rent.empty()) one.flags["--rent"] = rent.find('/') == std::string::npos ? rent + "/chip-hour" : rent;
    std::vector<report::InputText> read;
    candidates.push_back(serve_setup(catalog, one, assume, read));
    if (i == 0) inputs = std::move(read);
  }
  setup::ServeSimulationSetup& first = candidates.front();
  if (!(first.requests.offered_rate > 0))
    refuse("requests", "a plan needs a rate of requests: write --rate, or a trace; a closed loop sets its own");
  if (!first.requests.has_objectives())
    refuse("requests", "a plan needs objectives: write --slo-ttft, --slo-tpot or --slo-e2e");
  const bool apart = plan.apart || first.prefill.has_value();
  if (apart && !plan.stock.empty())
    refuse("apart", "--apart and --stock are not planned together; leave one of them out");
  note_counts(plan, first);
  const bool rented =
      std::all_of(candidates.begin(), candidates.end(), [](const auto& c) { return c.rent_per_chip_hour.has_value(); });
  const answer::ServePlanOptions options{.goal = goal_of(plan.goal, rented),
                                         .formats = formats_of(plan.formats, first.serve.formats),
                                         .search_limits = !plan.own_limits,
                                         .spare_replicas = spare_of(plan.spare),
                                         .apart = apart,
                                         .stock = stock_of(plan.stock, chips.size()),
                                         .threads = plan.threads};
  const machine::MachineBuilder machines(catalog);
  return {answer::serve_plan(machines, std::move(candidates), options, progress), std::move(inputs)};
}

std::string text(const ServePlanAnswer& answer) { return report::serve_plan_text(answer.result); }
std::string json(const ServePlanAnswer& answer) {
  return report::serve_plan_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ServePlanAnswer& answer) { return answer.result.holds(); }

}  // namespace socle::api
