#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/serve/edge_time.hpp"
#include "socle/serve/recorder.hpp"

namespace socle::serve {

/// Times of many events as a distribution: exact mean, quantiles from logarithmic bins 1 % wide.
class TimeHistogram {
 public:
  /// `count` runs of `steps` times: first, first + growth, first + 2 growth, ... Requires: first >= 0, growth >= 0.
  void add(std::int64_t count, Picoseconds first, Picoseconds growth, std::int64_t steps);
  std::int64_t count() const { return count_; }
  Seconds mean() const;
  /// Upper end of the bin that holds the quantile, at most 1 % above it. Zero without events. Requires: 0 <= q <= 1.
  Seconds quantile(double q) const;

 private:
  static std::size_t bin(Picoseconds time);
  static double lower_end(std::size_t bin);
  std::vector<std::int64_t> bins_;
  std::int64_t count_ = 0;
  double sum_ = 0;  ///< picoseconds
};

/// Figures of one request as its client sees it, as small as they can be: a million of them stay in memory.
struct RequestFigures {
  float ttft = 0;  ///< seconds from arrival to the first token
  float tpot = 0;  ///< seconds a token after the first; 0 with one token
  float e2e = 0;
  int service_class = 0;
};

/// A request, as a file of requests has it; the outcome is the scheduler's.
struct RequestRow {
  std::int64_t id = 0;
  Outcome outcome{};  ///< of one that was turned away, its arrival alone
  int input = 0, output = 0, service_class = 0;
  std::optional<Refusal> turned_away{};
};

/// Counts of one class of requests.
struct ClassCounts {
  std::int64_t done = 0;
  std::int64_t refused = 0, rejected = 0;  ///< too long; came when as many waited as may
  std::int64_t input = 0, output = 0, preemptions = 0;
};

/// Counts what a simulation does.
class Tally final : public Recorder {
 public:
  explicit Tally(const EdgeTime& edge = {}, bool keep_rows = false) : edge_(edge), keep_rows_(keep_rows) {}
  void done(const Request& request, const Outcome& outcome) override;
  void turned_away(const Request& request, Refusal why) override;
  void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) override;

  /// By Request::service_class, as far as any came.
  const std::vector<ClassCounts>& classes() const { return classes_; }
  const std::vector<RequestFigures>& requests() const { return requests_; }
  /// Every request in the order in which they were done or turned away; empty unless kept.
  const std::vector<RequestRow>& rows() const { return rows_; }
  const TimeHistogram& itl() const { return itl_; }
  std::int64_t input_tokens() const { return input_; }
  std::int64_t output_tokens() const { return output_; }
  std::int64_t cached_tokens() const { return cached_; }
  std::int64_t preemptions() const { return preemptions_; }
  Picoseconds first_arrival() const { return first_arrival_; }
  Picoseconds last_token() const { return last_token_; }

 private:
  ClassCounts& class_of(const Request& request);
  EdgeTime edge_;
  bool keep_rows_;
  std::vector<ClassCounts> classes_;
  std::vector<RequestRow> rows_;
  std::vector<RequestFigures> requests_;
  TimeHistogram itl_;
  std::int64_t input_ = 0, output_ = 0, cached_ = 0, preemptions_ = 0;
  Picoseconds first_arrival_ = -1, last_token_ = 0;
};

}  // namespace socle::serve
