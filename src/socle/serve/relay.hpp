#pragma once

#include <cstdint>

#include "socle/serve/recorder.hpp"

namespace socle::serve {

/// Passes on what it hears, and tells the source which requests are done.
class Relay final : public Recorder {
 public:
  Relay(workload::RequestSource& source, Recorder& recorder) : source_(source), recorder_(recorder) {}
  void done(const Request& request, const Outcome& outcome) override {
    ++done_;
    recorder_.done(request, outcome);
    source_.completed(request, net::to_seconds(outcome.last_token));
  }
  void turned_away(const Request& request, Refusal why) override { recorder_.turned_away(request, why); }
  void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) override {
    recorder_.gaps(sequences, first, growth, steps);
  }
  std::int64_t done_count() const { return done_; }

 private:
  workload::RequestSource& source_;
  Recorder& recorder_;
  std::int64_t done_ = 0;
};

}  // namespace socle::serve
