#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "socle/graph/adapter_ops.hpp"
#include "socle/kernel/serving_kernels.hpp"
#include "socle/machine/machine.hpp"
#include "socle/model/serving_format.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/adapters.hpp"
#include "socle/workload/serving_layout.hpp"

namespace socle::serve {

/// Speculative decoding: so many drafts a step and sequence, each by one pass through a layer like the model's (its own
/// multi-token-prediction modules), all of them checked in one step.
struct Speculation {
  int drafts = 0;
  double accepted = 0;  ///< of them, on average

  /// Tokens that a sequence has of a step, in sixteenths.
  int step_sixteenths() const { return 16 + static_cast<int>(16.0 * accepted + 0.5); }
};

/// Drafts that are accepted on average when each is right with probability p after all before it were.
double accepted_drafts(int drafts, double p);

/// What is served, and how it lies on its chips.
struct Served {
  model::Transformer model;
  workload::ServingLayout layout{};
  model::ServingFormats formats{};
  Speculation speculation{};
  double skew = 0;  ///< of the routing to experts: exponent of a power law; 0 = balanced
  workload::AdapterServing adapters{};
  kernel::EngineKernels kernels{};
  bool dual_batch = false;  ///< steps run as two halves: one exchanges tokens while the other computes
};

/// Device times of the parts of a step of one lane, on its slowest rank, all layers together. Every part is a sum over
/// kernels and collectives one after the other: engines run a step as one stream. Plain sums of `kernel/` and `comm/`:
/// ask once and remember.
class StepCosts {
 public:
  /// Requires: references outlive this object; the layout divides the model (see `layout_problem`).
  StepCosts(const Served& served, const machine::Machine& machine, const kernel::ServingKernels& kernels);

  /// Matrices, norms and tensor-parallel collectives for so many tokens of a lane; embedding included.
  Seconds matrices(double tokens) const;
  /// Routed experts when all lanes together have so many tokens and the fullest lane `lane_tokens`, with their
  /// exchange. Zero without experts.
  Seconds experts(double lane_tokens, double all_tokens) const {
    return expert_kernels(all_tokens) + exchanges(lane_tokens);
  }
  /// The two parts of it.
  Seconds expert_kernels(double all_tokens) const;
  Seconds exchanges(double lane_tokens) const;
  /// LM head and sampling for so many sequences.
  Seconds head(double sequences) const;
  /// Attention of sequences that decode, with that many cached tokens each, the new one included.
  Seconds decode_attention(double sequences, double context) const;
  /// Attention of a piece of a prompt after so many cached tokens.
  Seconds prefill_attention(double tokens, double context) const;
  /// From stage to stage of a pipeline, for so many tokens; zero with one stage.
  Seconds stage_hops(double tokens) const;

  /// One draft for so many sequences: one layer of the model, experts included, and the head.
  Seconds draft(double sequences) const;
  /// Products with low-rank adapters for so many tokens that have one, of so many adapters: for each matrix a kernel
  /// down to the rank and one back, which read each adapter's halves once and the tokens' activations. The larger of
  /// traffic and 2 rank (in + out) operations a token and matrix, at a third of the matrix peak (estimate: gathered
  /// products of small rank were not measured). Source of the scheme: Chen et al., "Punica: Multi-Tenant LoRA Serving"
  /// (arXiv 2310.18547), segmented gather matrix-vector products.
  Seconds adapters(double tokens, double distinct) const;
  /// Kernels of them in one step.
  double adapter_launches() const;
  /// Layers that have experts.
  double expert_layers() const;
  /// Kernels and collectives that the device starts in one step, all layers together.
  double launches() const;

  const Served& served() const { return served_; }

 private:
  struct Kind {
    model::Layer layer;
    double count = 0;
  };
  Seconds ops_time(const std::vector<graph::Op>& ops, model::WeightFormat format) const;
  Seconds tensor_collective(graph::Collective collective, Bytes buffer) const;
  Seconds exchange(const model::FeedForward& ff, double lane_tokens) const;
  Seconds core_decode(const model::Mixer& mixer, double sequences, double context) const;
  Seconds core_prefill(const model::Mixer& mixer, double tokens, double context) const;
  double tensor() const { return served_.layout.tensor_parallel; }

  Served served_;
  const machine::Machine& machine_;
  const kernel::ServingKernels& kernels_;
  std::vector<Kind> kinds_;
  /// Matrices that have adapters, with the layers that have them.
  std::vector<std::pair<graph::AdaptedMatrix, double>> adapted_;
};

}  // namespace socle::serve
