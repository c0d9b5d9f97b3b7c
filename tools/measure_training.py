#!/usr/bin/env python3
"""Measures training steps of plain PyTorch on one GPU and writes them as cases.

    tools/measure_training.py --out runs.csv --chip h100-sxm [--only WORD] [--budget SECONDS]

Needs PyTorch 2.8 or newer, a CUDA device and import_runs.py beside it. Each run of PLAN is a model of the catalogue, cut to a few
layers so that one device holds it, trained as FSDP2 users do it: weights and Adam's moments in fp32, bf16 in the forward and
backward pass, fully_shard around each block, gradients clipped, fused AdamW, random tokens. A case is the median of
STEPS steps after WARM, by the host's clock around a synchronised device; the peak is what the allocator reserved at most.
A run that does not fit, or fails, is told on stderr and left out. Rows appear as they are measured.
"""
import argparse
import csv
import datetime
import gc
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.utils.checkpoint import CheckpointPolicy, checkpoint, create_selective_checkpoint_contexts

from import_runs import COLUMNS

WARM, STEPS = 4, 8

# name in the catalogue: hidden, ffn, heads, kv heads, width of a head, vocabulary, experts, experts a token
MODELS = {
    "Llama-3-8B": (4096, 14336, 32, 8, 128, 128256, 0, 0),
    "Llama-2-7B": (4096, 11008, 32, 32, 128, 32000, 0, 0),
    "Llama-2-70B": (8192, 28672, 64, 8, 128, 32000, 0, 0),
    "Llama-2-13B": (5120, 13824, 40, 40, 128, 32000, 0, 0),
    "TinyLlama-1.1B": (2048, 5632, 32, 4, 64, 32000, 0, 0),
    "Qwen3-30B-A3B": (2048, 768, 32, 4, 128, 151936, 128, 8),
    "OLMoE-1B-7B": (2048, 1024, 16, 16, 128, 50304, 64, 8),
    "Mixtral-8x7B": (4096, 14336, 32, 8, 128, 32000, 8, 2),
    "toy": (256, 512, 4, 2, 64, 512, 4, 2),
}
# model, layers, tokens of a sequence, sequences of a microbatch, microbatches, recompute, whether blocks are compiled
PLAN = [
    ("Llama-3-8B", 6, 8192, 1, 1, "full", False),
    ("Llama-3-8B", 6, 8192, 1, 1, "op-selective", False),
    ("Llama-3-8B", 6, 8192, 1, 4, "op-selective", False),
    ("Llama-3-8B", 6, 2048, 2, 2, "none", False),
    ("Llama-2-7B", 12, 4096, 1, 1, "none", False),
    ("Llama-2-7B", 12, 4096, 4, 1, "full", False),
    ("Llama-2-70B", 2, 8192, 1, 2, "none", False),
    ("Llama-2-70B", 2, 4096, 2, 1, "full", False),
    ("Llama-2-13B", 7, 32768, 1, 1, "full", False),
    ("TinyLlama-1.1B", 22, 2048, 1, 1, "none", False),
    ("TinyLlama-1.1B", 22, 2048, 8, 1, "none", False),
    ("TinyLlama-1.1B", 22, 2048, 4, 4, "full", False),
    ("Qwen3-30B-A3B", 3, 4096, 1, 1, "none", False),
    ("Qwen3-30B-A3B", 3, 4096, 4, 1, "full", False),
    ("OLMoE-1B-7B", 6, 4096, 1, 2, "none", False),
    ("OLMoE-1B-7B", 6, 4096, 4, 1, "none", False),
    ("Mixtral-8x7B", 1, 4096, 2, 2, "none", False),
    ("Llama-3-8B", 6, 8192, 1, 1, "full", True),
    ("Llama-3-8B", 6, 8192, 1, 1, "op-selective", True),
    ("Llama-3-8B", 6, 2048, 2, 2, "none", True),
    ("Llama-2-7B", 12, 4096, 1, 1, "none", True),
    ("Llama-2-7B", 12, 4096, 4, 1, "full", True),
    ("Llama-2-70B", 2, 8192, 1, 2, "none", True),
    ("Llama-2-13B", 7, 32768, 1, 1, "full", True),
    ("TinyLlama-1.1B", 22, 2048, 1, 1, "none", True),
    ("TinyLlama-1.1B", 22, 2048, 8, 1, "none", True),
    ("OLMoE-1B-7B", 6, 4096, 4, 1, "none", True),
    ("Mixtral-8x7B", 1, 4096, 2, 2, "none", True),
    ("Qwen3-30B-A3B", 3, 4096, 4, 1, "full", True),
    ("Llama-3-8B", 6, 8192, 1, 4, "op-selective", True),
]


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight, 1e-5)


def rotate(x, cos, sin):
    """Rotary positions of x, [batch, tokens, heads, width], in fp32 as Llama's own code does it."""
    even, odd = x.float().chunk(2, dim=-1)
    return torch.cat((even * cos - odd * sin, even * sin + odd * cos), dim=-1).type_as(x)


class Attention(nn.Module):
    def __init__(self, hidden, heads, kv_heads, width):
        super().__init__()
        self.heads, self.kv_heads, self.width = heads, kv_heads, width
        self.q = nn.Linear(hidden, heads * width, bias=False)
        self.k = nn.Linear(hidden, kv_heads * width, bias=False)
        self.v = nn.Linear(hidden, kv_heads * width, bias=False)
        self.o = nn.Linear(heads * width, hidden, bias=False)

    def forward(self, x, cos, sin):
        batch, tokens, _ = x.shape
        q = rotate(self.q(x).view(batch, tokens, self.heads, self.width), cos, sin).transpose(1, 2)
        k = rotate(self.k(x).view(batch, tokens, self.kv_heads, self.width), cos, sin).transpose(1, 2)
        v = self.v(x).view(batch, tokens, self.kv_heads, self.width).transpose(1, 2)
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.heads != self.kv_heads)
        return self.o(out.transpose(1, 2).reshape(batch, tokens, -1))


class Dense(nn.Module):
    def __init__(self, hidden, ffn):
        super().__init__()
        self.gate = nn.Linear(hidden, ffn, bias=False)
        self.up = nn.Linear(hidden, ffn, bias=False)
        self.down = nn.Linear(ffn, hidden, bias=False)

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Experts(nn.Module):
    """Top-k of softmax, tokens sorted by expert, grouped products, no token dropped: torchtitan's way on one device."""

    def __init__(self, hidden, ffn, experts, topk):
        super().__init__()
        self.experts, self.topk = experts, topk
        self.router = nn.Linear(hidden, experts, bias=False)
        self.gate = nn.Parameter(torch.randn(experts, hidden, ffn) * 0.02)
        self.up = nn.Parameter(torch.randn(experts, hidden, ffn) * 0.02)
        self.down = nn.Parameter(torch.randn(experts, ffn, hidden) * 0.02)

    def forward(self, x):
        batch, tokens, hidden = x.shape
        flat = x.reshape(-1, hidden)
        weights, chosen = torch.topk(F.softmax(self.router(flat).float(), dim=-1), self.topk, dim=-1)
        order = torch.argsort(chosen.view(-1), stable=True)
        counts = torch.bincount(chosen.view(-1), minlength=self.experts)
        ends = torch.cumsum(counts, 0, dtype=torch.int32)
        routed = flat[order // self.topk]
        inner = F.silu(torch._grouped_mm(routed, self.gate, offs=ends)) * torch._grouped_mm(routed, self.up, offs=ends)
        out = torch._grouped_mm(inner, self.down, offs=ends)
        out = out * weights.view(-1)[order].unsqueeze(-1).to(out.dtype)
        return torch.zeros_like(flat).index_add(0, order // self.topk, out).view(batch, tokens, hidden)


class Block(nn.Module):
    def __init__(self, hidden, ffn, heads, kv_heads, width, experts, topk):
        super().__init__()
        self.attention_norm, self.ffn_norm = Norm(hidden), Norm(hidden)
        self.attention = Attention(hidden, heads, kv_heads, width)
        self.ffn = Experts(hidden, ffn, experts, topk) if experts else Dense(hidden, ffn)

    def forward(self, x, cos, sin):
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return x + self.ffn(self.ffn_norm(x))


def saved_operations():
    """Every second product and each attention's result are kept, the rest is worked out again (torchtitan's selective by operator)."""
    seen = {"mm": 0}
    keep = {torch.ops.aten._scaled_dot_product_flash_attention.default,
            torch.ops.aten._scaled_dot_product_cudnn_attention.default,
            torch.ops.aten._scaled_dot_product_efficient_attention.default}

    def policy(context, operation, *_, **__):
        if operation == torch.ops.aten.mm.default and not context.is_recompute:
            seen["mm"] += 1
            return CheckpointPolicy.MUST_SAVE if seen["mm"] % 2 else CheckpointPolicy.PREFER_RECOMPUTE
        if operation == torch.ops.aten.mm.default:
            seen["again"] = seen.get("again", 0) + 1
            return CheckpointPolicy.MUST_SAVE if seen["again"] % 2 else CheckpointPolicy.PREFER_RECOMPUTE
        return CheckpointPolicy.MUST_SAVE if operation in keep else CheckpointPolicy.PREFER_RECOMPUTE

    return create_selective_checkpoint_contexts(policy)


class Recomputed(nn.Module):
    def __init__(self, block, kind):
        super().__init__()
        self.block, self.kind = block, kind

    def forward(self, *inputs):
        more = {"context_fn": saved_operations} if self.kind == "op-selective" else {}
        return checkpoint(self.block, *inputs, use_reentrant=False, **more)


class Model(nn.Module):
    def __init__(self, shape, layers):
        super().__init__()
        hidden, ffn, heads, kv_heads, width, vocab, experts, topk = shape
        self.embedding = nn.Embedding(vocab, hidden)
        self.blocks = nn.ModuleList(Block(hidden, ffn, heads, kv_heads, width, experts, topk) for _ in range(layers))
        self.norm, self.head, self.width = Norm(hidden), nn.Linear(hidden, vocab, bias=False), width

    def forward(self, tokens):
        x = self.embedding(tokens)
        length, half = tokens.shape[1], self.width // 2
        rate = 1.0 / 10000 ** (torch.arange(half, device=x.device) / half)
        angle = torch.outer(torch.arange(length, device=x.device), rate).view(1, length, 1, half)
        cos, sin = angle.cos(), angle.sin()
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.head(self.norm(x))


def built(name, layers, recompute, compiled, device):
    with torch.device(device):
        model = Model(MODELS[name], layers)
    for i, block in enumerate(model.blocks):
        if recompute != "none":
            block = Recomputed(block, recompute)
        if compiled:
            block = torch.compile(block)
        model.blocks[i] = block
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    for block in model.blocks:
        fully_shard(block, mp_policy=policy)
    fully_shard(model, mp_policy=policy)
    return model


def loss_of(logits, tokens):
    return F.cross_entropy(logits.flatten(0, 1).float(), tokens.flatten())


def measured(name, layers, length, sequences, microbatches, recompute, compiled, device):
    """Seconds of a step, and bytes that the allocator reserved at most."""
    model = built(name, layers, recompute, compiled, device)
    loss_function = torch.compile(loss_of) if compiled else loss_of
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=device == "cuda")
    vocab, times = MODELS[name][5], []
    for step in range(WARM + STEPS):
        batches = [torch.randint(vocab, (2, sequences, length), device=device) for _ in range(microbatches)]
        if step == 1 and device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        synchronise(device)
        start = time.perf_counter()
        for i, (tokens, labels) in enumerate(batches):
            model.set_requires_gradient_sync(i + 1 == microbatches)
            (loss_function(model(tokens), labels) / microbatches).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        synchronise(device)
        times.append(time.perf_counter() - start)
    reserved = torch.cuda.max_memory_reserved() if device == "cuda" else 0
    return statistics.median(times[WARM:]), min(times[WARM:]), max(times[WARM:]), reserved


def synchronise(device):
    if device == "cuda":
        torch.cuda.synchronize()


def row_of(index, run, chip, found):
    name, layers, length, sequences, microbatches, recompute, compiled = run
    hidden, ffn, heads, kv_heads, _, vocab, experts, topk = MODELS[name]
    seconds, _, _, reserved = found
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "id": f"fsdp2-{index:03d}",
        "source": f"PyTorch FSDP2{' compiled' if compiled else ''}, {torch.__version__}, tools/measure_training.py",
        "year": datetime.date.today().year, "model_name": name, "layers": layers, "hidden": hidden, "ffn_hidden": ffn, "heads": heads,
        "kv_heads": kv_heads, "vocab": vocab, "seq_len": length, "n_experts": experts or "", "topk": topk or "", "chip": chip,
        "n_chips": 1, "node_size": 8, "precision": "bf16", "tp": 1, "sp": 0, "pp": 1, "cp": 1, "dp": 1, "sharding": "fsdp",
        "micro_batch": sequences, "global_batch_seqs": sequences * microbatches, "recompute": recompute,
        "overlap_notes": "gradients reduced once a step" if microbatches > 1 else "", "attention_kernel": "flash", "measured_step_s": f"{seconds:.4g}",
        "measured_tokens_per_s_per_chip": f"{sequences * microbatches * length / seconds:.4g}",
        "measured_mem_gb": f"{reserved / 1e9:.4g}" if reserved else "",
    }
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--chip", required=True)
    parser.add_argument("--only", default="", help="models whose name holds this word; toy: a small one on the CPU")
    parser.add_argument("--budget", type=float, default=1e9, help="seconds after which no further run is begun")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "29577")
    torch.distributed.init_process_group("nccl" if device == "cuda" else "gloo", rank=0, world_size=1)
    plan = [("toy", 2, 64, 2, 2, recompute, compiled) for recompute in ("none", "full", "op-selective") for compiled in (False, True)] \
        if options.only == "toy" else [run for run in PLAN if options.only in run[0]]
    begun = time.monotonic()
    with open(options.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for index, run in enumerate(plan, 1):
            if time.monotonic() - begun > options.budget:
                print(f"out of time before run {index}", file=sys.stderr)
                break
            try:
                found = measured(*run, device)
                writer.writerow(row_of(index, run, options.chip, found))
                file.flush()
                print(f"{index} {run}: {found[0]:.4f} s ({found[1]:.4f} to {found[2]:.4f}), {found[3] / 1e9:.1f} GB, "
                      f"at {time.monotonic() - begun:.0f} s", file=sys.stderr)
            except Exception as error:  # one run that fails does not lose the others
                print(f"{index} {run}: left out: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
            gc.collect()
            torch._dynamo.reset()
            if device == "cuda":
                torch.cuda.empty_cache()
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
