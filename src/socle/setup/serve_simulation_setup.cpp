#include "socle/setup/serve_simulation_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/setup/adapter_setup.hpp"

namespace socle::setup {
namespace {

constexpr double kDraftsRight = 0.65;  // of each draft whose predecessors were (assumption: middle of 0.5 to 0.8)
constexpr const char* kRouter = "round-robin";
constexpr const char* kOrder = "fcfs";

// Of public reports from chips without measured kernels of serving, all lie between these times of the prediction:
// docs/design/serving.md lists them.
constexpr catalog::TimingRange kUnmeasured{0.7, 3.5};

void widen(catalog::TimingRange& range) {
  range.low = std::min(range.low, kUnmeasured.low);
  range.high = std::max(range.high, kUnmeasured.high);
}

void note_kernels(ServeSimulationSetup& setup) {
  widen(setup.timing.ttft);
  widen(setup.timing.tpot);
  setup.serve.doubts.push_back(
      fmt::format("No kernels of serving were measured on {}: times follow from its datasheet, and the ranges from "
                  "public reports on such chips, which were up to 3.5 times slower.",
                  setup.serve.chip.name));
}

void note_timing(ServeSimulationSetup& setup) {
  const catalog::ServingTiming& timing = setup.timing;
  const std::string& chip = setup.serve.chip.name;
  if (timing.measured) return;
  setup.serve.doubts.push_back(
      timing.chips.empty()
          ? fmt::format(
                "No runs of {} on {} were at hand: what it adds to the device's times is the middle of other chips'.",
                setup.serve.engine.name, chip)
          : fmt::format("What {} adds to the device's times on {} is taken from a relative.", setup.serve.engine.name,
                        chip));
  if (timing.family != setup.serve.engine.family)
    setup.serve.doubts.push_back(fmt::format("No runs of {} were at hand: the overheads of {} are taken.",
                                             setup.serve.engine.family, timing.family));
}

std::optional<PrefillSetup> prefill_of(const scenario::Scenario& scenario) {
  const scenario::ServingSection& serving = scenario.serving;
  const auto refuse = [&](const char* key, std::string message) {
    throw InputError(Problem{scenario.source, 0, 0, fmt::format("serving.{}", key), std::move(message)});
  };
  if (serving.prefill_replicas && serving.decode_replicas)
    return PrefillSetup{*serving.prefill_replicas, serving.prefill_tensor_parallel, serving.prefill_data_parallel,
                        serving.prefill_expert_parallel};
  if (serving.prefill_replicas)
    refuse("prefill_replicas", "prefill_replicas compute prompts only; say decode_replicas as well");
  if (serving.decode_replicas)
    refuse("decode_replicas", "decode_replicas decode only; say prefill_replicas as well, or replicas for both");
  if (serving.prefill_tensor_parallel || serving.prefill_data_parallel || serving.prefill_expert_parallel)
    refuse("prefill_replicas",
           "prefill_tp, prefill_dp and prefill_ep are sizes of prefill replicas; say prefill_replicas and "
           "decode_replicas");
  return std::nullopt;
}

/// Which engines can be told to do so. Sources: vLLM --scheduling-policy fcfs|priority (vllm/config, from 0.6.3 on);
/// SGLang --enable-priority-scheduling (python/sglang/srt/server_args.py, from 0.5.3 on), both as recalled.
bool has_order(const catalog::Engine& engine, std::string_view order) {
  if (order == "fcfs") return true;
  const bool vllm = engine.family == "vllm" || engine.family == "vllm-ascend";
  return order == "priority" && (vllm || engine.family == "sglang");
}

void set_up_scheduling(const scenario::ServingSection& serving, ServeSimulationSetup& setup) {
  setup.order_name = serving.scheduling_policy.empty() ? kOrder : serving.scheduling_policy;
  const serve::QueueOrderEntry* order = serve::find_queue_order(setup.order_name);
  SOCLE_CHECK(order != nullptr, "the name of an order is one of the list");
  setup.order = order->make;
  setup.max_waiting = serving.max_waiting.value_or(0);
  const auto& classes = setup.requests.classes;
  const auto any = [&](auto says) { return std::any_of(classes.begin(), classes.end(), says); };
  std::vector<std::string>& notes = setup.serve.assumptions;
  if (setup.order_name != "priority" && any([](const RequestClass& one) { return one.priority != 0; }))
    notes.push_back(fmt::format("Priorities of classes are not used: scheduling_policy is {}.", setup.order_name));
  if (setup.order_name != "fair" && any([](const RequestClass& one) { return one.weight != 1; }))
    notes.push_back(fmt::format("Weights of classes are not used: scheduling_policy is {}.", setup.order_name));
  if (setup.order_name != kOrder && classes.size() < 2)
    setup.serve.doubts.push_back(fmt::format(
        "scheduling_policy = {} tells classes apart, and the requests are of one: write [[requests.class]].",
        setup.order_name));
  // vLLM V0: _schedule_priority_preemption; SGLang: --priority-scheduling-preemption-threshold, as recalled.
  const bool takes_back = setup.serve.engine.policy == catalog::EnginePolicy::kVllmV0 ||
                          setup.serve.engine.policy == catalog::EnginePolicy::kSglang;
  if (setup.order_name == "priority" && takes_back)
    setup.serve.doubts.push_back(fmt::format(
        "{} also takes the cache of running requests for waiting ones of a better priority: here they wait.",
        setup.serve.engine.name));
  if (!has_order(setup.serve.engine, setup.order_name))
    setup.serve.doubts.push_back(
        fmt::format("{} has no scheduling policy \"{}\" that is known: it is played as if "
                    "its scheduler had.",
                    setup.serve.engine.name, setup.order_name));
}

constexpr BytesPerSecond kDiskBandwidth{5e9};  // one NVMe drive of PCIe 4 x4 (estimate)

void set_up_tiers(const scenario::Scenario& scenario, ServeSimulationSetup& setup) {
  const scenario::ServingSection& serving = scenario.serving;
  const auto refuse = [&](const char* key, std::string message) {
    throw InputError(Problem{scenario.source, 0, 0, fmt::format("serving.{}", key), std::move(message)});
  };
  setup.tiers = {.host = serving.kv_host.value_or(Bytes{}),
                 .disk = serving.kv_disk.value_or(Bytes{}),
                 .disk_bandwidth = serving.kv_disk_bandwidth.value_or(kDiskBandwidth)};
  if (serving.kv_disk_bandwidth && !serving.kv_disk)
    refuse("kv_disk_bandwidth", "kv_disk_bandwidth is of kv_disk; say how large that is, or leave it out");
  if (!setup.tiers.any()) return;
  const bool caching = serving.prefix_caching.value_or(setup.serve.engine.prefix_caching);
  if (!caching)
    refuse(serving.kv_host ? "kv_host" : "kv_disk",
           "caches beyond the chips keep what prefix caching finds; say prefix_caching = true, or leave them out");
  if (setup.requests.prefix_tokens == 0)
    setup.serve.doubts.push_back(
        "The requests name no common beginnings, so nothing is found beyond the chips: use turns, or a trace of "
        "Mooncake.");
  if (serving.kv_disk && !serving.kv_disk_bandwidth)
    setup.serve.assumptions.push_back(
        fmt::format("The disk of a replica reads {} (estimate).", format_bytes_per_second(kDiskBandwidth)));
  setup.serve.assumptions.push_back(
      "Prompts are copied to the host as they are computed, and loaded layer by layer under the step that needs them.");
}

// A client that is rejected asks again at once: without a pause that never ends.
void check_rejected_clients(const scenario::Scenario& scenario) {
  const scenario::RequestsSection& requests = scenario.requests;
  if (!scenario.serving.max_waiting || !requests.concurrency) return;
  if (*scenario.serving.max_waiting >= *requests.concurrency) return;
  if (requests.think && *requests.think > Seconds{}) return;
  throw InputError(Problem{scenario.source, 0, 0, "serving.max_waiting",
                           fmt::format("max_waiting = {} rejects some of {} clients, which would ask again at once; "
                                       "give them a pause by think in [requests], or raise max_waiting to {}",
                                       *scenario.serving.max_waiting, *requests.concurrency, *requests.concurrency)});
}

}  // namespace

workload::ServingLayout PrefillSetup::layout(const workload::ServingLayout& decode) const {
  workload::ServingLayout layout = decode;
  layout.tensor_parallel = tensor_parallel.value_or(decode.tensor_parallel);
  layout.data_parallel = data_parallel.value_or(decode.data_parallel);
  const bool spread = decode.expert_parallel > 1 && decode.expert_parallel == decode.ranks();
  layout.expert_parallel = expert_parallel.value_or(spread ? layout.ranks() : decode.expert_parallel);
  return layout;
}

/// Where prompts could be found, but a request goes to any rank's cache.
void note_ranks(const scenario::ServingSection& serving, ServeSimulationSetup& setup) {
  const int both = serving.data_parallel.value_or(1);
  const int ranks = setup.prefill ? serving.prefill_data_parallel.value_or(both) : both;
  const bool caches = setup.prefix_caching.value_or(setup.serve.engine.prefix_caching);
  if (ranks == 1 || !caches || setup.requests.prefix_tokens == 0 || setup.lane_choice != serve::idlest_lane) return;
  setup.serve.assumptions.push_back(
      fmt::format("Each of {} data-parallel ranks has a cache of its own, and a request goes to the idlest, whatever "
                  "it holds; router session or prefix-aware keeps turns together.",
                  ranks));
}

ServeSimulationSetup set_up_serve_simulation(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                                             const std::optional<std::string>& config, const FileReader& read_file,
                                             const FileOpener& open) {
  ServeSimulationSetup setup;
  setup.serve = set_up_serve(catalog, scenario, config);
  check_rejected_clients(scenario);
  setup.requests = set_up_requests(scenario, read_file, open, setup.serve.max_model_len);
  give_adapters(scenario, setup.serve, setup.requests);
  setup.timing = catalog::load_serving_timing(catalog, setup.serve.engine.family, setup.serve.chip.slug);
  const scenario::ServingSection& serving = scenario.serving;
  setup.prefill = prefill_of(scenario);
  setup.replicas = setup.prefill ? *serving.decode_replicas : serving.replicas.value_or(1);
  if (setup.prefill && serving.replicas)
    setup.serve.assumptions.push_back(fmt::format(
        "replicas = {} is not used: prompts are computed apart, and each side has its own.", *serving.replicas));
  setup.dual_batch = serving.dual_batch.value_or(false);
  setup.router_name = serving.router.empty() ? kRouter : serving.router;
  const serve::RouterEntry* router = serve::find_router(setup.router_name);
  SOCLE_CHECK(router != nullptr, "a router's name is one of the list");
  setup.router = router->route;
  setup.lane_choice = router->lanes;
  set_up_scheduling(serving, setup);
  set_up_tiers(scenario, setup);
  setup.prompt_wait = serving.prompt_wait_steps.value_or(0);
  setup.prefix_caching = serving.prefix_caching;
  note_ranks(serving, setup);
  setup.skew = serving.skew;
  if (serving.drafts.value_or(0) > 0) {
    setup.speculation = {*serving.drafts,
                         serve::accepted_drafts(*serving.drafts, serving.accepted.value_or(kDraftsRight))};
    if (!serving.accepted)
      setup.serve.assumptions.push_back(fmt::format("A draft is right with probability {}.", kDraftsRight));
  }
  if (scenario.cluster) setup.rent_per_chip_hour = scenario.cluster->rent_per_chip_hour;
  note_timing(setup);
  if (!catalog.has("serving/" + setup.serve.chip.slug + ".toml")) note_kernels(setup);
  const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  append(setup.serve.assumptions, setup.requests.assumptions);
  append(setup.serve.doubts, setup.requests.doubts);
  return setup;
}

}  // namespace socle::setup
