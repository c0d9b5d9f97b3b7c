#include "socle/answer/validate/training_columns.hpp"

#include <cmath>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/model/shape_check.hpp"

namespace socle::answer {
namespace {

struct NumberColumn {
  const char* name;
  double least, most;
  bool whole = true;
};

constexpr double kLayersMax = 4'096, kSizeMax = 1'000'000, kChipsMax = 10'000'000, kTokensMax = 1 << 24;

// 0 stands for "not stated" where sources write it so.
constexpr NumberColumn kColumns[] = {{"year", 1990, 2100},
                                     {"params_b", 0, 1e6, false},
                                     {"active_params_b", 0, 1e6, false},
                                     {"layers", 0, kLayersMax},
                                     {"hidden", 0, model::kWidthMax},
                                     {"ffn_hidden", 0, model::kWidthMax},
                                     {"heads", 0, model::kHeadsMax},
                                     {"kv_heads", 0, model::kHeadsMax},
                                     {"vocab", 0, model::kWidthMax},
                                     {"seq_len", 0, kTokensMax},
                                     {"n_experts", 0, model::kHeadsMax},
                                     {"topk", 0, model::kHeadsMax},
                                     {"n_chips", 0, kChipsMax},
                                     {"node_size", 1, kSizeMax},
                                     {"scale_up_domain", 0, kSizeMax},
                                     {"nic_gbps_per_chip", 0, 1e6, false},
                                     {"tp", 0, kSizeMax},
                                     {"sp", 0, kSizeMax},
                                     {"pp", 0, kSizeMax},
                                     {"vpp", 0, kSizeMax},
                                     {"cp", 0, kSizeMax},
                                     {"ep", 0, kSizeMax},
                                     {"dp", 0, kSizeMax},
                                     {"shard_size", 0, kSizeMax},
                                     {"micro_batch", 0, 65'536},
                                     {"global_batch_seqs", 0, 10'000'000},
                                     {"measured_step_s", 1e-6, 1e9, false},
                                     {"measured_mem_gb", 1e-3, 1e6, false}};

}  // namespace

Problems training_row_problems(const CsvTable& table, std::size_t row) {
  Problems problems;
  for (const NumberColumn& column : kColumns) {
    const std::string& text = table.cell(row, column.name);
    if (text.empty()) continue;
    std::optional<double> value;
    try {
      value = table.number(row, column.name);
    } catch (const InputError&) {}  // said below, with the limits
    if (value && *value >= column.least && *value <= column.most && (!column.whole || *value == std::floor(*value)))
      continue;
    const int place = static_cast<int>(table.column(column.name).value_or(0)) + 1;
    problems.add({table.source(), table.line(row), place, column.name,
                  fmt::format("{} = '{}'; write {} from {} to {}, or leave it empty", column.name, printable(text),
                              column.whole ? "a whole number" : "a number", column.least, column.most)});
  }
  return problems;
}

}  // namespace socle::answer
