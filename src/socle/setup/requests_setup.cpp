#include "socle/setup/requests_setup.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/setup/request_classes.hpp"
#include "socle/setup/requests_check.hpp"
#include "socle/workload/conversations.hpp"
#include "socle/workload/length_text.hpp"
#include "socle/workload/synthetic_traffic.hpp"
#include "socle/workload/trace_source.hpp"

namespace socle::setup {
namespace {

using scenario::RequestsSection;
using workload::LengthKind;
using workload::LengthLaw;

constexpr std::int64_t kRequestsDefault = 1000;
constexpr int kInputDefault = 1024, kOutputDefault = 256;
constexpr double kRateDefault = 1.0;
constexpr Seconds kClock{30 * 86400.0};  // of a simulation
// Synthetic requests that are drawn to know how long they are; of a closed loop without a number fewer, as nothing says
// how many there will be.
constexpr std::int64_t kSample = 1'000'000, kSampleUnbounded = 10'000;

void note(RequestsSetup& setup, std::string sentence) { setup.assumptions.push_back(std::move(sentence)); }

/// Sums over the requests of a stream.
class Summary {
 public:
  explicit Summary(std::int64_t max_model_len) : max_(max_model_len) {}
  void add(const workload::Request& request) {
    ++count_;
    last_ = request.arrival;
    input_.add(request.input);
    output_.add(request.output);
    if (max_ > 0 && std::int64_t{request.input} + request.output > max_) ++too_long_;
  }
  std::int64_t count() const { return count_; }
  Seconds span() const { return last_; }
  /// Gaps, not requests, over the time from the first to the last.
  double rate() const { return last_ > Seconds{} ? static_cast<double>(count_ - 1) / last_.value() : 0.0; }
  void fill(RequestsSetup& setup) const {
    setup.input = input_.summary(count_);
    setup.output = output_.summary(count_);
    setup.too_long = too_long_;
  }

 private:
  struct Side {
    double sum = 0, squares = 0;
    std::int64_t longest = 0;
    void add(int tokens) {
      sum += tokens;
      squares += static_cast<double>(tokens) * tokens;
      longest = std::max<std::int64_t>(longest, tokens);
    }
    LengthSummary summary(std::int64_t count) const {
      if (count == 0) return {};
      const double mean = sum / static_cast<double>(count);
      return {mean, std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean * mean)) / mean, longest};
    }
  };
  std::int64_t max_, count_ = 0, too_long_ = 0;
  Side input_, output_;
  Seconds last_{};
};

/// Runs through a stream, each request answered as it comes.
Summary summary_of(workload::RequestSource& source, std::int64_t limit, std::int64_t max_model_len) {
  Summary summary(max_model_len);
  while (summary.count() < limit) {
    const auto request = source.next();
    if (!request) break;
    summary.add(*request);
    source.completed(*request, request->arrival);
  }
  return summary;
}

void note_length(RequestsSetup& setup, const Summary& summary, std::int64_t max_model_len) {
  summary.fill(setup);
  if (setup.too_long > 0)
    setup.doubts.push_back(fmt::format("{} of {} requests are longer than max_model_len {}: the engine refuses them.",
                                       format_whole(setup.too_long), format_whole(summary.count()),
                                       format_whole(max_model_len)));
}

void set_up_trace(const scenario::Scenario& scenario, const FileOpener& open, std::int64_t max_model_len,
                  RequestsSetup& setup) {
  const RequestsSection& asked = scenario.requests;
  const std::string path = asked.trace.text;
  const workload::TraceReading reading{.format = asked.trace_format,
                                       .sort = asked.trace_sort.value_or(false),
                                       .skip_empty = asked.skip_empty.value_or(false)};
  workload::TraceReplay replay{.speed = asked.rate_scale.value_or(1.0),
                               .requests = asked.requests.value_or(workload::kNoLimit)};
  if (!asked.concurrency) replay.duration = asked.duration;
  const auto source = [open, path, reading](const workload::TraceReplay& how) {
    return std::make_unique<workload::TraceSource>(open(path), path, reading, how);
  };
  if (asked.rate) {
    const double recorded = summary_of(*source({}), workload::kNoLimit, 0).rate();
    if (!(recorded > 0))
      throw InputError(Problem{path, 0, 0, "requests.rate",
                               "all requests come at one time, which no rate stretches; leave rate out"});
    replay.speed = *asked.rate / recorded;
    note(setup, fmt::format("The trace is replayed {} times as fast, for {} requests/s over the whole of it.",
                            format_number(replay.speed), format_number(*asked.rate)));
  }
  const auto once = source(replay);
  const Summary summary = summary_of(*once, workload::kNoLimit, max_model_len);
  if (!asked.concurrency && summary.span() > kClock)
    throw InputError(Problem{path, 0, 0, "requests.duration",
                             fmt::format("the trace goes on for {}, a simulation for 30 days at most; say a duration, "
                                         "or a larger rate_scale",
                                         format_seconds(summary.span()))});
  const workload::TraceReader& reader = once->reader();
  if (asked.trace_format.empty())
    note(setup,
         fmt::format("{} is read as a trace of format {}, as its first line tells.", path, reader.format().name));
  if (reading.sort) note(setup, "The trace was read whole and sorted by time.");
  if (reader.skipped_empty() > 0)
    note(setup, fmt::format("{} requests with 0 tokens are left out.", format_whole(reader.skipped_empty())));
  if (reader.skipped_failed() > 0)
    note(setup,
         fmt::format("{} requests that failed when recorded are left out.", format_whole(reader.skipped_failed())));
  set_up_trace_classes(scenario, reader.classes(), setup);
  setup.count = summary.count();
  setup.prefix_tokens = reader.format().name == "mooncake" ? workload::kTraceBlockTokens : 0;
  setup.description = fmt::format("{} ({}): {} requests", path, reader.format().name, format_whole(setup.count));
  note_length(setup, summary, max_model_len);
  if (!asked.concurrency) {
    setup.offered_rate = summary.rate();
    setup.description += fmt::format(" in {}", format_seconds(summary.span()));
    setup.make = [source, replay](std::uint32_t) { return source(replay); };
    return;
  }
  note(setup, "Requests of the trace are sent in its order when a client is free: its times are not used.");
  if (asked.duration) setup.count = 0;
  setup.make = [source, replay, clients = *asked.concurrency, think = asked.think.value_or(Seconds{}),
                duration = asked.duration](std::uint32_t) {
    return std::make_unique<workload::ClosedReplay>(source(replay), clients, think, duration);
  };
}

RequestLengths set_up_lengths(const scenario::Scenario& scenario, const FileReader& read_file, RequestsSetup& setup) {
  const RequestsSection& asked = scenario.requests;
  const auto fixed = [](int tokens) {
    return LengthLaw{.kind = LengthKind::kFixed, .mean = static_cast<double>(tokens)};
  };
  const RequestLengths lengths =
      request_lengths({.source = scenario.source, .key = "requests", .input = asked.input, .output = asked.output},
                      {.input = fixed(kInputDefault), .output = fixed(kOutputDefault)}, read_file, setup.assumptions);
  const auto some_lacks = [&](scenario::Named scenario::RequestClassSection::*member) {
    return asked.classes.empty() || std::any_of(asked.classes.begin(), asked.classes.end(),
                                                [&](const auto& one) { return (one.*member).empty(); });
  };
  if (asked.input.empty() && some_lacks(&scenario::RequestClassSection::input))
    note(setup, fmt::format("Prompts are not stated: {} tokens.", kInputDefault));
  if (asked.output.empty() && !lengths.paired && some_lacks(&scenario::RequestClassSection::output))
    note(setup, fmt::format("Answers are not stated: {} tokens.", kOutputDefault));
  return lengths;
}

workload::ArrivalLaw arrival_law(const RequestsSection& asked, RequestsSetup& setup) {
  using workload::ArrivalKind;
  workload::ArrivalLaw law{.rate = asked.rate.value_or(kRateDefault), .profile = asked.profile};
  law.kind = asked.arrivals.value_or(asked.burstiness ? ArrivalKind::kGamma : ArrivalKind::kPoisson);
  law.variation = asked.burstiness.value_or(1.0);
  const bool by_variation = law.kind == ArrivalKind::kGamma || law.kind == ArrivalKind::kWeibull;
  if (!asked.arrivals)
    note(setup, fmt::format("Arrivals are not stated: {}.",
                            by_variation ? "gamma, of the burstiness" : "Poisson, each apart from the others"));
  if (by_variation && !asked.burstiness) note(setup, "Burstiness is not stated: 1, as Poisson.");
  if (!asked.rate && law.kind != ArrivalKind::kAtOnce)
    note(setup, fmt::format("The rate is not stated: {} request/s.", kRateDefault));
  return law;
}

workload::ConversationTraffic conversations(const RequestsSection& asked, const RequestLengths& lengths,
                                            const workload::ArrivalLaw& law, std::int64_t requests,
                                            std::int64_t max_model_len) {
  workload::ConversationTraffic traffic{.arrivals = law,
                                        .concurrency = asked.concurrency.value_or(0),
                                        .turns = *workload::parse_length_law(asked.turns.text).value,
                                        .input = lengths.input,
                                        .output = lengths.output,
                                        .paired = lengths.paired,
                                        .think = asked.think.value_or(Seconds{}),
                                        .requests = requests,
                                        .duration = asked.duration};
  traffic.length_max = static_cast<int>(std::min<std::int64_t>(max_model_len, scenario::kModelLengthMax));
  return traffic;
}

/// A simulation keeps a line for each request, and its clock ends.
void check_size(const scenario::Scenario& scenario, std::int64_t requests, double rate) {
  const RequestsSection& asked = scenario.requests;
  const double came = asked.duration ? std::min(asked.duration->value() * rate, static_cast<double>(requests)) : 0.0;
  if (came > static_cast<double>(scenario::kRequestsMax))
    throw InputError(Problem{scenario.source, 0, 0, "requests.duration",
                             fmt::format("{} requests come in {} at {} a second, a simulation takes {} at most; say a "
                                         "shorter duration or fewer requests",
                                         format_whole(std::llround(came)), format_seconds(*asked.duration),
                                         format_number(rate), format_whole(scenario::kRequestsMax))});
  const Seconds span{rate > 0 && !asked.duration ? static_cast<double>(requests) / rate : 0.0};
  if (span > kClock)
    throw InputError(Problem{scenario.source, 0, 0, "requests.requests",
                             fmt::format("{} requests come in {} at {} a second, a simulation takes 30 days at most; "
                                         "send fewer requests, or say a duration",
                                         format_whole(requests), format_seconds(span), format_number(rate))});
}

template <typename Source, typename Traffic>
auto maker(Traffic traffic) {
  return [traffic = std::move(traffic)](std::uint32_t seed) -> std::unique_ptr<workload::RequestSource> {
    Traffic seeded = traffic;
    seeded.seed = seed;
    return std::make_unique<Source>(std::move(seeded));
  };
}

void set_up_synthetic(const scenario::Scenario& scenario, const FileReader& read_file, std::int64_t max_model_len,
                      RequestsSetup& setup) {
  const RequestsSection& asked = scenario.requests;
  const RequestLengths lengths = set_up_lengths(scenario, read_file, setup);
  std::vector<workload::TrafficClass> classes = set_up_classes(scenario, lengths, read_file, setup);
  const std::int64_t requests = asked.requests.value_or(asked.duration ? workload::kNoLimit : kRequestsDefault);
  if (!asked.requests && !asked.duration)
    note(setup, fmt::format("The number of requests is not stated: {}.", format_whole(kRequestsDefault)));
  workload::ArrivalLaw law;
  if (!asked.concurrency) law = arrival_law(asked, setup);
  if (!asked.concurrency && law.kind != workload::ArrivalKind::kAtOnce) setup.offered_rate = law.rate;
  check_size(scenario, requests, setup.offered_rate);
  const std::string how = asked.concurrency        ? fmt::format("by {} clients", format_whole(*asked.concurrency))
                          : setup.offered_rate > 0 ? fmt::format("at {} a second", format_number(law.rate))
                                                   : std::string("at once");
  if (!asked.turns.empty()) {
    setup.prefix_tokens = workload::kConversationBlockTokens;
    note(setup, fmt::format("Conversations share prompts in whole blocks of {} tokens{}.", setup.prefix_tokens,
                            max_model_len > 0 ? " and end before max_model_len is exceeded" : ""));
    workload::ConversationTraffic traffic = conversations(asked, lengths, law, requests, max_model_len);
    traffic.classes = std::move(classes);
    setup.make = maker<workload::ConversationSource>(std::move(traffic));
  } else if (asked.concurrency) {
    setup.make = maker<workload::ClosedSource>(workload::ClosedTraffic{.concurrency = *asked.concurrency,
                                                                       .input = lengths.input,
                                                                       .output = lengths.output,
                                                                       .paired = lengths.paired,
                                                                       .classes = std::move(classes),
                                                                       .requests = requests,
                                                                       .duration = asked.duration,
                                                                       .think = asked.think.value_or(Seconds{})});
  } else {
    setup.make = maker<workload::OpenSource>(workload::OpenTraffic{.arrivals = law,
                                                                   .input = lengths.input,
                                                                   .output = lengths.output,
                                                                   .paired = lengths.paired,
                                                                   .classes = std::move(classes),
                                                                   .requests = requests,
                                                                   .duration = asked.duration});
  }
  const std::int64_t sample = requests == workload::kNoLimit && (asked.concurrency || !asked.turns.empty())
                                  ? kSampleUnbounded
                                  : std::min(requests, kSample);
  note_length(setup, summary_of(*setup.make(setup.seed), sample, max_model_len), max_model_len);
  setup.count = asked.duration ? 0 : requests;
  setup.description =
      fmt::format("{} {}{}", asked.requests || !asked.duration ? format_whole(requests) + " requests" : "requests", how,
                  asked.duration ? " for " + format_seconds(*asked.duration) : "");
}

}  // namespace

bool RequestsSetup::has_objectives() const {
  return slo.any() ||
         std::any_of(classes.begin(), classes.end(), [](const RequestClass& one) { return one.slo.any(); });
}

RequestsSetup set_up_requests(const scenario::Scenario& scenario, const FileReader& read_file, const FileOpener& open,
                              std::int64_t max_model_len) {
  check_requests(scenario);
  check_classes(scenario);
  const RequestsSection& asked = scenario.requests;
  RequestsSetup setup;
  setup.seed = asked.seed.value_or(1);
  setup.concurrency = asked.concurrency.value_or(0);
  setup.slo = {.ttft = asked.slo_ttft, .tpot = asked.slo_tpot, .e2e = asked.slo_e2e};
  if (asked.slo_percentile) setup.slo.percentile = *asked.slo_percentile;
  const FileOpener whole = [read_file](const std::string& path) {
    return std::make_unique<std::istringstream>(read_file(path));
  };
  if (asked.trace.empty())
    set_up_synthetic(scenario, read_file, max_model_len, setup);
  else
    set_up_trace(scenario, open ? open : whole, max_model_len, setup);
  if (setup.has_objectives() && !asked.slo_percentile)
    setup.assumptions.insert(setup.assumptions.begin(),
                             "Objectives are to be kept by 99 % of the requests, as MLPerf's server scenario asks.");
  return setup;
}

}  // namespace socle::setup
