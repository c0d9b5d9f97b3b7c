#pragma once

#include <cstdint>
#include <istream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/line_reader.hpp"
#include "socle/base/quantity.hpp"
#include "socle/workload/request.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {

inline constexpr int kTraceTokensMax = 10'000'000;  ///< of a prompt or an answer
inline constexpr double kTraceSecondsMax = 1e10;    ///< of a trace's clock: 300 years

/// How a trace is read.
struct TraceReading {
  std::string format{};     ///< a name of traces.def; empty: recognised from the first line
  bool sort = false;        ///< take times in any order: the file is read whole and sorted
  bool skip_empty = false;  ///< leave out, and count, requests with an empty prompt or answer
};

/// Requests of a trace one by one, with the times of its own clock, in constant memory. Every request is read or
/// counted as left out, or the reader stops.
class TraceReader {
 public:
  /// Reads the first line. Throws InputError, for `source` and the line: empty, of no known format.
  TraceReader(std::unique_ptr<std::istream> text, std::string source, TraceReading reading);

  /// The next request, numbered from 0; nothing after the last. Throws InputError for the line that is wrong: times
  /// that fall (unless sorted later), are negative or not finite, tokens that are not whole numbers from 1 to
  /// kTraceTokensMax, what the format refuses; and when the file ends without a request.
  std::optional<Request> next();

  const TraceEntry& format() const { return *entry_; }
  std::int64_t skipped_empty() const { return skipped_empty_; }
  std::int64_t skipped_failed() const { return skipped_failed_; }  ///< that the trace itself calls failed
  /// Names of service classes, by the number that requests have.
  const std::vector<std::string>& classes() const { return classes_; }
  int line() const { return lines_.number(); }

 private:
  void begin();
  std::optional<Request> checked(TraceRow row);
  int tokens(std::string TraceKeys::*which, double count) const;
  int class_number(std::string_view name);
  [[noreturn]] void refuse(std::string key, std::string message) const;
  [[noreturn]] void refuse_beginning(std::string_view first) const;

  LineReader lines_;
  TraceReading reading_;
  const TraceEntry* entry_ = nullptr;
  std::unique_ptr<TraceFormat> format_;
  bool held_ = false;  ///< the first line is a request that is not read yet
  double last_ = 0;
  std::int64_t read_ = 0, skipped_empty_ = 0, skipped_failed_ = 0;
  std::vector<std::string> classes_;
};

/// How a trace is replayed.
struct TraceReplay {
  double speed = 1;  ///< times as fast as it was recorded
  std::int64_t requests = std::numeric_limits<std::int64_t>::max();
  std::optional<Seconds> duration{};  ///< requests that come later are left out
};

/// The requests of a trace as they came, the first at 0. A shorter replay is the beginning of a longer one.
class TraceSource final : public RequestSource {
 public:
  TraceSource(std::unique_ptr<std::istream> text, std::string source, TraceReading reading, TraceReplay replay);
  std::optional<Request> next() override;
  const TraceReader& reader() const { return reader_; }

 private:
  std::optional<Request> from_file();

  TraceReader reader_;
  TraceReplay replay_;
  std::vector<Request> sorted_;
  bool sort_ = false;
  std::size_t given_ = 0;
  std::optional<double> first_;
  std::int64_t made_ = 0;
};

}  // namespace socle::workload
