#pragma once

#include <array>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/workload/layout.hpp"

namespace socle::graph {

enum class OpKind {
  kGemm,         ///< C[m,n] = A[m,k] B[k,n], `batch` times
  kGroupedGemm,  ///< one GEMM of m rows for each of `batch` experts in one kernel
  kAttention,    ///< fused attention core
  kScan,         ///< linear recurrence (Mamba-2, gated delta net): chunked matrix products
  kMemory,       ///< reads and writes only: norms, activations, residuals, masks, permutations
};

/// Which selective recipe runs an operation again instead of saving its result.
enum class Recomputable {
  kNo,
  kScores,  ///< the unfused attention core: scores, softmax, dropout (Korthikanti et al. 2022)
  kLight,   ///< norms and activations: what recipes beside a fused attention core recompute
};

/// What one fused attention core computes on one rank.
struct AttentionShape {
  double batch = 0;  ///< sequences
  double q_heads = 0;
  double kv_heads = 0;
  double head_dim = 0;
  double v_head_dim = 0;
  double seq_q = 0;   ///< query tokens on this rank
  double seq_kv = 0;  ///< keys that a query may see before masking
  double window = 0;  ///< sliding window; 0 = the whole context
};

/// One operation of one layer and one microbatch on one rank, forward. The backward pass follows from it: a GEMM has
/// a data gradient (m,k,n) and, when its weight trains, a weight gradient (k,n,m).
struct Op {
  const char* name = "";
  OpKind kind = OpKind::kMemory;
  double m = 0, n = 0, k = 0;  ///< GEMM kinds
  double batch = 1;            ///< GEMMs in one kernel, or experts
  AttentionShape attention{};
  Flops scan_flops{};
  Bytes forward_traffic{};  ///< kMemory, kScan: bytes read and written
  Bytes backward_traffic{};
  double launches = 1;           ///< kernels in the forward pass
  double backward_launches = 1;  ///< kernels in the backward pass, weight gradients included
  bool paces_host = false;       ///< the host reads its result before it issues what follows: a router's counts
  bool wide = false;             ///< stays in 16 bit whatever the recipe (router, LM head, attention products)
  bool trains = true;            ///< has a weight gradient
  bool has_weight = true;        ///< false for products of two activations: both gradients are data gradients
  Bytes saved{};                 ///< activations kept for the backward pass when nothing is recomputed
  bool saves_input = false;      ///< they are what a product in the recipe's format reads, so kept in that format
  Recomputable recomputable = Recomputable::kNo;
  Bytes recompute_traffic{};      ///< kLight: traffic of the cheap producer that runs again
  workload::ModuleSet drops{};    ///< recomputing one of these modules drops `saved`
  workload::ModuleSet repeats{};  ///< and runs this operation again
  workload::ModuleSet renorms{};  ///< and the norm that makes its input, for `norm_traffic`
  Bytes norm_traffic{};
  std::array<double, 3> slices{};  ///< columns of the products that a framework issues for this one; zeros: it is one
  double packed_bytes = 0;         ///< bytes a weight of a quantised base takes; 0: the weight is not quantised
};

enum class Collective { kAllReduce, kAllGather, kReduceScatter, kAllToAll, kSendReceive, kRing };

enum class Group { kTensor, kContext, kExpert, kExpertTensor };

/// One communication of one layer and one microbatch on one rank.
struct Communication {
  const char* name = "";
  Collective collective = Collective::kAllReduce;
  Group group = Group::kTensor;
  Bytes buffer{};            ///< as nccl-tests counts it: the full (gathered) buffer; all-to-all: what one rank holds
  double forward = 1;        ///< times in the forward pass
  double backward = 1;       ///< times in the backward pass
  bool in_recompute = true;  ///< full recompute runs the forward ones again
  workload::ModuleSet repeats{};  ///< recomputing one of these modules runs it again
  double again = 0;               ///< so many times
  /// All-to-all of experts: members of the group that one token goes to, drawn evenly, while `buffer` is one copy of
  /// every token; copies for one domain travel between domains once. 0: `buffer` counts the copies.
  double choices = 0;
};

/// What one rank computes and sends for one layer and one microbatch.
struct LayerGraph {
  std::vector<Op> ops;
  std::vector<Communication> communications;
};

}  // namespace socle::graph
