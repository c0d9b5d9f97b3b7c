#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/model/hf_config.hpp"

namespace socle::model {
namespace {

std::string error_of(const std::string& text) {
  try {
    import_hf_config(std::string_view(text), "config.json");
  } catch (const InputError& error) { return error.what(); }
  return "no error";
}

std::string llama(const std::string& parts) { return "{\"model_type\": \"llama\", " + parts + "}"; }

constexpr const char* kGood =
    R"("hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128,
       "vocab_size": 100)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = llama(kGood);
  return text.replace(text.find(from), from.size(), to);
}

TEST(HfHostile, NamesTheKeyAndTheRemedy) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "config.json"},
      {"[]", "the file holds no JSON object"},
      {"{}", "the file names no architecture"},
      {R"({"quantization": {"quant_algo": "FP8"}})", "quantisation side file (hf_quant_config.json)"},
      {R"({"weight_map": {}})", "this is an index of safetensors, not a model"},
      {R"({"model_type": 7})", "model_type: 7 is not a text"},
      {R"({"text_config": []})", "text_config: not an object"},
      {with("\"hidden_size\": 64, ", ""),
       "hidden_size: the key is missing; add it with a whole number from 1 to 10000000"},
      {with("64", "-64"), "hidden_size: -64 is out of range"},
      {with("64", "1e300"), "hidden_size: 1e+300 is out of range"},
      {with("64", "64.5"), "hidden_size: 64.5 is not a whole number"},
      {with("64", "\"64\""), "hidden_size: \"64\" is not a whole number"},
      {with("64", "true"), "hidden_size: true is not a whole number"},
      {with("64", "[64]"), "hidden_size: an array is not a whole number"},
      {with("64", "NaN"), "config.json"},
      {with("64", "Infinity"), "hidden_size: 1e+308 is out of range"},
      {with("64", "66"), "4 heads do not divide hidden_size = 66, and head_dim is missing; add head_dim"},
      {with("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 5000"),
       "num_hidden_layers: 5000 is out of range; give 1 to 4096"},
      {llama(std::string(kGood) + ", \"layer_types\": [\"full_attention\"]"),
       "layer_types: 1 entries for 2 layers; give one for each"},
      {llama(std::string(kGood) + ", \"layer_types\": [\"full_attention\", \"odd\"]"),
       "\"odd\" is none of the kinds that this family has: full_attention sliding_attention"},
      {llama(std::string(kGood) + ", \"num_key_value_heads\": 3"), "3 key-value heads do not divide 4 heads"},
      {llama(std::string(kGood) + ", \"num_local_experts\": 4, \"num_experts_per_tok\": 5"), "topk = 5 with 4 experts"},
      {llama(std::string(kGood) + ", \"tie_word_embeddings\": \"no\""),
       "tie_word_embeddings: \"no\" is neither true nor false"},
      {llama(std::string(kGood) + ", \"quantization_config\": \"fp8\""),
       "quantization_config: \"fp8\" is not an object"},
      {R"({"model_type": "nemotron_h", "hidden_size": 64, "vocab_size": 9, "hybrid_override_pattern": "MX"})",
       "\"X\" is none of"},
      {R"({"model_type": "nemotron-nas", "hidden_size": 64, "vocab_size": 9, "num_hidden_layers": 1,
       "num_attention_heads": 4, "block_configs": [1]})",
       "block_configs: 1 in it is not an object"},
  };
  for (const auto& [text, part] : cases)
    EXPECT_NE(error_of(text).find(part), std::string::npos) << part << "\n" << error_of(text);
}

TEST(HfHostile, AnUnknownArchitectureIsNamedWithItsKeys) {
  const std::string error =
      error_of(R"({"model_type": "lama", "hidden_size": 64, "state_size": 16, "rope_theta": 1e4})");
  EXPECT_NE(error.find("architecture \"lama\" is not known; did you mean \"llama\"?; keys not understood: state_size;"),
            std::string::npos)
      << error;
}

TEST(HfHostile, TellsAllProblemsAtOnceAndEachOnce) {
  try {
    import_hf_config(
        std::string_view(R"({"model_type": "nemotron_h", "hidden_size": -1, "hybrid_override_pattern": "MMMM"})"),
        "config.json");
    FAIL();
  } catch (const InputError& error) {
    // hidden_size, vocab_size and the five keys of the state-space layers, which four layers share.
    EXPECT_EQ(error.problems().size(), 7u) << error.what();
  }
}

TEST(HfHostile, InfinityWithinATextStays) {
  EXPECT_EQ(import_hf_config(std::string_view(llama(std::string(kGood) + R"(, "_name_or_path": "to \"Infinity")")), "x")
                .model.layers(),
            2);
}

}  // namespace
}  // namespace socle::model
