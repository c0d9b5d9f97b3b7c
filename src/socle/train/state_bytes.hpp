#pragma once

#include "socle/catalog/stack.hpp"
#include "socle/memory/footprint.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::train {

/// Bytes per parameter of weights, gradients and optimizer states: what the job says, else what the stack does.
memory::StateBytes state_bytes(const workload::TrainingJob& job, const catalog::Stack& stack);

/// The same as a rank holds them: under ZeRO-3 by fully_shard the fp32 master is the weight, and no 16-bit one stands
/// beside it.
memory::StateBytes held_bytes(const workload::TrainingJob& job, const catalog::Stack& stack,
                              const workload::Layout& layout);

/// Is ZeRO-3 here PyTorch's fully_shard, whose gradients are freed after every step?
bool fully_sharded(const catalog::Stack& stack, const workload::Layout& layout);

/// Bytes of a weight that ZeRO-3 gathers: 16 bits, or a quantised base as it is held.
double gather_bytes(const workload::TrainingJob& job, const catalog::Stack& stack);

/// Bytes per parameter on the wire of the gradient reduction.
double reduce_bytes(const workload::TrainingJob& job, const catalog::Stack& stack, const workload::Layout& layout);

/// Bytes per parameter that an update reads and writes: states both ways, the gradient, the 16-bit weight.
double update_traffic(const workload::TrainingJob& job, const catalog::Stack& stack);

/// Does the update orthogonalise matrices? Then its work per step and matrix [m, n], m <= n: five Newton-Schulz
/// iterations of A = X X', B = b A + c A^2, X = a X + B X, that is 5 (4 m^2 n + 2 m^3) FLOPs.
/// Source: Jordan et al. 2024, "Muon"; Liu et al. 2025 (arXiv 2502.16982), section 2.
Flops orthogonalisation(double rows, double columns);

}  // namespace socle::train
