#include "socle/model/hf_tower.hpp"

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/model/hf_families/family.hpp"

namespace socle::model {
namespace {

struct Refusal {
  std::string_view names, why;
};

constexpr Refusal kRefusals[] = {
    {"t5 mt5 umt5 switch_transformers T5ForConditionalGeneration MT5ForConditionalGeneration bart mbart pegasus "
     "pegasus_x "
     "bigbird_pegasus blenderbot blenderbot-small marian mvp plbart prophetnet led longt5 m2m_100 fsmt nllb-moe "
     "BartForConditionalGeneration MBartForConditionalGeneration PegasusForConditionalGeneration MarianMTModel t5gemma "
     "encoder-decoder BigBirdPegasusForCausalLM",
     "an encoder-decoder model"},
    {"bert bert-generation roberta roberta-prelayernorm xlm-roberta xlm-roberta-xl camembert electra albert deberta "
     "deberta-v2 distilbert ernie mpnet megatron-bert big_bird roformer rembert roc_bert data2vec-text convbert funnel "
     "longformer nystromformer modernbert xlm xmod xlnet reformer BertModel BertForMaskedLM RobertaForMaskedLM "
     "XLMRobertaModel BertLMHeadModel nomic_bert eurobert layoutlm tapas",
     "an encoder or one made into a decoder"},
    {"whisper wav2vec2 hubert speecht5 seamless_m4t seamless_m4t_v2 bark musicgen musicgen_melody moshi encodec clap "
     "speech_to_text moonshine kyutai_speech_to_text csm dia",
     "a speech or audio model"},
    {"vit clip siglip siglip2 clip_vision_model dinov2 beit deit swin convnext detr sam git blip trocr resnet "
     "mobilevit "
     "segformer owlvit vitmatte dpt flux stable-diffusion",
     "an image model"},
    {"gemma4_assistant gemma4_unified_assistant Gemma4AssistantForCausalLM Gemma4UnifiedAssistantForCausalLM eagle "
     "eagle3 "
     "LlamaForCausalLMEagle LlamaForCausalLMEagle3 medusa",
     "a draft head for speculative decoding, no language model by itself"},
    {"blt BltForCausalLM", "a model of bytes in patches, whose parts run at different lengths"},
    {"qwen4_exp qwen4_exp_text Qwen4ExpForCausalLM", "an experimental form whose sizes are not settled"},
};

// Keys that hold a tower, outermost first.
constexpr std::string_view kTowers[] = {"thinker_config", "text_config", "llm_config", "language_config"};

struct Default {
  std::string_view type, key;
  int value;
};

// What transformers 5.24 fills into a tower of this type.
constexpr Default kDefaults[] = {
    {"llama", "hidden_size", 4096},
    {"llama", "num_hidden_layers", 32},
    {"llama", "num_attention_heads", 32},
    {"llama", "intermediate_size", 11008},
    {"llama", "vocab_size", 32000},
    {"mistral", "hidden_size", 4096},
    {"mistral", "num_hidden_layers", 32},
    {"mistral", "num_attention_heads", 32},
    {"mistral", "num_key_value_heads", 8},
    {"mistral", "intermediate_size", 14336},
    {"mistral", "vocab_size", 32000},
    {"gemma", "hidden_size", 3072},
    {"gemma", "num_hidden_layers", 28},
    {"gemma", "num_attention_heads", 16},
    {"gemma", "num_key_value_heads", 16},
    {"gemma", "head_dim", 256},
    {"gemma", "intermediate_size", 24576},
    {"gemma", "vocab_size", 256000},
    {"gemma2", "hidden_size", 2304},
    {"gemma2", "num_hidden_layers", 26},
    {"gemma2", "num_attention_heads", 8},
    {"gemma2", "num_key_value_heads", 4},
    {"gemma2", "head_dim", 256},
    {"gemma2", "intermediate_size", 9216},
    {"gemma2", "vocab_size", 256000},
    {"gemma3_text", "hidden_size", 2304},
    {"gemma3_text", "num_hidden_layers", 26},
    {"gemma3_text", "num_attention_heads", 8},
    {"gemma3_text", "num_key_value_heads", 4},
    {"gemma3_text", "head_dim", 256},
    {"gemma3_text", "intermediate_size", 9216},
    {"gemma3_text", "vocab_size", 262208},
    {"gemma3_text", "sliding_window", 4096},
    {"qwen2", "hidden_size", 4096},
    {"qwen2", "num_hidden_layers", 32},
    {"qwen2", "num_attention_heads", 32},
    {"qwen2", "num_key_value_heads", 32},
    {"qwen2", "intermediate_size", 22016},
    {"qwen2", "vocab_size", 151936},
    {"cohere2", "hidden_size", 8192},
    {"cohere2", "num_hidden_layers", 40},
    {"cohere2", "num_attention_heads", 64},
    {"cohere2", "intermediate_size", 22528},
    {"cohere2", "vocab_size", 256000},
};

std::string type_of(const Json& object) {
  const Json* type = object.find("model_type");
  return type != nullptr && type->is_string() ? type->as_string() : std::string();
}

}  // namespace

HfTower find_text_tower(const Json& config, const std::string& source) {
  if (!config.is_object())
    throw InputError(Problem{source, 0, 0, {}, "the file holds no JSON object; give a model's config.json"});
  const bool names_model = config.find("model_type") != nullptr || config.find("architectures") != nullptr;
  if (!names_model && config.find("quantization") != nullptr) {
    throw InputError(Problem{
        source, 0, 0, "quantization",
        "this is a quantisation side file (hf_quant_config.json), not a model; give the config.json beside it"});
  }
  if (!names_model && config.find("weight_map") != nullptr) {
    throw InputError(Problem{source, 0, 0, "weight_map",
                             "this is an index of safetensors, not a model; give the config.json beside it, and this "
                             "file to socle model show --weights"});
  }
  HfTower tower{&config, {}};
  for (const std::string_view key : kTowers) {
    const Json* inner = tower.object->find(key);
    if (inner == nullptr || inner->is_null()) continue;
    const std::string path = tower.path.empty() ? std::string(key) : fmt::format("{}.{}", tower.path, key);
    if (!inner->is_object()) {
      throw InputError(
          Problem{source, 0, 0, path, fmt::format("{}: not an object; it must hold the keys of the text tower", path)});
    }
    if (inner->as_object().empty()) continue;
    tower = {inner, path};
  }
  return tower;
}

std::string_view refusal_of(std::string_view architecture) {
  for (const Refusal& refusal : kRefusals) {
    if (one_of(refusal.names, architecture)) return refusal.why;
  }
  return {};
}

Json complete_tower(const Json& tower, std::vector<std::string>& notes) {
  Json whole = tower;
  const std::string type = type_of(tower);
  std::string filled;
  for (const Default& entry : kDefaults) {
    if (entry.type != type) continue;
    const Json* present = tower.find(entry.key);
    if (present != nullptr) continue;
    whole.set(entry.key, entry.value);
    filled += fmt::format("{}{} = {}", filled.empty() ? "" : ", ", entry.key, entry.value);
  }
  if (!filled.empty())
    notes.push_back(fmt::format("the file leaves to the defaults of transformers for \"{}\": {}.", type, filled));
  return whole;
}

}  // namespace socle::model
