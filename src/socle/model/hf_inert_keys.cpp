#include "socle/model/hf_inert_keys.hpp"

#include <algorithm>

namespace socle::model {
namespace {

// Words in a key that mark it as inert wherever they stand.
constexpr std::string_view kWords[] = {"rope", "rotary", "_token", "token_id", "dropout", "_eps", "epsilon", "init", "temperature", "penalty", "beam",
                                       "_loss", "ngram", "jitter", "aux_", "return_", "output_", "scaling_factor", "vision", "image", "img_", "video", "audio",
                                       "projector", "placeholder", "softcapping", "time_step", "swiglu_", "activation_situ", "_dtype", "tie_"};

constexpr std::string_view kKeys[] = {
    "_name_or_path", "add_cross_attention", "add_faster_video", "architectures", "attention_value_scale", "attn_factor", "auto_map", "bad_words_ids",
    "chunk_size_feed_forward", "cross_attention_hidden_size", "do_sample", "dtype", "early_stopping", "ep_size", "finetuning_task",
    "gate_lower_bound", "hidden_act", "hidden_activation", "id2label", "ignore_index", "is_decoder", "is_encoder_decoder", "label2id",
    "language_model_only", "length_penalty", "mamba_hidden_act", "max_length", "min_length", "model_type", "moe_renormalize",
    "moe_router_activation_func", "moe_shared_expert_overlap", "mtp_transformer_layers", "mtp_use_dedicated_embeddings", "n_group", "no_repeat_ngram_size",
    "norm_topk_prob", "num_expert_group", "num_logits_to_keep", "num_return_sequences", "num_reward_heads", "prefix", "pretraining_tp", "problem_type",
    "process_image_mode", "pruned_heads", "qk_norm_type", "quantization_config", "remove_invalid_values", "rescale_prenorm_residual", "residual_in_fp32",
    "scoring_func", "sep_token_id", "seq_aux", "suppress_tokens", "task_specific_params", "tf_legacy_loss", "tokenizer_class", "top_k", "top_p",
    "topk_group", "topk_method", "torchscript", "transformers_version", "typical_p", "use_bfloat16", "use_bidirectional_attention", "use_cache",
    "use_gemma_norm", "use_grouped_topk", "use_mamba_kernels", "use_moe_router_bias", "use_mrope", "use_mtp", "use_qk_norm", "use_routing_bias",
    "use_unified_vision_chunk", "max_window_layers", "sliding_window_pattern", "text_config", "torch_dtype", "logits_soft_cap", "cache_implementation"};

}  // namespace

bool is_inert_key(std::string_view key) {
  if (std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys)) return true;
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return key.find(word) != std::string_view::npos; });
}

}  // namespace socle::model
