#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// A relative range: truth lies between low and high times the prediction.
struct TimingRange {
  double low = 0.7, high = 1.5;
};

/// What a family of engines adds to the device's times on one chip (`timing/<family>.toml`, written by
/// tools/fit_serving.py). Fitted by engine and chip only.
struct ServingTiming {
  std::string family;
  std::vector<std::string> chips;  ///< slugs that it holds for; empty = all others
  bool measured = false;           ///< fitted on runs on these chips, not on their relatives
  Seconds step{};                  ///< of each step, as far as not hidden behind the device
  Seconds per_sequence{};          ///< of each sequence in a step
  Seconds per_prompt{};            ///< of each piece of a prompt in a step
  Seconds request{};               ///< of each request, before its first token reaches the client
  Seconds prompt_token{};          ///< of each token of its prompt, likewise
  Seconds edge{};                  ///< that the server's front takes for each request, one after the other
  Seconds hidden_launch{};         ///< of each kernel's start, hidden where graphs are captured
  Seconds eager_layer{};           ///< host time of one layer's launches where no graph holds
  Seconds device_layer{};          ///< of each layer in each step, that the device takes beside its kernels' own times
  Seconds expert_layer{};          ///< ... of each layer of experts: what an engine runs around the measured kernels
  double decode = 1;               ///< times the device's time of steps that only decode
  double prefill = 1;              ///< ... of steps with prompts
  double skew = 0;                 ///< of the routing to experts
  TimingRange ttft, tpot;          ///< out of sample
  std::string source;
};

/// The timing of a family on a chip: its own, that of its relatives, or the family's for all others. A family without a
/// file takes that of vLLM with its widest range. Throws InputError on a malformed file.
ServingTiming load_serving_timing(const Catalog& catalog, std::string_view family, std::string_view chip);

/// What the catalogue has of a family, in the order in which it is looked through; that of vLLM where it has no file.
std::vector<ServingTiming> family_timings(const Catalog& catalog, std::string_view family);

/// All timings of all families that were fitted on runs on their own chips.
std::vector<ServingTiming> measured_timings(const Catalog& catalog);

/// The middle of several: geometric means of times and factors, the widest ranges. Requires: at least one.
ServingTiming middle_timing(const std::vector<ServingTiming>& timings);

}  // namespace socle::catalog
