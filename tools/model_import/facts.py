"""What the fact table and the configs do not hold about published models: biases, norms, linear mixers, other names, and
the shapes of models that exist as training benchmarks only."""

GPT = {"layer_norm": True, "bias": True, "qkv_bias": True}
QKV = {"qkv_bias": True}

CSV_EXTRA = {
    "GPT-3 175B": {**GPT, "positions": 2048, "aliases": ["gpt3", "GPT-3-175B (MLPerf)"]},
    "MT-NLG 530B": {**GPT, "positions": 2048}, "Megatron 1T": {**GPT, "positions": 2048},
    "Megatron 22B": {**GPT, "positions": 2048}, "OPT-66B": {**GPT, "positions": 2050}, "OPT-175B": {**GPT, "positions": 2050},
    "BLOOM-176B": {**GPT, "aliases": ["bloom"]}, "Phi-2": GPT, "Falcon-180B": {"layer_norm": True},
    "PaLM 540B": {"layer_norm": True}, "Nemotron-4 340B": {"layer_norm": True, "aliases": ["Nemotron-4-340B"]},
    "DBRX": {"layer_norm": True},
    "Llama 2 7B": {"aliases": ["Llama-2-7B LoRA"]}, "Llama 2 70B": {"aliases": ["Llama-2-70B LoRA"]},
    "Llama 3.1 8B": {"config": "Meta-Llama-3.1-8B", "aliases": ["Meta-Llama-3.1-8B"]}, "Llama 3.1 70B": {"config": "Meta-Llama-3.1-70B", "aliases": ["Meta-Llama-3.1-70B", "Llama 3.3 70B"]},
    "Llama 3.1 405B": {"config": "Meta-Llama-3.1-405B", "aliases": ["Meta-Llama-3.1-405B"]},
    "Llama 4 Scout 17B-16E": {"aliases": ["Llama-4-Scout", "Llama-4-Scout-109B"]},
    "Llama 4 Maverick 17B-128E": {"aliases": ["Llama-4-Maverick", "Llama-4-Maverick-400B"]},
    "Qwen2.5 7B": QKV, "Qwen2.5 14B": QKV, "Qwen2.5 32B": QKV, "Qwen2.5 72B": QKV, "Qwen-72B": QKV,
    "Qwen3 8B": {"aliases": ["Qwen3-VL-8B"]}, "Qwen3 32B": {"aliases": ["Qwen3-VL-32B"]},
    "Qwen3 30B-A3B": {"aliases": ["Qwen3-VL-30B-A3B"]}, "Qwen3 235B-A22B": {"aliases": ["Qwen3-VL-235B-A22B"]},
    "Qwen3-Next 80B-A3B": {"output_gate": True, "linear": {
        "kind": "linear", "heads": 32, "kv_heads": 16, "head_dim": 128, "v_head_dim": 128, "conv_width": 4}},
    "Qwen3.5 27B": {"aliases": ["Qwen3.6 27B"], "notes": "Qwen3.6-27B has the same shape"},
    "Qwen3.5 35B-A3B": {"aliases": ["Qwen3.6 35B-A3B"], "notes": "Qwen3.6-35B-A3B has the same shape"},
    "MiniMax-Text-01": {"linear": {"kind": "linear", "heads": 64, "kv_heads": 64, "head_dim": 128, "v_head_dim": 128}},
    "MiniMax-M2.5": {"aliases": ["MiniMax-M2", "MiniMax-M2.7"], "notes": "M2 and M2.7 have the same shape"},
    "DeepSeek-V3": {"aliases": ["DeepSeek-V3.1"]}, "Kimi K2": {"aliases": ["kimi-k2"]},
    "Kimi K2.5": {"aliases": ["Kimi-K2.6", "Kimi-K2.7-Code"], "notes": "K2.6 and K2.7-Code have the same shape"},
    "GLM-4.5": QKV, "GLM-4.6": QKV, "GLM-4.5-Air": QKV,
    "GLM-5": {"aliases": ["GLM-5.1"], "notes": "GLM-5.1 has the same shape"},
    "Grok-1": {"aliases": ["Grok-1-314B"]}, "Mixtral 8x22B": {"aliases": ["Mixtral-8x22B"]},
    "Phi-3-mini": {"window": True},
    "Hunyuan-Large 389B-A52B": {"aliases": ["Hunyuan-Large"], "notes": "cross-layer sharing of keys and values is not modelled"},
    "ERNIE-4.5 300B-A47B": {"aliases": ["ERNIE-4.5-300B-A47B"]},
    "Pangu Pro MoE 72B-A16B": {"aliases": ["Pangu-Pro-MoE"]}, "Pangu Ultra MoE 718B": {"aliases": ["Pangu-Ultra-MoE"]},
    "MiMo-V2-Flash": {}, "Kimi K3": {},
}

CONFIG_ONLY = {
    "Nemotron-3-Nano 30B-A3B": {"config": "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "hf_id": "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
                                "aliases": ["Nemotron-3-Nano", "NVIDIA-Nemotron-3-Nano-30B-A3B"]},
    "Nemotron-3-Super 120B-A12B": {"config": "NVIDIA-Nemotron-3-Super-120B-A12B-FP8", "hf_id": "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8",
                                   "aliases": ["Nemotron-3-Super", "NVIDIA-Nemotron-3-Super-120B-A12B"]},
    "Nemotron-3-Ultra 550B-A55B": {"config": "NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", "hf_id": "nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16",
                                   "aliases": ["Nemotron-3-Ultra", "NVIDIA-Nemotron-3-Ultra-550B-A55B"]},
    "Nemotron-3.5-Lightning 30B-A3B": {"config": "NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4",
                                       "hf_id": "nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4",
                                       "aliases": ["Nemotron-3.5-Lightning", "NVIDIA-Nemotron-3.5-Lightning-30B-A3B"]},
    "Nemotron-H-56B": {"config": "Nemotron-H-56B-Base-8K", "hf_id": "nvidia/Nemotron-H-56B-Base-8K"},
    "Llama-3.3-Nemotron-Super-49B": {"config": "Llama-3_3-Nemotron-Super-49B-v1", "hf_id": "nvidia/Llama-3_3-Nemotron-Super-49B-v1"},
    "GLM-5.2": {"config": "GLM-5.2", "hf_id": "zai-org/GLM-5.2"},
    "Gemma 4 26B-A4B": {"config": "gemma-4-26B-A4B", "hf_id": "google/gemma-4-26B-A4B", "notes": "text tower"},
    "Gemma 4 31B": {"config": "Gemma-4-31B-IT-NVFP4", "hf_id": "google/gemma-4-31B-it", "notes": "text tower"},
    "MiMo-7B": {"config": "MiMo-7B-Base", "hf_id": "XiaomiMiMo/MiMo-7B-Base"},
    "Qwen3 0.6B": {"config": "Qwen3-0.6B", "hf_id": "Qwen/Qwen3-0.6B"},
    "Qwen3 1.7B": {"config": "Qwen3-1.7B", "hf_id": "Qwen/Qwen3-1.7B"},
    "Qwen3-VL 2B": {"config": "Qwen3-VL-2B-Instruct", "hf_id": "Qwen/Qwen3-VL-2B-Instruct", "notes": "text tower"},
    "Qwen3-VL 4B": {"config": "Qwen3-VL-4B-Instruct", "hf_id": "Qwen/Qwen3-VL-4B-Instruct", "notes": "text tower"},
}

RECALL = {"confidence": "estimate", "checked": "recall"}


def uniform(layers, mixer, feed_forward, **keys):
    return {**keys, "layers": [(mixer, feed_forward)] * layers}


def gpt(layers, hidden, heads):
    mixer = {"kind": "attention", "heads": heads, "kv_heads": heads, "head_dim": hidden // heads, "qkv_bias": True}
    return uniform(layers, mixer, {"ffn": 4 * hidden, "gated": False, "bias": True}, hidden=hidden, vocab=51200,
                   tied_embeddings=True, norm="layer", learned_positions=2048, context=2048)


def squared_relu(layers, hidden, heads, kv_heads):
    mixer = {"kind": "attention", "heads": heads, "kv_heads": kv_heads, "head_dim": hidden // heads}
    return uniform(layers, mixer, {"ffn": 4 * hidden, "gated": False}, hidden=hidden, vocab=256000, tied_embeddings=False,
                   norm="layer", context=4096)


NEMO = {"text": "GPT configuration of the NeMo framework", "notes": "the shape is remembered, not read; vocabulary padded to 51200", **RECALL}

BENCHMARKS = {
    "GPT-3 5B": {"aliases": ["GPT-5B", "GPT-5B (Paxml)"], "shape": gpt(24, 4096, 32), "source": NEMO},
    "GPT-3 20B": {"aliases": ["GPT-20B"], "shape": gpt(44, 6144, 48), "source": NEMO},
    "GPT-3 40B": {"aliases": ["GPT-40B"], "shape": gpt(48, 8192, 64), "source": NEMO},
    "Nemotron-4 15B": {"aliases": ["Nemotron-4-15B"], "shape": squared_relu(32, 6144, 48, 8), "source": {
        "text": "Nemotron-4 15B technical report (arXiv 2402.16819)", "confidence": "datasheet", "checked": "recall",
        "notes": "squared ReLU"}},
    "Nemotron-3 22B": {"aliases": ["Nemotron-22B"], "shape": squared_relu(40, 6144, 48, 48), "source": {
        "text": "configuration of the NeMo framework", "notes": "the shape is remembered, not read; squared ReLU", **RECALL}},
    "MaxText 22B": {"shape": uniform(48, {"kind": "attention", "heads": 24, "kv_heads": 24, "head_dim": 256},
                                     {"ffn": 24576, "gated": False}, hidden=6144, vocab=32000, tied_embeddings=False, context=2048),
                    "source": {"text": "AI-Hypercomputer/maxtext benchmark script of the 22B model", "confidence": "reported",
                               "checked": "seen: layers, hidden, ffn, heads; recall: vocabulary",
                               "notes": "the stated size tells that the blocks are not gated"}},
    "InternLM-7B": {"shape": uniform(32, {"kind": "attention", "heads": 32, "kv_heads": 32, "head_dim": 128, "qkv_bias": True},
                                     {"ffn": 11008}, hidden=4096, vocab=103168, tied_embeddings=False, context=2048),
                    "source": {"text": "InternLM/InternEvo benchmark configuration", "confidence": "reported",
                               "checked": "seen: shape; recall: biases", "notes": ""}},
}

PUBLISHED = {  # name: (total, active per token), as the publisher rounds them
    "Nemotron-3-Nano 30B-A3B": ("31.6B", "3.6B"), "Nemotron-3-Super 120B-A12B": ("120B", "12B"),
    "Nemotron-3-Ultra 550B-A55B": ("550B", "55B"), "Nemotron-3.5-Lightning 30B-A3B": ("31.6B", "3.6B"),
    "Nemotron-H-56B": ("56B", ""), "Llama-3.3-Nemotron-Super-49B": ("49.9B", ""),
    "DeepSeek-V4-Flash": ("284B", "13B"), "DeepSeek-V4-Pro": ("1.6T", "49B"), "GLM-5.2": ("744B", "40B"),
    "Gemma 4 26B-A4B": ("25.2B", "3.8B"), "Gemma 4 31B": ("30.7B", ""), "MiMo-7B": ("7.61B", ""),
    "Qwen3 0.6B": ("0.6B", ""), "Qwen3 1.7B": ("1.72B", ""), "Qwen3-VL 2B": ("1.72B", ""), "Qwen3-VL 4B": ("4.02B", ""),
    "Nemotron-4 15B": ("15.6B", ""),
    "InternLM-7B": ("7.3B", ""),
}

NO_INPUT_EMBEDDING = "the published active figure leaves the input embedding out"
NO_EMBEDDING = "the published active figure leaves the embedding and the output head out"

EXCLUDES = {
    "Chinchilla 70B": "the published total is rounded and includes relative-position parameters",
    "Gopher 280B": "the published total includes relative-position parameters",
    "DeepSeek-V2-Lite": NO_INPUT_EMBEDDING, "DeepSeek-V4-Flash": NO_INPUT_EMBEDDING, "gpt-oss-20b": NO_INPUT_EMBEDDING,
    "gpt-oss-120b": NO_INPUT_EMBEDDING, "Nemotron-3-Super 120B-A12B": NO_INPUT_EMBEDDING,
    "Pangu Pro MoE 72B-A16B": NO_INPUT_EMBEDDING, "Qwen3.5 35B-A3B": NO_INPUT_EMBEDDING,
    "GLM-4.5": NO_EMBEDDING, "GLM-4.6": NO_EMBEDDING, "GLM-4.5-Air": NO_EMBEDDING, "GLM-5": NO_EMBEDDING, "GLM-5.2": NO_EMBEDDING,
    "MiniMax-M2.5": NO_EMBEDDING, "MiniMax-Text-01": NO_EMBEDDING, "Pangu Ultra MoE 718B": NO_EMBEDDING,
    "Qwen3-Next 80B-A3B": NO_EMBEDDING + ", and is rounded to one digit",
    "DeepSeek-V3.2": "the published figures are DeepSeek-V3's, without the indexers",
    "DeepSeek-V4-Pro": "the published total is rounded to two digits",
    "Hunyuan-Large 389B-A52B": "the published figures count keys and values that layers share once, and leave the embedding out",
    "Llama 4 Scout 17B-16E": "the published total includes the vision tower",
}
