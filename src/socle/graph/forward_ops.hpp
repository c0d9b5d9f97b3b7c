#pragma once

#include <vector>

#include "socle/graph/op.hpp"
#include "socle/model/transformer.hpp"

// Operations of the forward pass when a model is served, on one of `tensor` ranks. Tokens of prompts and of decoding
// sequences pass the same matrices together; what differs between them stands apart. Attention cores and routed experts
// are not here: their time depends on contexts and routing, so they are asked for as wholes.
namespace socle::graph {

/// Matrices, norms and elementwise passes of a layer's mixer for so many tokens, the output projection included.
/// Requires: tokens > 0, tensor divides or is a multiple of the heads.
std::vector<Op> mixer_forward(const model::Transformer& model, const model::Mixer& mixer, double tensor, double tokens);

/// MLA, absorbed: queries into the latent space and outputs back from it, for sequences that decode.
/// Source: DeepSeek-V2 (arXiv 2405.04434), section 2.1.2.
std::vector<Op> absorbed_forward(const model::Mixer& mixer, double tensor, double tokens);

/// MLA, expanded: keys and values of so many latents, for prompts (those of the cached context included).
std::vector<Op> expanded_forward(const model::Mixer& mixer, double tensor, double latents);

/// The feed-forward block but for routed experts: a dense block, or router and shared experts.
std::vector<Op> feed_forward_forward(const model::Transformer& model, const model::FeedForward& ff, double tensor,
                                     double tokens);

/// Input embedding, for all tokens of a step.
std::vector<Op> embedding_forward(const model::Transformer& model, double tokens);

/// Final norm, LM head and sampling, for the sequences that get a token.
std::vector<Op> head_forward(const model::Transformer& model, double tensor, double sequences);

}  // namespace socle::graph
