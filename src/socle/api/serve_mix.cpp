#include "socle/api/serve_mix.hpp"

#include <utility>

#include "socle/api/option_reader.hpp"
#include "socle/report/serve/mix_report.hpp"

namespace socle::api {

ChipMixAnswer chip_mix(const ChipMixRequest& asked) {
  constexpr int kSlicesMost = 64;
  Problems problems;
  OptionReader read(problems);
  const int slices = read.whole("slices", asked.slices, 1, kSlicesMost).value_or(1);
  problems.throw_if_any();
  setup::MixTable table = setup::read_mix_table(asked.table_text, asked.table_name);
  table.question.slices = slices;
  std::vector<report::InputText> inputs{{asked.table_name, report::content_hash(asked.table_text)}};
  add_options({&asked.slices}, inputs);
  Feasible<search::ChipMix> mix = search::cheapest_mix(table.question);
  return {answer::ChipMixResult{std::move(table), std::move(mix)}, std::move(inputs)};
}

std::string text(const ChipMixAnswer& answer) { return report::chip_mix_text(answer.result); }
std::string json(const ChipMixAnswer& answer) {
  return report::chip_mix_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ChipMixAnswer& answer) { return static_cast<bool>(answer.result.mix); }

}  // namespace socle::api
