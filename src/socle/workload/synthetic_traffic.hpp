#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/base/random.hpp"
#include "socle/workload/length_law.hpp"
#include "socle/workload/request.hpp"
#include "socle/workload/traffic_class.hpp"

namespace socle::workload {

enum class ArrivalKind {
  kPoisson,
  kGamma,    ///< gamma-distributed gaps: burstier than Poisson where their variation exceeds 1
  kWeibull,  ///< Weibull gaps, by their variation
  kEven,     ///< equal gaps
  kAtOnce,   ///< all at the start
};

/// When requests come.
struct ArrivalLaw {
  ArrivalKind kind = ArrivalKind::kPoisson;
  double rate = 1;       ///< requests a second, on average over the profile
  double variation = 1;  ///< kGamma, kWeibull: standard deviation of the gaps / their mean
  /// Relative rate over equal parts of a day, repeated; empty: constant. Its mean counts as 1.
  std::vector<double> profile{};
  Seconds period{86400.0};
};

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();  ///< of the number of requests

/// Open traffic: arrivals do not depend on what became of earlier requests.
struct OpenTraffic {
  ArrivalLaw arrivals{};
  LengthLaw input{}, output{};
  bool paired = false;  ///< both laws are lists of the same requests: one draw takes a prompt with its answer
  std::vector<TrafficClass> classes{};  ///< in place of the lengths above; empty: one class
  std::int64_t requests = 1000;
  std::optional<Seconds> duration{};  ///< none comes later
  std::uint32_t seed = 1;
};

/// Requests of an open traffic. A shorter run of the same seed is the beginning of a longer one.
class OpenSource final : public RequestSource {
 public:
  explicit OpenSource(OpenTraffic traffic);
  std::optional<Request> next() override;

 private:
  double gap(std::uint64_t entity) const;
  void pass_load(double load);

  OpenTraffic traffic_;
  RandomStream random_;
  double weibull_shape_ = 1, weibull_mean_ = 1;
  std::int64_t made_ = 0;
  double now_ = 0;  ///< seconds
};

/// Closed traffic: so many clients, each of which sends its next request when its last one is done. What load
/// generators do with a limit on concurrency and no limit on rate.
struct ClosedTraffic {
  int concurrency = 1;
  LengthLaw input{}, output{};
  bool paired = false;  ///< as of open traffic
  std::vector<TrafficClass> classes{};
  std::int64_t requests = 1000;
  std::optional<Seconds> duration{};  ///< none is sent later
  Seconds think{};                    ///< between an answer and the next request
  std::uint32_t seed = 1;
};

/// When each of so many clients sends next. The times at which answers come never fall.
class Clients {
 public:
  Clients(int count, Seconds think) : think_(think), ready_(static_cast<std::size_t>(count < 1 ? 1 : count), 0.0) {}
  /// The earliest of those that are free; nothing when all wait for an answer.
  std::optional<Seconds> ready() const;
  void send() { ++sent_; }  ///< Requires: ready()
  void answered(Seconds time);

 private:
  Seconds think_;
  std::vector<double> ready_;  ///< seconds, in order; a queue from `sent_` on
  std::size_t sent_ = 0;
};

class ClosedSource final : public RequestSource {
 public:
  explicit ClosedSource(ClosedTraffic traffic);
  std::optional<Request> next() override;
  void completed(const Request& request, Seconds time) override;

 private:
  ClosedTraffic traffic_;
  RandomStream random_;
  Clients clients_;
  std::int64_t made_ = 0;
};

/// The requests of another source in their order, each sent when one of so many clients is free: their own times are
/// not used.
class ClosedReplay final : public RequestSource {
 public:
  ClosedReplay(std::unique_ptr<RequestSource> requests, int concurrency, Seconds think,
               std::optional<Seconds> duration);
  std::optional<Request> next() override;
  void completed(const Request& request, Seconds time) override;

 private:
  std::unique_ptr<RequestSource> requests_;
  Clients clients_;
  std::optional<Seconds> duration_;
};

}  // namespace socle::workload
