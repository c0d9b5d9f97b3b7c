#include "socle/serve/disaggregated.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "socle/base/check.hpp"
#include "socle/serve/relay.hpp"
#include "socle/serve/replica_events.hpp"

namespace socle::serve {
namespace {

constexpr std::int64_t kLookEvery = 1024;  // events between two looks at the progress

/// One side of the fleet.
struct Side {
  std::vector<Replica> replicas;
  std::vector<const Replica*> all;
  ReplicaEvents events;
  std::int64_t routed = 0;

  Side(int count, ReplicaOptions options, StepTimer& timer, Recorder& recorder, const SegmentListener& hear,
       bool prefill) {
    for (int i = 0; i < count; ++i) {
      if (hear)
        options.on_segment = [&hear, prefill, index = static_cast<std::size_t>(i)](const Segment& segment) {
          hear(prefill, index, segment);
        };
      replicas.emplace_back(options, timer, recorder);
    }
    for (const Replica& replica : replicas) all.push_back(&replica);
  }
  std::size_t choose(Router router, const Request& request) { return router(request, {all, routed++}); }
  Picoseconds first() { return events.first(replicas); }
  void advance() {
    const std::size_t index = at_ = events.pop();
    replicas[index].advance();
    events.note(replicas, index);
  }
  /// The replica that advances, or did last.
  std::size_t at() const { return at_; }
  Picoseconds busy() const {
    Picoseconds sum = 0;
    for (const Replica& replica : replicas) sum += replica.busy_time();
    return sum;
  }

 private:
  std::size_t at_ = 0;
};

/// What a prefill side tells: prompts that ended, kept until the step's end has been carried out.
class Prompts final : public Recorder {
 public:
  void done(const Request& request, const Outcome& outcome) override { ended.emplace_back(request, outcome); }
  void gaps(std::int64_t, Picoseconds, Picoseconds, std::int64_t) override {}
  std::vector<std::pair<Request, Outcome>> ended;
};

class Simulation {
 public:
  Simulation(workload::RequestSource& source, const DisaggregatedOptions& options, StepTimer& prefill_timer,
             StepTimer& decode_timer, Recorder& recorder)
      : source_(source),
        options_(options),
        ends_(source, recorder),
        prefill_(options.prefill_replicas, options.prefill, prefill_timer, prompts_, options.on_segment, true),
        decode_(options.decode_replicas, options.decode, decode_timer, ends_, options.on_segment, false),
        transfers_(options.links, prefill_.replicas.size(), decode_.replicas.size()) {}

  DisaggregatedRun run(Progress* progress) {
    coming_ = source_.next();
    for (std::int64_t count = 1; step(); ++count) {
      if (count % kLookEvery == 0) check(progress);
      if (options_.observe) observe();
    }
    FleetRun& fleet = run_.fleet;
    for (const Side* side : {&prefill_, &decode_}) {
      for (const Replica& replica : side->replicas) {
        fleet.steps += replica.steps();
        fleet.segments += replica.segments();
        fleet.adapter_loads.from_host += replica.adapter_loads().from_host;
        fleet.adapter_loads.from_disk += replica.adapter_loads().from_disk;
        fleet.tier_loads.from_host += replica.tier_loads().from_host;
        fleet.tier_loads.from_disk += replica.tier_loads().from_disk;
      }
    }
    run_.prefill_busy = prefill_.busy();
    run_.decode_busy = decode_.busy();
    fleet.busy_time = run_.prefill_busy + run_.decode_busy;
    fleet.end = now_;
    SOCLE_CHECK(under_way_.empty() && wanted_.empty(), "every prompt that ended decodes");
    SOCLE_CHECK(prefill_.events.together().requests() + decode_.events.together().requests() == 0,
                "loads that were counted as they changed are empty at the end");
    SOCLE_CHECK(ends_.done_count() + fleet.refused + fleet.rejected == fleet.requests,
                "every request is served or turned away");
    return run_;
  }

 private:
  /// A cache on its way.
  struct Move {
    Computed computed;
    std::size_t to = 0;
  };

  /// Carries out the next event. False: there is none.
  bool step() {
    const Picoseconds moved = transfers_.next(), prompt = prefill_.first(), token = decode_.first();
    const Picoseconds arrival = coming_ ? std::max(now_, net::to_picoseconds(coming_->arrival)) : kNever;
    const Picoseconds first = std::min({moved, arrival, prompt, token});
    if (first == kNever) return false;
    now_ = first;
    if (moved == now_) {
      arrive_at_decode();
    } else if (arrival == now_) {
      arrive();
      return true;
    } else if (prompt == now_) {
      prefill_.advance();
      send_prompts();
    } else {
      decode_.advance();
    }
    coming_ = coming_ ? source_.sooner(std::move(*coming_)) : source_.next();
    return true;
  }

  void arrive() {
    Request request = std::move(*coming_);
    ++run_.fleet.requests;
    const std::size_t index = prefill_.choose(options_.router, request);
    const int output = std::exchange(request.output, 1);
    const bool prompt_fits = prefill_.replicas[index].fits(request);
    request.output = output;
    const bool fits = prompt_fits && decode_.replicas.front().fits(request);
    if (!fits || prefill_.replicas[index].full()) {
      ++(fits ? run_.fleet.rejected : run_.fleet.refused);
      ends_.turned_away(request, fits ? Refusal::kQueueFull : Refusal::kTooLong);
      source_.completed(request, net::to_seconds(now_));
    } else {
      if (output > 1) wanted_.emplace(request.id, output);
      request.output = 1;
      prefill_.replicas[index].accept(std::move(request), now_);
      prefill_.events.note(prefill_.replicas, index);
    }
    coming_ = source_.next();
  }

  void send_prompts() {
    for (auto& [request, outcome] : prompts_.ended) {
      const auto wanted = wanted_.find(request.id);
      if (wanted == wanted_.end()) {
        ends_.done(request, outcome);
        continue;
      }
      request.output = wanted->second;
      wanted_.erase(wanted);
      const std::size_t to = decode_.choose(options_.router, request);
      decode_.replicas[to].expect();
      decode_.events.count(decode_.replicas, to);
      const std::int64_t id = request.id;
      transfers_.start(id, prefill_.at(), to, static_cast<double>(request.input) * options_.cache_per_token, now_);
      under_way_.emplace(id, Move{.computed = {.request = std::move(request),
                                               .arrival = outcome.arrival,
                                               .first_token = outcome.first_token,
                                               .cached = outcome.cached,
                                               .preemptions = outcome.preemptions},
                                  .to = to});
    }
    prompts_.ended.clear();
  }

  void arrive_at_decode() {
    const std::optional<std::int64_t> id = transfers_.advance();
    if (!id) return;
    const auto found = under_way_.find(*id);
    SOCLE_CHECK(found != under_way_.end(), "a cache arrives that was sent");
    Move move = std::move(found->second);
    under_way_.erase(found);
    run_.transfers.add(1, now_ - move.computed.first_token, 0, 1);
    decode_.replicas[move.to].accept(std::move(move.computed), now_);
    decode_.events.note(decode_.replicas, move.to);
  }

  void observe() const {
    const ReplicaLoad &prompts = prefill_.events.together(), &tokens = decode_.events.together();
    options_.observe({.now = now_,
                      .waiting = prompts.waiting + tokens.waiting,
                      .running = prompts.running + tokens.running,
                      .blocks_used = tokens.blocks_used});
  }

  workload::RequestSource& source_;
  const DisaggregatedOptions& options_;
  Relay ends_;  ///< of what is done
  Prompts prompts_;
  Side prefill_, decode_;
  KvTransfers transfers_;
  std::optional<Request> coming_;
  std::unordered_map<std::int64_t, int> wanted_;  ///< output tokens of requests on the prefill side, if more than one
  std::unordered_map<std::int64_t, Move> under_way_;
  Picoseconds now_ = 0;
  DisaggregatedRun run_;
};

}  // namespace

ReplicaOptions decoding_only(ReplicaOptions replica) {
  replica.edge = 0;
  replica.max_waiting = 0;
  replica.limits.prefix_caching = false;
  replica.lane_choice = idlest_lane;
  return replica;
}

DisaggregatedRun run_disaggregated(workload::RequestSource& source, const DisaggregatedOptions& options,
                                   StepTimer& prefill_timer, StepTimer& decode_timer, Recorder& recorder,
                                   Progress* progress) {
  SOCLE_CHECK(options.prefill_replicas >= 1 && options.decode_replicas >= 1 && options.router != nullptr,
              "a fleet has replicas on both sides and a router");
  SOCLE_CHECK(options.cache_per_token > Bytes{}, "a prompt leaves a cache");
  return Simulation(source, options, prefill_timer, decode_timer, recorder).run(progress);
}

}  // namespace socle::serve
