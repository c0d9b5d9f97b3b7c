// Mooncake's open traces (Qin et al., FAST 2025): one JSON object a line, times in milliseconds, and the names of the
// prompt's blocks of 512 tokens, equal where all tokens so far are equal; the last block may be short.
#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/workload/traces/json_line.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

constexpr std::string_view kTime = "timestamp", kInput = "input_length", kOutput = "output_length",
                           kBlocks = "hash_ids";

class MooncakeTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override {
    return first_line.starts_with('{') && first_line.find("\"input_length\"") != std::string_view::npos &&
           first_line.find("\"timestamp\"") != std::string_view::npos;
  }
  bool header(std::string_view) override { return false; }

  TraceRow row(std::string_view line) override {
    line_.parse(line);
    TraceRow row;
    row.time = line_.number(kTime) / 1000.0;
    row.input = line_.number(kInput);
    row.output = line_.number(kOutput);
    if (!line_.has(kBlocks)) return row;
    const std::span<const std::int64_t> names = line_.integers(kBlocks);
    const double blocks = std::ceil(row.input / kTraceBlockTokens);
    if (static_cast<double>(names.size()) > std::max(blocks, 0.0))
      throw InputError(Problem{{},
                               0,
                               0,
                               std::string(kBlocks),
                               fmt::format("{} names {} blocks of {} tokens, but {} = {} has {}; leave the others out",
                                           kBlocks, names.size(), kTraceBlockTokens, kInput, row.input, blocks)});
    row.prefix.assign(names.begin(), names.end());
    return row;
  }

  TraceKeys keys() const override { return {std::string(kTime), std::string(kInput), std::string(kOutput)}; }
  std::string_view beginning() const override {
    return "{\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [..]}";
  }

 private:
  JsonLine line_;
};

}  // namespace

std::unique_ptr<TraceFormat> mooncake_trace() { return std::make_unique<MooncakeTrace>(); }

}  // namespace socle::workload
