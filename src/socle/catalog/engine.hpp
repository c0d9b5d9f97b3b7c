#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// How an engine's scheduler makes its batches.
enum class EnginePolicy { kVllmV0, kVllmV1, kSglang, kTrtllmNoEvict, kLmdeploy };

/// What an engine does with a running sequence when the cache is full.
enum class Preemption { kRecompute, kSwap, kRetract, kNone };

/// Of what an engine's share of memory is taken.
enum class MemoryShare {
  kOfTotal,   ///< weights, activations and cache within a share of the chip (gpu_memory_utilization)
  kOfStatic,  ///< weights and cache within a share of what is free at the start (mem_fraction_static)
  kOfFree,    ///< the cache gets a share of what weights and activations leave (free_gpu_memory_fraction)
};

/// Limits that an engine takes on chips of some size unless told otherwise.
struct EngineLimits {
  Bytes memory_min{};               ///< of the chip, as software sees it
  std::vector<std::string> only;    ///< on chips with one of these in their names; empty = on all
  std::vector<std::string> except;  ///< not on chips with one of these in their names
  int max_num_seqs = 256;           ///< sequences in one step
  int max_num_batched_tokens = 2048;
  int graph_sequences = 0;       ///< largest captured batch; 0 = by the graphs' own rule
  int graph_sequences_wide = 0;  ///< the same from tp = 4 on
};

/// "from, from + step, ... to": batch sizes that are captured as graphs.
struct GraphSizes {
  int from = 1, to = 1, step = 1;
};

/// How an engine picks its share when the user does not: a value, by tp, or what a rule of reserved bytes leaves.
struct ShareDefault {
  double value = 0.9;
  std::vector<std::pair<int, double>> by_tp;  ///< ascending: from that tp on; empty = `value`
  Bytes by_tp_memory_max{};                   ///< on chips of up to so much; larger ones keep `reserve`
  Bytes reserve{};                            ///< left free by rule; zero = `value`
  Bytes reserve_per_token{};                  ///< for each token of a step, 2048 at least
  Bytes reserve_per_graph_sequence{};         ///< for each sequence of the largest graph
  Bytes reserve_per_chip{};                   ///< for each chip of the replica
  Bytes reserve_min{};                        ///< at least so much on chips of more than 60 GiB
};

/// What an engine keeps for itself.
struct EngineMemory {
  MemoryShare share = MemoryShare::kOfTotal;
  ShareDefault share_default;
  bool context_inside = false;         ///< the budget pays for driver context and collectives
  bool graphs_inside = false;          ///< ... and for captured graphs
  bool refuses_long_context = true;    ///< does not start when one sequence of max_model_len does not fit
  bool pads_groups = false;            ///< layers of several kinds share a pool in groups of equally many
  bool frees_windows = true;           ///< sliding windows hold no more than their size
  Bytes context{};                     ///< driver context of one process
  Bytes collectives{};                 ///< buffers of the collective library, once there is more than one chip
  Bytes other{};                       ///< what grows beside the allocator while the engine profiles itself
  double sampler_bytes_per_logit = 0;  ///< peak of sampling for each sequence and word of the vocabulary
  int graph_modes = 1;                 ///< graphs captured for each batch size
  Bytes graph_per_layer{};             ///< of the driver, for each graph and layer
  std::string source;
};

/// One line of a serving engine's versions (`engines/<slug>.toml`): what users run, and what it does unless told.
/// Facts have their source beside them; figures of time are left out until they are fitted.
struct Engine {
  std::string slug;                  ///< "vllm-0.15"
  std::string name;                  ///< "vLLM 0.15 to 0.19"
  std::string family;                ///< "vllm"
  std::string from, to;              ///< versions "0.15" and "0.19" of the line
  std::vector<std::string> vendors;  ///< of the chips that it runs on; empty = of several
  std::string released;              ///< of the first, "2026-01"
  EnginePolicy policy = EnginePolicy::kVllmV1;
  bool chunked_prefill = true;
  bool prefix_caching = true;
  bool async_scheduling = false;
  int block_tokens = 16;
  Preemption preemption = Preemption::kRecompute;
  double watermark = 0;          ///< share of blocks that admission leaves free
  bool batched_context = false;  ///< a step takes at least one whole context where prefill is not chunked
  std::string scheduler_source;
  std::vector<EngineLimits> limits;  ///< the first that fits the chip holds
  std::string limits_source;
  std::vector<GraphSizes> graph_sizes;
  double graph_sequences_factor =
      0;  ///< largest graph = factor x max_num_seqs, `graph_sequences_max` at most; 0 = limits
  int graph_sequences_max = 512;
  std::string graphs_source;
  bool fused_casts = false;         ///< kernels cast their outputs to fp8 for the product that follows
  bool fastest_experts = false;     ///< its expert layers are the fastest measured
  bool fastest_all_reduce = false;  ///< its all-reduce inside a node is as fast as any engine's
  std::string kernels_source;
  EngineMemory memory;
  std::optional<Seconds> step_fixed, step_per_sequence, request;  ///< overheads of the host, once fitted
  Provenance provenance;
};

/// All lines, in the order of families and versions. Throws InputError on a malformed file.
std::vector<Engine> load_engines(const Catalog& catalog);

/// The line that a name means: a slug ("vllm-0.15"), a version of a line ("vllm-0.19", "vllm 0.19.1"), or a family
/// ("vllm": its newest line). Throws InputError with "did you mean", and with the lines that there are for a version
/// older than all of them; one that is newer takes the newest line.
Engine resolve_engine(const Catalog& catalog, std::string_view name);

/// "vllm-v1", "retract", "gpu_memory_utilization": as files and scenarios write them.
std::string_view policy_name(EnginePolicy policy);
std::string_view preemption_name(Preemption preemption);
std::string_view share_name(MemoryShare share);

/// Limits of the engine on a chip of this name, with so much memory as software sees it.
const EngineLimits& limits_on(const Engine& engine, std::string_view chip, Bytes memory);

/// Batch sizes that are captured, ascending. Requires: as `max_graph_sequences` says.
std::vector<int> captured_sizes(const Engine& engine, int largest);

}  // namespace socle::catalog
