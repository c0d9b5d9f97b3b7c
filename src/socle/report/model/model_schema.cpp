#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

SchemaRows format_rows(const std::string& name, const std::string& meaning) {
  return {{name, "object", meaning},
          {name + ".fp32", "number", "In fp32."},
          {name + ".bf16", "number", "In bf16 or fp16."},
          {name + ".fp8", "number", "In fp8 or int8."},
          {name + ".fp4", "number", "In fp4 or int4."}};
}

SchemaRows size_rows() {
  return {{"layers", "integer", "Layers that a token passes; weights that run several times count each time."},
          {"hidden", "integer", "Width of the residual stream."},
          {"vocab", "integer", "Rows of the embedding."},
          {"context", "integer|null", "Longest published context in tokens; null: not known."},
          {"parameters_total", "number", "Weights, multi-token-prediction modules excluded."},
          {"parameters_active", "number", "Weights used for one token, embedding and head included."},
          {"parameters_embedding", "number", "Weights of embeddings and position tables."},
          {"parameters_head", "number", "Weights of the output head; 0: tied."},
          {"parameters_mtp", "number", "Weights of multi-token-prediction modules."},
          {"published_total", "number|null", "As the publisher rounds it; null: not known."},
          {"published_active", "number|null", "As the publisher rounds it; null: not known."},
          {"sequence_length", "integer", "Tokens that the next figures are of."},
          {"flops_per_token", "number", "FLOPs of the forward pass for a token; causal, averaged over the sequence."},
          {"flops_per_token_matrices", "number", "Of those, products with weights."},
          {"flops_per_token_attention", "number", "Of those, attention cores and scans."}};
}

SchemaRows kind_rows() {
  return {{"pattern", "string", "Kinds of layers from first to last: name*5 five in a row, (a b)*2 a group twice."},
          {"kinds[]", "object", "Layers of equal shape."},
          {"kinds[].name", "string", "Name in the pattern."},
          {"kinds[].layers", "integer", "Layers of this kind."},
          {"kinds[].parameters", "number", "Weights of one; its share where layers have weights in common."},
          {"kinds[].active", "number", "Of those, used for one token."},
          {"kinds[].mixer", "object", "The token mixer; what a kind does not have is absent."},
          {"kinds[].mixer.kind", "string", "Kind of mixer.", {"attention", "mla", "linear", "none"}},
          {"kinds[].mixer.heads?", "integer", "Query heads; linear: value heads."},
          {"kinds[].mixer.kv_heads?", "integer", "Key-value heads; linear: key heads."},
          {"kinds[].mixer.head_dim?", "integer", "Width of a query and key; linear: width of the state."},
          {"kinds[].mixer.v_head_dim?", "integer", "Width of a value."},
          {"kinds[].mixer.window?", "integer", "Sliding window in tokens."},
          {"kinds[].mixer.chunk?", "integer", "Chunk of local attention in tokens."},
          {"kinds[].mixer.q_lora?", "integer", "Rank of queries."},
          {"kinds[].mixer.kv_lora?", "integer", "Rank of keys and values."},
          {"kinds[].mixer.index_topk?", "integer", "Tokens that sparse attention picks."},
          {"kinds[].mixer.compress?", "integer", "Tokens that share one compressed key beyond the window."},
          {"kinds[].feed_forward", "object", "The feed-forward block."},
          {"kinds[].feed_forward.ffn", "integer", "Its width, or of one expert; 0: there is none."},
          {"kinds[].feed_forward.gated", "boolean", "Three matrices instead of two."},
          {"kinds[].feed_forward.experts", "integer", "Routed experts; 0: dense."},
          {"kinds[].feed_forward.topk", "integer", "Routed experts for a token."},
          {"kinds[].feed_forward.shared_ffn", "integer", "Width of shared experts together."}};
}

}  // namespace

Schema model_schema() {
  SchemaRows rows{{"provenance", "provenance", "What the document rests on."},
                  {"name", "string", "The model."},
                  {"family", "string|null", "What a config.json was read as; null: a model of the catalogue."}};
  rows = joined(std::move(rows), size_rows());
  rows = joined(std::move(rows), format_rows("weight_bytes", "Bytes of all weights in one format."));
  rows =
      joined(std::move(rows), format_rows("kv_cache_bytes_per_token",
                                          "Bytes that one more token adds to the cache while windows are not full."));
  rows = joined(std::move(rows), format_rows("kv_cache_bytes", "Bytes of the cache of sequence_length tokens."));
  rows = joined(std::move(rows), format_rows("state_bytes", "Bytes of linear mixers' states, of a sequence."));
  rows = joined(std::move(rows),
                {{"weights", "object|null", "What the head of the file of weights tells; null: none was given."},
                 {"weights.format", "string", "Kind of file.", {"safetensors index", "safetensors", "GGUF"}},
                 {"weights.tensors", "number", "Tensors in it, or that the index names."},
                 {"weights.elements", "number|null", "Weights by the tensors' shapes; null: it tells no shapes."},
                 {"weights.bytes", "number|null", "Bytes of all tensors; null: it does not tell."}});
  rows = joined(std::move(rows), kind_rows());
  rows = joined(std::move(rows), {{"keys_unused[]", "object", "Keys of a config.json that the shape does not rest on."},
                                  {"keys_unused[].key", "string", "The key."},
                                  {"keys_unused[].why", "string", "Why that is right."},
                                  {"notes[]", "string", "What is left out or was filled in, a sentence each."}});
  return {"socle.model/1",
          "What was understood of a model: `socle model show`.",
          {{"", "always", rows}},
          {provenance_shape()}};
}

}  // namespace socle::report
