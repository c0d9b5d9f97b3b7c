#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace socle::workload {

/// One line of a trace, as its format understands it. What every format must hold to is checked by the reader.
struct TraceRow {
  double time = 0;  ///< seconds of the file's own clock
  double input = 0, output = 0;
  std::string_view service_class{};  ///< valid until the next row; empty: none
  std::int64_t session = -1;
  std::vector<std::int64_t> prefix{};  ///< names of the leading kTraceBlockTokens of the prompt, and so on
  bool failed = false;                 ///< the file says that this request was not answered
};

/// What one name of a trace's prefix stands for. Source: Mooncake's traces, whose hash ids name blocks of 512 tokens.
inline constexpr int kTraceBlockTokens = 512;

/// Keys of the figures of a row as the file writes them, for messages.
struct TraceKeys {
  std::string time, input, output;
};

/// Understands the lines of one kind of trace. What it refuses is an InputError without a place: the reader adds it.
class TraceFormat {
 public:
  virtual ~TraceFormat() = default;
  /// Does a file that begins with this line look like this format?
  virtual bool recognises(std::string_view first_line) const = 0;
  /// Takes the first line. True: it was a header; false: it is a request itself, not yet read.
  virtual bool header(std::string_view first_line) = 0;
  virtual TraceRow row(std::string_view line) = 0;
  virtual TraceKeys keys() const = 0;
  /// How a file of this format begins, for messages.
  virtual std::string_view beginning() const = 0;
};

struct TraceEntry {
  std::string_view name;
  std::unique_ptr<TraceFormat> (*make)();
  std::string_view help;
};

#define SOCLE_TRACE(function, name, help) std::unique_ptr<TraceFormat> function();
#include "socle/workload/traces/traces.def"
#undef SOCLE_TRACE

/// Every format, in the order of traces.def: the first that recognises a file reads it.
const std::vector<TraceEntry>& trace_formats();
std::vector<std::string> trace_format_names();
/// Null when there is none of this name.
const TraceEntry* find_trace_format(std::string_view name);

/// A session or anything else that is named by a text, as a number: the number that it is, or a hash of 62 bits.
std::int64_t number_of_name(std::string_view text);

}  // namespace socle::workload
