// Azure LLM inference traces (Patel et al. 2024, "Splitwise"; published by Azure as AzurePublicDataset): a row for each
// request. Times are days with seven digits behind the second, of which the zone does not matter: only gaps are used.
#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/moment.hpp"
#include "socle/base/utf8.hpp"
#include "socle/workload/traces/csv_line.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

constexpr std::string_view kTime = "TIMESTAMP", kInput = "ContextTokens", kOutput = "GeneratedTokens";

class AzureTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override {
    return first_line.find(kInput) != std::string_view::npos && first_line.find(kOutput) != std::string_view::npos;
  }

  bool header(std::string_view first_line) override {
    table_.header(first_line);
    const auto index = [&](std::string_view name) {
      const auto found = table_.column({name});
      if (!found)
        throw InputError(
            Problem{{},
                    0,
                    0,
                    std::string(name),
                    fmt::format("column {} is missing; an Azure trace begins with {}", name, beginning())});
      return *found;
    };
    time_ = index(kTime);
    input_ = index(kInput);
    output_ = index(kOutput);
    return true;
  }

  TraceRow row(std::string_view line) override {
    table_.row(line);
    const auto moment = parse_moment(table_.text(time_));
    if (!moment)
      throw InputError(Problem{{},
                               0,
                               0,
                               std::string(kTime),
                               fmt::format("{} = \"{}\" is no time such as 2023-11-16 18:17:03.9799600 (UTC)", kTime,
                                           printable(table_.text(time_)))});
    if (!first_day_) first_day_ = moment->day;
    TraceRow row;
    row.time = 86400.0 * (moment->day - *first_day_) + moment->seconds;
    row.input = table_.number(input_);
    row.output = table_.number(output_);
    return row;
  }

  TraceKeys keys() const override { return {std::string(kTime), std::string(kInput), std::string(kOutput)}; }
  std::string_view beginning() const override { return "TIMESTAMP,ContextTokens,GeneratedTokens"; }

 private:
  CsvTraceTable table_;
  std::size_t time_ = 0, input_ = 0, output_ = 0;
  std::optional<int> first_day_;
};

}  // namespace

std::unique_ptr<TraceFormat> azure_trace() { return std::make_unique<AzureTrace>(); }

}  // namespace socle::workload
