// One JSON object a line, of the keys of a CSV of one's own; vLLM's request dumps have arrival_time, input_toks and
// output_toks. Keys beside these are not read.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/workload/traces/generic_keys.hpp"
#include "socle/workload/traces/json_line.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

class JsonlTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override { return first_line.starts_with('{'); }

  // The first line tells which of the names are used; the others keep to them.
  bool header(std::string_view first_line) override {
    line_.parse(first_line);
    const auto name = [&](const std::vector<std::string_view>& names) {
      const std::string_view found = line_.one_of(names);
      if (found.empty())
        throw InputError(
            Problem{{}, 0, 0, std::string(names.front()), fmt::format("no key is named {}", fmt::join(names, " or "))});
      return std::string(found);
    };
    keys_ = {name(time_names()), name(input_names()), name(output_names())};
    return false;
  }

  TraceRow row(std::string_view line) override {
    line_.parse(line);
    TraceRow row;
    row.time = line_.number(keys_.time);
    row.input = line_.number(keys_.input);
    row.output = line_.number(keys_.output);
    if (line_.has(kClassName)) row.service_class = line_.text(kClassName);
    if (line_.has(kSessionName)) row.session = number_of_name(line_.text(kSessionName));
    return row;
  }

  TraceKeys keys() const override { return keys_; }
  std::string_view beginning() const override {
    return "{\"arrival_s\": 0.0, \"input_tokens\": 1024, \"output_tokens\": 256}";
  }

 private:
  JsonLine line_;
  TraceKeys keys_;
};

}  // namespace

std::unique_ptr<TraceFormat> jsonl_trace() { return std::make_unique<JsonlTrace>(); }

}  // namespace socle::workload
