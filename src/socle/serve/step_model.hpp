#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "socle/serve/edge_time.hpp"
#include "socle/serve/replica.hpp"
#include "socle/serve/step_costs.hpp"

namespace socle::serve {

/// What an engine's software adds to the device's times. Facts of an engine and release on a class of chip, never of a
/// model or a layout (docs/design/serving.md).
struct EngineTiming {
  Seconds step{};           ///< of each step: scheduling, input preparation, output, as far as not hidden
  Seconds per_sequence{};   ///< of each sequence in a step
  Seconds per_prompt{};     ///< of each piece of a prompt in a step
  EdgeTime edge{};          ///< of each request, beside its steps
  double decode = 1;        ///< times the device's times of steps that only decode
  double prefill = 1;       ///< ... of steps with prompts
  Seconds device_layer{};   ///< of each layer, that the device takes beside its kernels' own times
  Seconds expert_layer{};   ///< ... of each layer of experts
  Seconds hidden_launch{};  ///< of each kernel's start, as far as a captured graph hides it behind its predecessor
  /// Batch sizes for which decode steps are captured as graphs, ascending; a batch runs as the next larger one.
  std::vector<int> graph_sizes{};
  Seconds name_from_host{}, name_from_disk{};        ///< loads of one named block of a prompt, under the step itself
  Seconds adapter_from_host{}, adapter_from_disk{};  ///< copies of one adapter to the chips, which a step waits for
  Seconds eager_layer{};  ///< host time of one layer's launches in steps that no graph holds: no step is faster
};

/// The time of every step of one deployment, from `StepCosts`, remembered.
///
/// Decode attention is piecewise linear in the summed context: nodes at powers of 2^(1/4) tokens a sequence, slopes in
/// whole picoseconds a sixteenth of a token, so that the time of a run of steps is an exact sum.
///
/// With two half batches (`Served::dual_batch`) a step takes the larger of its compute and its exchanges, not their
/// sum: while one half exchanges tokens with its experts, the other computes. Each half pays its kernels' own floors.
/// Ideal overlap is assumed: layers without experts hide as well as others, the first exchange is not seen, and
/// exchanges take no compute units. Source of the scheme: DeepSeek-V3 technical report (arXiv 2412.19437) section 3.4.
class StepModel final : public StepTimer {
 public:
  /// Requires: `costs` outlives this object. One simulation at a time.
  StepModel(const StepCosts& costs, EngineTiming timing);
  StepTime time(std::span<const LaneStep> lanes) override;

  const EngineTiming& timing() const { return timing_; }

 private:
  struct Line {
    Picoseconds value = 0;   ///< now
    Picoseconds growth = 0;  ///< with each step
    std::int64_t steps = 1;  ///< for which it holds
  };
  /// Kernels and exchanges of the experts.
  struct ExpertTimes {
    std::int64_t lane_tokens = -1;
    Picoseconds kernels = 0, exchanges = 0;
  };
  Line lane_line(const LaneStep& lane, std::int64_t tokens);
  Line slowest_line() const;
  Line together(Line compute, const ExpertTimes& experts) const;
  Line decode_line(const LaneStep& lane);
  Picoseconds decode_node(std::int64_t sequences, std::size_t node);
  Picoseconds matrices(std::int64_t tokens);
  ExpertTimes experts(std::int64_t lane_tokens, std::int64_t all_tokens);
  /// Of a part of a step that runs once for each half batch.
  Picoseconds in_halves(std::int64_t count, Picoseconds (StepModel::*part)(std::int64_t));
  Picoseconds head(std::int64_t sequences);
  Picoseconds draft(std::int64_t sequences);
  Picoseconds adapters(std::int64_t tokens, std::int64_t distinct);
  std::int64_t padded(std::int64_t sequences) const;

  const StepCosts& costs_;
  EngineTiming timing_;
  int halves_;                  ///< batches of a step: 1, or 2
  double launches_;             ///< kernels of a step without adapters
  Picoseconds around_kernels_;  ///< of each step, on the device, beside its kernels' own times
  std::vector<Picoseconds> matrices_, head_, draft_;
  std::vector<std::vector<Picoseconds>> decode_;            ///< by sequences, then node
  std::unordered_map<std::int64_t, Picoseconds> adapters_;  ///< by tokens and adapters; looked up, never walked
  std::vector<Line> lines_;                                 ///< of the lanes of one step
  std::vector<ExpertTimes> experts_;                        ///< by all tokens: those of one number of a lane's tokens
};

}  // namespace socle::serve
