#include "socle/scenario/risk_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = RiskSection;

constexpr std::int64_t kNodesMax = 1'000'000, kSamplesMax = 1'000'000;
constexpr Seconds kDay{86400}, kYear{365 * 86400.0};
constexpr AtMost<Seconds> kADay{kDay, "1 day"}, kAYear{kYear, "365 days"}, kTenYears{kYear * 10.0, "3650 days"};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "risk", .name = name, .flag = flag, .value = value, .help = help, .questions = {Question::kRisk}};
}

Key<Section> time(KeyFacts about, std::optional<Seconds> Section::*member, AtMost<Seconds> most,
                  Zero zero = Zero::kAllowed) {
  return quantity_key<Seconds, Section>(std::move(about), member, zero, most);
}

std::vector<Key<Section>> failure_keys() {
  KeyFacts rate =
      facts("node_rate", "--node-rate", "X", "Failures of 1,000 nodes in a day, in place of a fleet; taken as exact");
  rate.instead_of = {"failures"};
  return {name_key<Section>(common(facts("failures", "--failures", "NAME",
                                         "Fleet of the catalogue whose failures to expect; default: pooled")),
                            &Section::failures, "llama-3-405b"),
          real_key<Section>(common(std::move(rate)), &Section::node_rate, 0.001, 10'000.0),
          real_key<Section>(facts("rate_factor", "--rate-factor", "X", "Times the rates; default 1"),
                            &Section::rate_factor, 0.001, 1000.0),
          integer_key<Section>(
              facts("links", "--links", "N",
                    "Cables of the job's network, for a fleet with classes by link; without it those are left out"),
              &Section::links, std::int64_t{1}, std::int64_t{100'000'000}),
          boolean_key<Section>(facts("exact_rate", "--exact-rate", "BOOL",
                                     "Take the rates as known, without the range of other fleets; default false"),
                               &Section::exact_rate),
          boolean_key<Section>(facts("job_causes", "--job-causes", "BOOL",
                                     "Add what jobs of this size were measured to end for beyond their parts, where "
                                     "the fleet has it; default false"),
                               &Section::job_causes),
          time(facts("burn_in", "--burn-in", "TIME", "From the start, in which rates are higher; default none"),
               &Section::burn_in, kAYear, Zero::kRefused),
          real_key<Section>(
              facts("burn_in_factor", "--burn-in-factor", "X", "Times the rates while burn-in lasts; default 2"),
              &Section::burn_in_factor, 0.01, 1000.0),
          name_key<Section>(common(facts("trace", "--trace", "FILE.csv",
                                         "Recorded faults to replay beside: node, down, up and, if wanted, class")),
                            &Section::trace, "faults.csv"),
          integer_key<Section>(
              facts("trace_nodes", "--trace-nodes", "N", "Nodes that the trace watched; default: those that it names"),
              &Section::trace_nodes, std::int64_t{1}, kNodesMax),
          time(facts("repair_median", "--repair-median", "TIME",
                     "Of a node, where the fleet does not say; default 20.4 h, with repair_mean"),
               &Section::repair_median, kAYear, Zero::kRefused),
          time(facts("repair_mean", "--repair-mean", "TIME",
                     "The same: a few repairs take most of the time; default 132.8 h"),
               &Section::repair_mean, kAYear, Zero::kRefused),
          time(facts("silent_unnoticed", "--silent-unnoticed", "TIME",
                     "That silent corruption spoils work before it is seen; not counted unless stated"),
               &Section::silent_unnoticed, kAYear)};
}

std::vector<Key<Section>> checkpoint_keys() {
  return {
      choice_key<CheckpointKind, Section>(
          common(facts("checkpoint", "--checkpoint", "KIND",
                       "How the job saves its state: standing still, with the upload behind it, or in peers' memory "
                       "with storage behind; default async")),
          &Section::checkpoint, checkpoint_kind_names()),
      quantity_key<Bytes, Section>(facts("checkpoint_bytes", "--checkpoint-bytes", "SIZE",
                                         "Of one checkpoint; default: weights and optimizer states of the model"),
                                   &Section::checkpoint_bytes),
      time(common(facts("checkpoint_interval", "--checkpoint-interval", "TIME",
                        "Useful work between two writes to storage; default: the best")),
           &Section::checkpoint_interval, kAYear, Zero::kRefused),
      time(facts("copy_interval", "--copy-interval", "TIME",
                 "tiered: useful work between two copies in memory; default: the best"),
           &Section::copy_interval, kAYear, Zero::kRefused),
      time(facts("blocking", "--blocking", "TIME",
                 "That the job stands still for one; default: its bytes over the bandwidth"),
           &Section::blocking, kADay),
      quantity_key<BytesPerSecond, Section>(
          facts("copy_bandwidth", "--copy-bandwidth", "RATE", "Of each chip into host memory; default 10 GB/s"),
          &Section::copy_bandwidth),
      quantity_key<BytesPerSecond, Section>(common(facts("storage_write", "--storage-write", "RATE",
                                                         "Of the whole store; default 62 GB/s for each 256 chips")),
                                            &Section::storage_write),
      quantity_key<BytesPerSecond, Section>(
          facts("storage_read", "--storage-read", "RATE", "Of the whole store; default 125 GB/s for each 256 chips"),
          &Section::storage_read),
      quantity_key<Bytes, Section>(
          facts("storage_capacity", "--storage-capacity", "SIZE", "Of the store; not judged unless stated"),
          &Section::storage_capacity),
      quantity_key<Bytes, Section>(
          facts("dataset", "--dataset", "SIZE", "Of the training data; default: tokens times token_bytes"),
          &Section::dataset),
      real_key<Section>(facts("token_bytes", "--token-bytes", "X", "Read for each token; default 4"),
                        &Section::token_bytes, 0.01, 1e9),
      integer_key<Section>(facts("keep", "--keep", "N", "Checkpoints that are kept; default 3"), &Section::keep,
                           std::int64_t{1}, std::int64_t{100'000})};
}

std::vector<Key<Section>> recovery_keys() {
  return {
      time(common(facts("detect", "--detect", "TIME", "From a failure until it is noticed; default 60 s")),
           &Section::detect, kADay),
      time(facts("drain", "--drain", "TIME", "Until the failed node is out of the job; default 30 s"), &Section::drain,
           kADay),
      time(facts("reschedule", "--reschedule", "TIME",
                 "Until another node is in its place; default 60 s; hot spares: 0"),
           &Section::reschedule, kADay),
      time(facts("image", "--image", "TIME", "Until the image runs on it; default 60 s; hot spares: 0"),
           &Section::image, kADay),
      time(facts("restore", "--restore", "TIME", "Reading the checkpoint; default: its bytes over storage_read"),
           &Section::restore, kADay),
      time(facts("warm_up", "--warm-up", "TIME", "Groups, compilation, first steps; default 120 s"), &Section::warm_up,
           kADay),
      integer_key<Section>(
          common(facts("hot_spares", "--hot-spares", "N",
                       "Nodes that run beside the job with its image; without spares another node is always found")),
          &Section::hot_spares, std::int64_t{0}, kNodesMax),
      integer_key<Section>(facts("warm_spares", "--warm-spares", "N", "Nodes that stand by without the image"),
                           &Section::warm_spares, std::int64_t{0}, kNodesMax),
      boolean_key<Section>(
          facts("elastic", "--elastic", "BOOL", "Data-parallel replicas go on without a failed one; default false"),
          &Section::elastic),
      time(facts("elastic_stall", "--elastic-stall", "TIME", "elastic: until they do; default 30 s"),
           &Section::elastic_stall, kADay),
      real_key<Section>(facts("planned_per_day", "--planned-per-day", "X", "Interruptions that are meant; default 0"),
                        &Section::planned_per_day, 0.0, 1000.0),
      time(facts("planned_time", "--planned-time", "TIME", "Of one; default 30 min"), &Section::planned_time, kADay)};
}

}  // namespace

const std::vector<std::string>& checkpoint_kind_names() {
  static const std::vector<std::string> names = {"sync", "async", "tiered"};
  return names;
}

std::vector<Key<Section>> risk_keys() {
  std::vector<Key<Section>> keys = failure_keys();
  const auto add = [&](std::vector<Key<Section>> more) {
    for (Key<Section>& key : more) keys.push_back(std::move(key));
  };
  add(checkpoint_keys());
  add(recovery_keys());
  add({time(common(facts("run", "--run", "TIME", "Useful work of the job, where no model and tokens say it")),
            &Section::run, kTenYears, Zero::kRefused),
       integer_key<Section>(facts("samples", "--samples", "N", "Runs that are played; default 4000"), &Section::samples,
                            std::int64_t{100}, kSamplesMax),
       integer_key<Section>(facts("seed", "--seed", "N", "Of the draws; default 1"), &Section::seed, std::int64_t{0},
                            std::int64_t{4'294'967'295}),
       quantity_key<Money, Section>(
           facts("lost_hour", "--lost-hour", "AMOUNT",
                 "What an hour of the whole cluster is worth; default: its rent, where that is stated"),
           &Section::lost_hour)});
  return keys;
}

}  // namespace socle::scenario
