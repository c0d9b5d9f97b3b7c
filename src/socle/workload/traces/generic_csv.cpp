// A CSV of one's own: arrival_s (or timestamp) in seconds, input_tokens, output_tokens; if wanted class and session.
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/workload/traces/csv_line.hpp"
#include "socle/workload/traces/generic_keys.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

class CsvTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override {
    if (first_line.starts_with('{')) return false;
    try {
      CsvTraceTable table;
      table.header(first_line);
      return table.column(time_names()) && table.column(input_names()) && table.column(output_names());
    } catch (const InputError&) { return false; }
  }

  bool header(std::string_view first_line) override {
    table_.header(first_line);
    const auto index = [&](const std::vector<std::string_view>& names) {
      const auto found = table_.column(names);
      if (!found)
        throw InputError(Problem{{},
                                 0,
                                 0,
                                 std::string(names.front()),
                                 fmt::format("no column is named {}{}", fmt::join(names, " or "),
                                             did_you_mean(std::string(names.front()), table_.columns()))});
      return *found;
    };
    time_ = index(time_names());
    input_ = index(input_names());
    output_ = index(output_names());
    class_ = table_.column({kClassName});
    session_ = table_.column({kSessionName});
    return true;
  }

  TraceRow row(std::string_view line) override {
    table_.row(line);
    TraceRow row;
    row.time = table_.number(time_);
    row.input = table_.number(input_);
    row.output = table_.number(output_);
    if (class_) row.service_class = table_.text(*class_);
    if (session_ && !table_.text(*session_).empty()) row.session = number_of_name(table_.text(*session_));
    return row;
  }

  TraceKeys keys() const override {
    return {table_.columns()[time_], table_.columns()[input_], table_.columns()[output_]};
  }
  std::string_view beginning() const override { return "arrival_s,input_tokens,output_tokens"; }

 private:
  CsvTraceTable table_;
  std::size_t time_ = 0, input_ = 0, output_ = 0;
  std::optional<std::size_t> class_, session_;
};

}  // namespace

std::unique_ptr<TraceFormat> csv_trace() { return std::make_unique<CsvTrace>(); }

}  // namespace socle::workload
