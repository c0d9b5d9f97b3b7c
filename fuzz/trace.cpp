// Any bytes, read as the format that their first line tells and as each format by name, give requests in order within
// the limits, or one InputError with its line.
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>

#include "socle/base/error.hpp"
#include "socle/workload/trace_source.hpp"

namespace {

void read(const std::string& text, socle::workload::TraceReading reading) {
  using namespace socle::workload;
  try {
    TraceSource source(std::make_unique<std::istringstream>(text), "fuzz", std::move(reading), {});
    socle::Seconds last{};
    while (const auto request = source.next()) {
      if (request->input < 1 || request->output < 1 || request->input > kTraceTokensMax) __builtin_trap();
      if (request->output > kTraceTokensMax || !(request->arrival >= last)) __builtin_trap();
      if (request->prefix.size() > static_cast<std::size_t>(request->input / kTraceBlockTokens + 1)) __builtin_trap();
      last = request->arrival;
    }
  } catch (const socle::InputError& error) {
    if (error.problems().size() != 1 || error.problems().front().file != "fuzz") __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read(text, {});
  read(text, {.sort = true, .skip_empty = true});
  for (const std::string& name : socle::workload::trace_format_names()) read(text, {.format = name});
  return 0;
}
