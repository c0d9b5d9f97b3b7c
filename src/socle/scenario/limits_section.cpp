#include "socle/scenario/limits_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = LimitsSection;

constexpr int kChipsMax = 10'000'000;
constexpr double kHeadroomMax = 0.9;
constexpr Questions kRuns{Question::kTrain, Question::kPlan};
constexpr Questions kFabrics{Question::kDesign};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help, Questions questions = kRuns) {
  return {.section = "limits", .name = name, .flag = flag, .value = value, .help = help, .questions = questions};
}

}  // namespace

std::vector<Key<Section>> limits_keys() {
  KeyFacts opex = facts("opex", "--opex", "AMOUNT", "Rent of the whole run, at most");
  opex.other_names = {"budget"};
  opex.other_flags = {"--budget"};
  return {
      quantity_key<Money, Section>(facts("capex", "--capex", "AMOUNT", "Price of all nodes when bought, at most"),
                                   &Section::capex),
      quantity_key<Money, Section>(facts("network_capex", "--network-capex", "AMOUNT",
                                         "Price of the network that fabric design makes, at most", kFabrics),
                                   &Section::network_capex),
      quantity_key<Money, Section>(std::move(opex), &Section::opex),
      quantity_key<Watts, Section>(
          facts("power", "--power", "POWER", "Rated power of all nodes, at most, such as \"30 MW\""), &Section::power),
      quantity_key<Watts, Section>(facts("network_power", "--network-power", "POWER",
                                         "Power of the network that fabric design makes, at most", kFabrics),
                                   &Section::network_power),
      quantity_key<Seconds, Section>(
          facts("deadline", "--deadline", "TIME", "Length of the run, at most, such as \"90 days\""),
          &Section::deadline),
      integer_key<Section>(facts("chips", "--limit-chips", "N", "Chips, at most"), &Section::chips, 1, kChipsMax),
      real_key<Section>(facts("memory_headroom", "--memory-headroom", "X",
                              "Share of a chip's memory that must stay free; default 0.05 in searches", kJobs),
                        &Section::memory_headroom, 0.0, kHeadroomMax)};
}

}  // namespace socle::scenario
