#include "socle/model/hf_families.hpp"

namespace socle::model {
namespace {

constexpr HfFamily kFamilies[] = {
    {"llama LlamaForCausalLM mistral MistralForCausalLM mixtral MixtralForCausalLM internlm2 InternLM2ForCausalLM phi3 "
     "Phi3ForCausalLM",
     read_plain, "Llama, Mistral, Mixtral and models built like them"},
    {"qwen2 Qwen2ForCausalLM qwen2_moe Qwen2MoeForCausalLM qwen3 Qwen3ForCausalLM qwen3_moe Qwen3MoeForCausalLM "
     "qwen3_vl_text qwen3_vl_moe_text",
     read_plain, "Qwen2, Qwen3, dense and of experts, and the text towers of Qwen3-VL"},
    {"gpt_oss GptOssForCausalLM", read_plain, "gpt-oss"},
    {"gemma2 Gemma2ForCausalLM gemma3_text Gemma3ForCausalLM", read_plain, "Gemma 2 and 3"},
    {"glm4_moe Glm4MoeForCausalLM ernie4_5_moe Ernie4_5_MoeForCausalLM minimax_m2 MiniMaxM2ForCausalLM step3p7 "
     "Step3p7FlashForCausalLM mimo MiMoForCausalLM",
     read_plain, "GLM-4.5, ERNIE 4.5, MiniMax-M2, Step-3.7, MiMo-7B"},
    {"nemotron NemotronForCausalLM phi PhiForCausalLM", read_plain, "Nemotron-4, Phi-2"},
    {"gpt2 GPT2LMHeadModel gpt_neox GPTNeoXForCausalLM opt OPTForCausalLM bloom BloomForCausalLM", read_gpt,
     "GPT-2, GPT-NeoX, OPT, BLOOM"},
    {"gemma4_text gemma4 Gemma4ForCausalLM", read_gemma4, "Gemma 4"},
    {"llama4_text Llama4ForCausalLM", read_llama4, "Llama 4"},
    {"mimo_v2_flash MiMoV2FlashForCausalLM", read_mimo_v2, "MiMo-V2"},
    {"minimax_m3 MiniMaxM3ForCausalLM MiniMaxM3SparseForCausalLM", read_minimax_m3, "MiniMax-M3"},
    {"deepseek_v2 DeepseekV2ForCausalLM deepseek_v3 DeepseekV3ForCausalLM deepseek_v32 DeepseekV32ForCausalLM kimi_k2 "
     "glm_moe_dsa GlmMoeDsaForCausalLM",
     read_deepseek, "DeepSeek-V2 to V3.2, Kimi K2, GLM-5"},
    {"deepseek_v4 DeepseekV4ForCausalLM", read_deepseek_v4, "DeepSeek-V4"},
    {"kimi_linear KimiLinearForCausalLM", read_kimi_linear, "Kimi Linear and K3"},
    {"qwen3_next Qwen3NextForCausalLM qwen3_5_text qwen3_5_moe_text", read_qwen_next, "Qwen3-Next, 3.5, 3.6"},
    {"minimax_text_01 MiniMaxText01ForCausalLM minimax MiniMaxForCausalLM", read_minimax_text, "MiniMax-Text-01"},
    {"nemotron_h NemotronHForCausalLM", read_nemotron_h, "Nemotron-H and Nemotron 3"},
    {"nemotron-nas DeciLMForCausalLM", read_nemotron_nas, "Nemotron Super by block-wise search"},
};

}  // namespace

std::span<const HfFamily> hf_families() { return kFamilies; }

}  // namespace socle::model
