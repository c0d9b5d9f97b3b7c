#include "socle/answer/validate/serving_case.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/setup/chip_spelling.hpp"
#include "socle/setup/serving_model.hpp"

namespace socle::answer {
namespace {

using model::WeightFormat;

class Row {
 public:
  Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
  const std::string& text(const char* column) const { return table_.cell(row_, column); }
  [[noreturn]] void refuse(const char* column, const std::string& remedy) const {
    const int place = static_cast<int>(table_.column(column).value_or(0)) + 1;
    throw InputError(Problem{table_.source(), table_.line(row_), place, column,
                             fmt::format("{} = '{}'; {}", column, printable(text(column)), remedy)});
  }
  /// A whole number from 1 to `most`; `otherwise` where the cell is empty.
  int count(const char* column, int otherwise, double most) const {
    const double value = number(column, most).value_or(otherwise);
    if (value != std::floor(value)) refuse(column, fmt::format("write a whole number from 1 to {:.0f}", most));
    return static_cast<int>(value);
  }
  /// A figure above 0 and at most `most`; nothing where the cell is empty.
  std::optional<double> number(const char* column, double most) const {
    std::optional<double> value;
    try {
      value = table_.number(row_, column);
    } catch (const InputError&) {  // said again below, with the column and the limits
      refuse(column, fmt::format("write a number above 0 and at most {:.0f}, or leave it empty", most));
    }
    if (value && !(*value > 0 && *value <= most))
      refuse(column, fmt::format("write a number above 0 and at most {:.0f}, or leave it empty", most));
    return value;
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
};

struct FormatName {
  std::string_view name;
  WeightFormat format;
};
// As benchmark tables write them.
constexpr std::array<FormatName, 11> kFormats = {{{"bf16", WeightFormat::kBf16},
                                                  {"bfloat16", WeightFormat::kBf16},
                                                  {"fp16", WeightFormat::kFp16},
                                                  {"fp8", WeightFormat::kFp8},
                                                  {"fp8_block", WeightFormat::kFp8Block},
                                                  {"int8", WeightFormat::kInt8},
                                                  {"int8_wo", WeightFormat::kInt8WeightOnly},
                                                  {"int4_wo", WeightFormat::kInt4WeightOnly},
                                                  {"int4", WeightFormat::kInt4WeightOnly},
                                                  {"mxfp4", WeightFormat::kMxFp4},
                                                  {"nvfp4", WeightFormat::kNvFp4}}};

std::optional<WeightFormat> format_of(const Row& row, const char* column) {
  if (row.text(column).empty()) return std::nullopt;
  for (const FormatName& entry : kFormats) {
    if (entry.name == row.text(column)) return entry.format;
  }
  if (row.text(column) == "fp4") return WeightFormat::kNvFp4;
  row.refuse(column, "use bf16, fp16, fp8, fp8_block, int8, int8_wo, int4_wo, mxfp4 or nvfp4, or leave it empty");
}

// Attention data parallel multiplies the chips; the experts are cut or spread over all ranks of a stage.
void read_layout(const Row& row, ServingCase& c) {
  workload::ServingLayout& layout = c.served.layout;
  layout.tensor_parallel = row.count("tp", 1, 4096);
  layout.pipeline_parallel = row.count("pp", 1, 4096);
  layout.data_parallel = row.count("attention_dp", 1, 4096);
  // Collections that multiply the chips of a stage by themselves (a node of 4 or 8 with attention dp) mean that node.
  const int squared = layout.ranks();
  for (const int node : {4, 8}) {
    if (layout.data_parallel > 1 && squared == node * node) layout.data_parallel /= node;
  }
  // Tables write 0 where a layer has no experts.
  const bool none = row.text("moe_ep") == "0";
  layout.expert_parallel = none ? 1 : std::min(row.count("moe_ep", 1, 65536), layout.ranks());
  if (layout.ranks() % layout.expert_parallel != 0)
    c.unsupported =
        fmt::format("moe_ep {} does not divide tp x attention_dp = {}", layout.expert_parallel, layout.ranks());
}

}  // namespace

ServingCase read_serving_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t index) {
  const Row row(table, index);
  ServingCase c;
  c.id = row.text("id").empty() ? fmt::format("line-{}", table.line(index)) : row.text("id");
  c.source = row.text("source");
  c.engine = row.text("engine");
  c.engine_version = row.text("engine_version");
  c.date = row.text("date");
  c.input = row.count("input_tokens", 0, 1e8);
  c.output = row.count("output_tokens", 0, 1e8);
  c.concurrency = row.count("concurrency", 0, 1e6);
  c.ttft_ms = row.number("measured_ttft_ms", 1e9);
  c.tpot_ms = row.number("measured_tpot_ms", 1e9);
  read_layout(row, c);
  const auto matrices = format_of(row, "gemm_precision"), experts = format_of(row, "moe_precision");
  const auto all = format_of(row, "precision");
  c.chip = setup::chip_of_spelling(catalog, row.text("chip"));
  const auto model = setup::find_served_model(catalog, row.text("model"));
  if (c.input == 0 || c.output == 0 || c.concurrency == 0) c.unsupported = "lengths or concurrency not stated";
  if (c.chip.empty()) {
    c.unsupported = fmt::format("chip '{}' is not in the catalogue; add chips/NAME.toml under --catalog DIR",
                                printable(row.text("chip")));
  } else if (!model) {
    c.unsupported = fmt::format("model '{}' is not in the catalogue; add models/NAME.toml under --catalog DIR",
                                printable(row.text("model")));
  } else {
    c.served.model = *model;
    auto wanted = matrices ? matrices : all;
    // No checkpoint has its experts in blocks and its matrices not.
    if (wanted == WeightFormat::kFp8 && experts == WeightFormat::kFp8Block) wanted = experts;
    c.served.formats = setup::served_formats(*model, wanted, experts ? experts : wanted);
  }
  return c;
}

}  // namespace socle::answer
