"""Shapes from config.json, for import_models.py: families whose files the catalogue is written from."""

TOWERS = ("text_config", "llm_config", "language_config")


def first(config, *keys, default=0):
    for key in keys:
        if config.get(key) is not None:
            return config[key]
    return default


def compact(pairs):
    """Without what is zero, absent or false; `gated` is kept only when false."""
    return {key: value for key, value in pairs.items() if (value is False if key == "gated" else value)}


def gqa(c, **more):
    heads = c["num_attention_heads"]
    width = first(c, "head_dim", "attention_head_dim", default=c["hidden_size"] // heads)
    return compact({"kind": "attention", "heads": heads, "kv_heads": first(c, "num_key_value_heads", default=heads),
                    "head_dim": width, "qkv_bias": first(c, "attention_bias", default=False), **more})


def mla(c, **more):
    return compact({"kind": "mla", "heads": c["num_attention_heads"], "head_dim": c["qk_nope_head_dim"] + c["qk_rope_head_dim"],
                    "v_head_dim": c["v_head_dim"], "q_lora": first(c, "q_lora_rank"), "kv_lora": c["kv_lora_rank"],
                    "rope_dim": c["qk_rope_head_dim"], **more})


def moe(c, **more):
    ffn = first(c, "moe_intermediate_size", "intermediate_size")
    shared = first(c, "shared_expert_intermediate_size", "share_expert_dim", "shared_intermediate_size",
                   default=first(c, "n_shared_experts", "num_shared_experts") * ffn)
    return compact({"ffn": ffn, "experts": first(c, "n_routed_experts", "num_experts", "num_local_experts"),
                    "topk": first(c, "num_experts_per_tok", "num_experts_per_token", "top_k_experts"), "shared_ffn": shared,
                    "latent": first(c, "routed_expert_hidden_size"), **more})


def dense(c, key="intermediate_size", **more):
    return compact({"ffn": c[key], **more})


def windowed(c, mixer, i):
    if c.get("layer_types") and c["layer_types"][i] == "sliding_attention":
        return {**mixer, "window": c["sliding_window"]}
    return mixer


def plain(c):
    has_experts = first(c, "n_routed_experts", "num_experts", "num_local_experts") > 0
    layers = []
    for i in range(c["num_hidden_layers"]):
        feed = moe(c) if has_experts and i >= first(c, "first_k_dense_replace") else dense(c)
        if c["model_type"] == "gpt_oss":
            feed["bias"] = True
        layers.append((windowed(c, gqa(c), i), feed))
    return layers


def deepseek(c):
    layers = []
    types = c.get("indexer_types")
    for i in range(c["num_hidden_layers"]):
        own = not types or types[i] == "full"
        index = {"index_heads": c["index_n_heads"] if own else 0, "index_dim": c["index_head_dim"] if own else 0,
                 "index_topk": c["index_topk"]} if c.get("index_topk") else {}
        layers.append((mla(c, **index), moe(c) if i >= c["first_k_dense_replace"] else dense(c)))
    return layers


def deepseek_v4(c):
    layers = []
    for ratio in c["compress_ratios"][:c["num_hidden_layers"]]:
        index = {"index_heads": c["index_n_heads"], "index_dim": c["index_head_dim"], "index_topk": c["index_topk"]} if ratio == 4 else {}
        mixer = gqa(c, shared_kv=True, q_lora=c["q_lora_rank"], o_lora=c["o_lora_rank"], o_groups=c["o_groups"],
                    rope_dim=c["qk_rope_head_dim"], window=c["sliding_window"], compress=ratio, **index)
        layers.append((mixer, moe(c)))
    return layers


def qwen_next(c):
    linear = {"kind": "linear", "heads": c["linear_num_value_heads"], "kv_heads": c["linear_num_key_heads"],
              "head_dim": c["linear_key_head_dim"], "v_head_dim": c["linear_value_head_dim"],
              "conv_width": c["linear_conv_kernel_dim"]}
    feed = moe(c) if c.get("num_experts") else dense(c)
    full = gqa(c, output_gate=c["attn_output_gate"])
    return [(linear if kind == "linear_attention" else full, feed) for kind in c["layer_types"]]


def llama4(c):
    step, layers = c["interleave_moe_layer_step"], []
    for i in range(c["num_hidden_layers"]):
        mixer = gqa(c, **({"chunk": c["attention_chunk_size"]} if (i + 1) % 4 else {}))
        routed = i % step == step - 1
        experts = {"ffn": c["intermediate_size"], "experts": c["num_local_experts"], "topk": c["num_experts_per_tok"],
                   "shared_ffn": c["intermediate_size"]}
        layers.append((mixer, experts if routed else dense(c, "intermediate_size_mlp")))
    return layers


def gemma4(c):
    layers = []
    for kind in c["layer_types"]:
        mixer = gqa(c, window=c["sliding_window"])
        if kind == "full_attention":
            mixer = compact({"kind": "attention", "heads": c["num_attention_heads"], "kv_heads": c["num_global_key_value_heads"],
                             "head_dim": c["global_head_dim"], "shared_kv": c["attention_k_eq_v"]})
        feed = dense(c)
        if c["enable_moe_block"]:
            feed = {"ffn": c["moe_intermediate_size"], "experts": c["num_experts"], "topk": c["top_k_experts"],
                    "shared_ffn": c["intermediate_size"]}
        layers.append((mixer, feed))
    return layers


def nemotron_block(c, kind):
    if kind in ("mamba", "M"):
        return ({"kind": "linear", "heads": c["mamba_num_heads"], "kv_heads": c["n_groups"], "head_dim": c["ssm_state_size"],
                 "v_head_dim": c["mamba_head_dim"], "conv_width": c["conv_kernel"]}, {})
    if kind in ("attention", "*"):
        return gqa(c), {}
    if kind in ("moe", "E"):
        return ({"kind": "none"}, compact({"ffn": c["moe_intermediate_size"], "gated": False, "experts": c["n_routed_experts"],
                                           "topk": c["num_experts_per_tok"], "shared_ffn": c["moe_shared_expert_intermediate_size"],
                                           "latent": first(c, "moe_latent_size")}))
    return {"kind": "none"}, dense(c, gated=False)


def nemotron_h(c):
    return [nemotron_block(c, kind) for kind in first(c, "layers_block_type", "hybrid_override_pattern")]


def nemotron_nas(c):
    layers = []
    for block in c["block_configs"]:
        attention, ffn = block["attention"], block["ffn"]
        heads = c["num_attention_heads"]
        mixer = {"kind": "none"}
        if not attention["no_op"]:
            mixer = {"kind": "attention", "heads": heads, "kv_heads": heads // attention["n_heads_in_group"],
                     "head_dim": c["hidden_size"] // heads}
        width = int(2 * ffn["ffn_mult"] * c["hidden_size"] / 3)
        layers.append((mixer, {} if ffn["no_op"] else {"ffn": (width + 255) // 256 * 256}))
    return layers


def mimo_v2(c):
    layers = []
    for i in range(c["num_hidden_layers"]):
        full = {"kind": "attention", "heads": c["num_attention_heads"], "kv_heads": c["num_key_value_heads"],
                "head_dim": c["head_dim"], "v_head_dim": c["v_head_dim"]}
        window = {"kind": "attention", "heads": c["swa_num_attention_heads"], "kv_heads": c["swa_num_key_value_heads"],
                  "head_dim": c["swa_head_dim"], "v_head_dim": c["swa_v_head_dim"], "window": c["sliding_window"]}
        mixer = window if c["hybrid_layer_pattern"][i] else full
        layers.append((mixer, moe(c) if c["moe_layer_freq"][i] else dense(c)))
    return layers


def minimax_m3(c):
    sparse, layers = c["sparse_attention_config"], []
    for i in range(c["num_hidden_layers"]):
        index = {}
        if sparse["sparse_attention_freq"][i]:
            index = {"index_heads": sparse["sparse_num_index_heads"], "index_dim": sparse["sparse_index_dim"],
                     "index_topk": sparse["sparse_topk_blocks"] * sparse["sparse_block_size"]}
        layers.append((gqa(c, **index), moe(c) if c["moe_layer_freq"][i] else dense(c, "dense_intermediate_size")))
    return layers


def kimi_linear(c):
    linear, layers = c["linear_attn_config"], []
    delta = {"kind": "linear", "heads": linear["num_heads"], "kv_heads": linear["num_heads"], "head_dim": linear["head_dim"],
             "v_head_dim": linear["head_dim"], "conv_width": linear["short_conv_kernel_size"]}
    full = mla(c, output_gate=c["mla_use_output_gate"])
    for i in range(1, c["num_hidden_layers"] + 1):
        layers.append((full if i in linear["full_attn_layers"] else delta, moe(c) if i > c["first_k_dense_replace"] else dense(c)))
    return layers


FAMILIES = {
    "deepseek_v3": deepseek, "deepseek_v32": deepseek, "kimi_k2": deepseek, "glm_moe_dsa": deepseek, "deepseek_v4": deepseek_v4,
    "qwen3_5_text": qwen_next, "qwen3_5_moe_text": qwen_next, "llama4_text": llama4, "gemma4_text": gemma4,
    "nemotron_h": nemotron_h, "nemotron-nas": nemotron_nas, "mimo_v2_flash": mimo_v2, "minimax_m3": minimax_m3,
    "kimi_linear": kimi_linear,
}


def shape_of_config(config):
    tower = next((config[key] for key in TOWERS if key in config), config)
    c = {**tower, "model_type": tower.get("model_type") or config["model_type"]}
    tied = c.get("tie_word_embeddings", config.get("tie_word_embeddings", False))
    shape = {"hidden": c["hidden_size"], "vocab": c["vocab_size"], "tied_embeddings": tied,
             "context": first(c, "max_position_embeddings"), "residual_streams": first(c, "hc_mult"),
             "mtp_layers": first(c, "num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules"),
             "layers": FAMILIES.get(c["model_type"], plain)(c)}
    mtp = first(c, "mtp_layers_block_type", "mtp_hybrid_override_pattern", default=[])
    if mtp and shape["mtp_layers"]:
        shape["mtp_pattern"] = [nemotron_block(c, kind) for kind in mtp]
    return shape
