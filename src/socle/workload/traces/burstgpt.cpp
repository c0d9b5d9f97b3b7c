// BurstGPT (Wang et al. 2024): requests to a campus service of OpenAI models. Times in seconds from midnight of the
// first day; a response of 0 tokens is a request that failed. Releases without the column Session ID are read as well.
#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/workload/traces/csv_line.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

constexpr std::string_view kTime = "Timestamp", kInput = "Request tokens", kOutput = "Response tokens";

class BurstGptTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override {
    return first_line.find(kInput) != std::string_view::npos && first_line.find(kOutput) != std::string_view::npos;
  }

  bool header(std::string_view first_line) override {
    table_.header(first_line);
    const auto index = [&](std::string_view name) {
      const auto found = table_.column({name});
      if (!found)
        throw InputError(Problem{{},
                                 0,
                                 0,
                                 std::string(name),
                                 fmt::format("column {} is missing; BurstGPT begins with {}", name, beginning())});
      return *found;
    };
    time_ = index(kTime);
    input_ = index(kInput);
    output_ = index(kOutput);
    session_ = table_.column({"Session ID"});
    model_ = table_.column({"Model"});
    return true;
  }

  TraceRow row(std::string_view line) override {
    table_.row(line);
    TraceRow row;
    row.time = table_.number(time_);
    row.input = table_.number(input_);
    row.output = table_.number(output_);
    row.failed = row.output == 0;
    if (session_ && !table_.text(*session_).empty()) row.session = number_of_name(table_.text(*session_));
    if (model_) row.service_class = table_.text(*model_);
    return row;
  }

  TraceKeys keys() const override { return {std::string(kTime), std::string(kInput), std::string(kOutput)}; }
  std::string_view beginning() const override {
    return "Timestamp,Session ID,Model,Request tokens,Response tokens,Total tokens,Log Type";
  }

 private:
  CsvTraceTable table_;
  std::size_t time_ = 0, input_ = 0, output_ = 0;
  std::optional<std::size_t> session_, model_;
};

}  // namespace

std::unique_ptr<TraceFormat> burstgpt_trace() { return std::make_unique<BurstGptTrace>(); }

}  // namespace socle::workload
