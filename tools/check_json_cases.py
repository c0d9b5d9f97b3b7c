"""What check_json.py asks besides examples and documentation, so that all that a schema allows occurs."""

JOB = "--model llama-3-8b --cluster hgx-h100:4 --global-batch 128"
EXPERTS = "--ep 8 --dispatcher alltoall --recompute selective --recompute-modules moe_act"
TRAFFIC = ("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "send-receive", "permutation",
           "shift", "incast")
TOPOLOGIES = ("rail-optimized", "rail-only", "multi-plane", "dragonfly", "dragonfly+", "slim-fly", "torus")

def job(model, tokens, batch):
    """The sections of a scenario that say what is trained."""
    return f"""
[model]
name = "{model}"
[training]
tokens = "{tokens}"
sequence_length = 8192
global_batch = {batch}
"""


HEAD = '{"w": {"dtype": "BF16", "shape": [8], "data_offsets": [0, 16]}}'

FILES = {
    "plain/model.safetensors": chr(len(HEAD)) + 7 * "\0" + HEAD,
    "odd/new.cu": "#include <cuda_pipeline.h>\ncudaNewThing(); cudaGraphicsUnmapResources(); cudaMalloc(); __ldg();\n",
    "odd/operators.csv": "backend,domain,op,status\nort_cpu,acme,Foo,partial\n",
    "damaged/half.onnx": "\x08\x08\x3a\x7f",
    "odd/same-layout.csv": "id,source,year,model_name,seq_len,chip,n_chips,tp,pp,dp,micro_batch,global_batch_seqs,precision,measured_step_s\n" + "".join(
        f"odd-{i},none,2024,llama-3-8b,8192,h100-sxm,8,1,1,8,1,128,bf16,{10 + i}\n" for i in range(3)),
    "odd/own-runs.csv": "id,source,year,model_name,seq_len,chip,n_chips,tp,pp,dp,micro_batch,global_batch_seqs,precision,measured_step_s,"
    "measured_mem_gb\n" + "".join(f"own-{n},ours,2025,llama-3-8b,8192,h100-sxm,{8 * n},2,1,{4 * n},1,64,bf16,{16.0 / n},60\n" for n in (1, 2, 4, 8))
    + "own-9,ours,2025,llama-3-8b,8192,h100-sxm,8,,,,1,64,bf16,16.0,\n",
    "odd/meta.json": '{"model": "no-such-model", "hardware": "h100-sxm", "engine_kwargs": {}}',
    "odd/requests.jsonl": '{"input_toks": 8, "output_toks": 2, "queued_ts": 0, "first_token_ts": 1, "last_token_ts": 2}\n',
    "tower.json": """{"model_type": "qwen3_vl", "text_config": {"model_type": "qwen3_vl_text", "hidden_size": 64,
        "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100,
        "second_mlp_width": 32}}""",
    "plain/config.json": """{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "vocab_size": 128256, "max_position_embeddings": 8192, "torch_dtype": "bfloat16"}""",
    "plain/model.safetensors.index.json": '{"weight_map": {"w": "model-1.safetensors"}}',
    "plain/old.bin": "pickle",
    "bare/config.json": """{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
        "max_position_embeddings": 8192, "quantization_config": {"quant_method": "fp8"}}""",
    "offers.toml": job("llama-3-8b", "1T", 512) + """
[[candidate]]
name = "bought"
node = "hgx-h100"
nodes = 16
price = "300000 USD"
[[candidate]]
name = "sized"
node = "hgx-h200"
rent = "2.6 USD/chip-hour"
[[candidate]]
name = "no price, no power"
node = "acme-8"
nodes = 8
[limits]
deadline = "60 days"
power = "30 MW"
""",
    "unsized.toml": job("llama-3-8b", "100B", 512) + """
[[candidate]]
node = "hgx-h100"
[[candidate]]
node = "hgx-h800"
nodes = 8
""",
    "late.toml": job("llama-3-70b", "15T", 1024) + """
[[candidate]]
node = "hgx-h100"
rent = "2 USD/chip-hour"
[[candidate]]
node = "hgx-h100"
nodes = 32
[limits]
deadline = "2 days"
chips = 1024
""",
    "limits.toml": job("llama-3-70b", "15T", 1024) + """
[cluster]
node = "hgx-h100"
nodes = 32
rent = "14 CNY/chip-hour"
[limits]
deadline = "2 days"
capex = "1e6 CNY"
power = "1 kW"
""",
    "kept.toml": """
[model]
name = "llama-3-8b"
[training]
global_batch = 512
sequence_length = 8192
[cluster]
node = "hgx-h100"
nodes = 32
price = "2000000 CNY"
[limits]
power = "100 MW"
""",
    "my/chips/acme-x1.toml": """
name = "ACME X1"
vendor = "ACME"
[peak]
bf16 = "400 TFLOP/s"
[memory]
capacity = "96 GB"
bandwidth = "3 TB/s"
[scale_up]
bandwidth = "200 GB/s"
domain = 8
[provenance]
source = "made up"
""",
    "my/models/acme-small.toml": """
name = "ACME small"
hidden = 64
vocab = 100
pattern = "full*2"
[kinds.full]
mixer = { heads = 4, head_dim = 16 }
feed_forward = { ffn = 128 }
[source]
text = "made up"
""",
    "my/nodes/acme-8.toml": """
name = "ACME node"
chip = "acme-x1"
chips = 8
[nic]
count = 8
bandwidth = "400 Gb/s"
[provenance]
source = "made up"
""",
    "my/network/acme.toml": """
category = "nic"
[[gear]]
name = "ACME NIC"
price = "12000 CNY"
source = "made up"
""",
    "my/export/rules-acme.toml": """
[[rule]]
id = "ACME-1"
effective = "2026-01-01"
instrument = "made up"
scope = "made up"
test = "none"
source = "made up"
confidence = "estimate"
notes = "none"
""",
    "limited.csv": "bucket,rate,small,large\nprice,,1 USD,4 USD\nlimit,,2,0\none,6,2,20\n",
    "my/sites/acme.toml": 'name = "ACME"\ndate = "2026-01"\nsource = "made up"\nnotes = "none"\n' + "".join(
        f'[[site]]\nslug = "acme-{n}"\nplace = "Bergen"\nlatitude = {lat}\nlongitude = 5.3\nround_trip_ms = {times}\n'
        for n, lat, times in (("north", 63.4, [0, 20]), ("south", 60.4, [20, 0]))),
    "my/prices/acme.toml": """
category = "rental"
[[price]]
item = "ACME X1"
value = 1.0
source = "made up"
""",
    "limited.toml": """
[cluster]
node = "hgx-h100"
nodes = 16
[fabric]
topologies = ["fat-tree", "torus"]
[limits]
network_capex = "100 USD"
network_power = "1 W"
""",
    "small.log": """
# Collective test starting: all_gather_perf
#  Rank  0 Group  0 Pid  1 on    node-00 device  0 [0x1b] NVIDIA H100 80GB HBM3
#  Rank  1 Group  0 Pid  1 on    node-00 device  1 [0x43] NVIDIA H100 80GB HBM3
#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)
        8192          2048     float    none      -1    14.10    0.58    0.29      0    14.22    0.58    0.29    N/A
       16384          4096     float    none      -1    14.60    1.12    0.56      0    14.71    1.11    0.56    N/A
""",
    "large.log": """
# Collective test starting: all_gather_perf
#  Rank  0 Group  0 Pid  1 on    node-00 device  0 [0x1b] NVIDIA H100 80GB HBM3
#  Rank  1 Group  0 Pid  1 on    node-00 device  1 [0x43] NVIDIA H100 80GB HBM3
#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)
    33554432       8388608     float    none      -1    200.0  167.77   83.89      0    200.0  167.77   83.89    N/A
    67108864      16777216     float    none      -1    400.0  167.77   83.89      0    400.0  167.77   83.89    N/A
""",
    "faults.csv": "node,down,up,class\na,0,6,GPU\nb,20,44,NIC\na,110,112,GPU\n",
    "always.csv": "node,down,up\na,0,50\nb,50,100\na,100,150\nb,150,200\n",
    "matrix.csv": "from,to,bytes\n0,9,1e9\n1,9,2e9\n3,4,1e6\n",
}

CASES = [
    # train: infeasible, searched, given whole, explained, limits, money in both currencies, no power
    "socle train --model llama-3.1-405b --cluster hgx-h100:1 --global-batch 64",
    f"socle train {JOB} --tp 3",
    f"socle train {JOB}",
    f"socle train {JOB} --tokens 1T --rent '2.1 USD/chip-hour' --explain",
    f"socle train {JOB} --tokens 1T --rent '14 CNY/chip-hour'",
    f"socle train {JOB} --tp 8 --pp 1 --dp 4 --microbatch 1 --schedule 1f1b --recompute full --sharding zero3",
    "socle train limits.toml",
    "socle train kept.toml --tokens 1T",
    "socle train kept.toml --explain",
    f"socle train {JOB} --precision fp8 --lora true",
    "socle train --model deepseek-v2-lite --cluster hgx-h800:8 --global-batch 256 --precision fp8-block",
    "socle train --model llama-3-8b --cluster acme-8:4 --global-batch 128 --catalog my",
    "socle train --model llama-3-8b --chip ascend-910b1 --chips 64 --global-batch 128",
    # train: slices of a torus
    "socle train --model llama-3-8b --cluster tpu-v5p:16 --slice 4x4x4 --global-batch 256",
    "socle train --model llama-3-8b --cluster tpu-v5p:32 --slice 4x4x8 --global-batch 256 --tp 4",
    # train: flow network
    f"socle train {JOB} --tp 8 --network flow --placement compare --topology fat-tree --oversubscription 2",
    f"socle train {JOB} --network flow --topology rail-optimized --routing hashed --jobs 2 --placement scattered",
    "socle train --model deepseek-v2-lite --cluster hgx-h800:8 --global-batch 256 --ep 16 --network flow",
    # plan
    "socle plan offers.toml --catalog my",
    "socle plan unsized.toml",
    "socle plan late.toml",
    f"socle plan {JOB} --tokens 1T",
    # compare
    "socle compare --model llama-3-8b --chips h100-sxm,h20,ascend-910b,mi300x,tpu-v5p,l40s",
    "socle compare --model llama-3.1-405b --chips h100-sxm,l4 --count 16",
    "socle compare --model llama-3-8b --chips h100-sxm,rtx-4090,biren-br100 --day 2024-01-01",
    "socle compare --model llama-3-8b --chips acme-x1,h20 --catalog my --day 2026-06-30",
    "socle compare --model llama-3-8b --chips h200-sxm,l20 --day 2020-01-01",
    "socle compare --model llama-3-8b --chips h100-sxm,h20 --count 8 --match h100-sxm",
    "socle compare --model llama-3-8b --chips h100-sxm,enflame-s60,biren-br104,trainium3,rubin-r200,metax-c600,ascend-960",
    # catalog: summary, sections, entries
    "socle catalog",
    *[f"socle catalog {section}" for section in ("chips", "nodes", "network", "prices", "models", "stacks", "libraries", "transports", "engines", "failures", "incidents",
                                                    "rules", "regions", "lists", "sites")],
    "socle catalog sites show us-east-1",
    "socle catalog show frankfurt",
    "socle catalog chips show h100-sxm",
    "socle catalog chips show tpu-v5p",
    "socle catalog nodes show gb200-nvl72",
    "socle catalog show hgx-h100",
    "socle catalog show llama-3-8b",
    "socle catalog show nccl",
    "socle catalog show roce",
    "socle catalog search ascend",
    "socle catalog rules --catalog my",
    "socle catalog sites --catalog my",
    "socle catalog models --catalog my",
    "socle catalog stacks show megatron-core-2025",
    "socle catalog network show 'MQM9700-NS2F (Quantum-2)'",
    "socle catalog prices show Tokyo",
    "socle catalog chips show acme-x1 --catalog my",
    "socle catalog nodes show acme-8 --catalog my",
    "socle catalog network show 'ACME NIC' --catalog my",
    "socle catalog prices show 'ACME X1' --catalog my",
    # fabric design: with and without a job, limits, prices, what cannot be built
    "socle fabric design --hosts 64 --link '400 Gb/s'",
    "socle fabric design --hosts 64 --nics 8 --radix 16 --link '200 Gb/s'",
    "socle fabric design --hosts 2000 --link '400 Gb/s' --radix 16 --topologies fat-tree,rail-only,torus,slim-fly",
    "socle fabric design --hosts 64 --link '400 Gb/s' --prices isca-2025 --topologies fat-tree",
    "socle fabric design --hosts 64 --link '400 Gb/s' --switch-price '20000 USD' --switch-power '1 kW'",
    "socle fabric design limited.toml",
    "socle fabric design --hosts 1 --link '400 Gb/s'",
    f"socle fabric design {JOB} --topologies fat-tree,torus",
    "socle fabric design --model llama-3.1-405b --cluster hgx-h100:2 --global-batch 64 --topologies fat-tree",
    # fabric simulate: every traffic, routing and topology, seeds, sizes, failures
    *[f"socle fabric simulate --hosts 4 --traffic {kind}" for kind in TRAFFIC],
    "socle fabric simulate --hosts 4 --traffic matrix --traffic-file matrix.csv",
    f"socle fabric simulate {JOB} --traffic step",
    "socle fabric simulate --hosts 16 --traffic all-reduce --sizes '1 MB, 1 GB' --algorithm double-binary-tree",
    "socle fabric simulate --hosts 16 --traffic permutation --routing hashed --seeds 5",
    "socle fabric simulate --hosts 16 --traffic all-to-all --routing spray --every-flow true",
    "socle fabric simulate --hosts 16 --traffic all-reduce --ranks 16 --stride 8 --fail 'endpoint 5' --fail-at '1 ms'",
    *[f"socle fabric simulate --hosts 16 --topology {name} --traffic all-gather" for name in TOPOLOGIES],
    # fabric calibrate, validate, check
    "socle fabric calibrate examples/nccl-all-reduce-8xh100.log",
    "socle fabric calibrate small.log",
    "socle fabric calibrate large.log",
    "socle validate training",
    "socle validate collectives",
    "socle validate serving",
    "socle validate runs",
    "socle validate runs --cases odd",
    "socle check offers.toml --catalog my",
    "socle check limited.toml",
    # serve: open and closed, with and without objectives and rent; plan: holds, does not
    "socle serve examples/serve-chat.toml",
    "socle serve examples/serve-classes.toml --no-curve --timeline odd/timeline.json",
    "socle serve examples/serve-lora.toml --no-curve",
    "socle serve examples/serve-tiers.toml --no-curve",
    "socle serve --model qwen3-30b-a3b --chip h20 --concurrency 8 --num-requests 50 --drafts 2",
    "socle serve --model llama-3.1-8b --chip ascend-910b3 --rate 1 --num-requests 50 --rent '1 USD/chip-hour'",
    "socle serve --model llama-3.1-8b --chip ascend-910c --rate 1 --num-requests 50 --no-curve",
    "socle serve plan examples/serve-chat.toml",
    "socle serve plan examples/serve-chat.toml --among h100-sxm,h20 --stock 12,0",
    "socle serve plan examples/serve-chat.toml --among h100-sxm,h20 --stock 4,4",
    "socle serve plan --model llama-3.1-8b --among h100-sxm,l40s --rate 40 --num-requests 500 --slo-ttft 1s --slo-tpot 15ms --apart",
    "socle serve plan --model llama-3.1-8b --chip h100-sxm --rate 2 --num-requests 50 --slo-ttft 1ms --apart",
    # an interval for which textbook forms are refused
    "socle risk --cluster hgx-h100:128 --run '30 days' --checkpoint-bytes '1.2 TB' --checkpoint sync --checkpoint-interval '120 h'",
    # layouts of one job that are predicted alike
    "socle validate training --cases odd/same-layout.csv",
    f"socle plan --model qwen3-30b-a3b --cluster hgx-h100:2 --tokens 1T --stack megatron-core-2025 {EXPERTS}",
    f"socle compare --model qwen3-30b-a3b --chips h100-sxm,h800 --count 16 --stack megatron-core-2025 {EXPERTS}",
    # a stack that is stated, one fitted on runs that state their memory
    "socle validate training --fit-stack ours --cases odd/own-runs.csv",
    # cost: with a run, with a served load, what nobody prices, a book, a change
    *[f"socle cost examples/{name}.toml --draws 200" for name in ("cost-h20", "serve-chat")],
    "socle cost --cluster hgx-h100:4 --region us --way spot --draws 200",
    "socle cost --cluster tpu-7x:8 --region eu --draws 200",
    "socle cost diff examples/cost-h20.toml examples/cost-910c.toml --draws 200 --utilisation 0",
    "socle cost diff examples/cost-h20.toml examples/cost-910c.toml --draws 200",
    "socle cost diff examples/cost-h20.toml examples/cost-910c.toml --draws 200 --allow '1 %' --way build",
    # serve day: several models with a job of training, without rent, what does not fit, what holds at no load
    "socle serve day examples/serve-day-code.toml --idle examples/train-at-night.toml --pool 40",
    "socle serve day --model llama-3.1-8b --chip h100-sxm --tp 1 --rate 2 --slo-ttft 1s --policy reactive",
    "socle serve day --model llama-3.1-405b --chip h100-sxm --tp 1 --rate 1 --slo-ttft 1s",
    "socle serve plan --model llama-3.1-70b --chip h100-sxm --rate 2 --num-requests 50 --slo-ttft 1ms",
    # serve emit: a command, a file of settings, manifests, several nodes, what does not fit; --from with and without a version
    "socle serve emit vllm examples/serve-fit.toml",
    "socle serve emit trtllm --model qwen3-235b-a22b --chip h200-sxm --tp 4 --ep 4",
    "socle serve emit k8s --model llama-3.1-405b --chip h100-sxm --tp 8 --pp 2",
    "socle serve emit sglang --model llama-3.1-70b --chip h100-sxm --tp 1 --weights mxfp4 --kv fp8 --max-model-len 100000k",
    "socle serve emit vllm --model deepseek-v3 --chip l4 --chips 1",
    "socle serve fit --chip h100-sxm --from 'A=b vllm serve Qwen/Qwen3-32B --enforce-eager --port 80'",
    "socle serve fit --chip h100-sxm --from 'docker run vllm/vllm-openai:v0.11.0 --model Qwen/Qwen3-32B -tp 2'",
    "socle serve calibrate examples/vllm-bench.jsonl --model llama-3.1-70b --chip h200-sxm --weights fp8 --engine vllm-0.11 --tp 2",
    # serve fit: fits, does not, cannot be laid out, nothing that was tried fits
    "socle serve fit examples/serve-fit.toml",
    "socle serve fit --model llama-3.1-70b --chip h100-sxm --tp 1 --max-model-len 32k",
    "socle serve fit --model qwen3-235b-a22b --chip h20 --weights fp8-block --engine sglang",
    "socle serve fit --model deepseek-v3 --chip l4 --chips 1",
    "socle serve fit --model mixtral-8x7b --chip kunlunxin-p800 --engine lmdeploy --assume 'kunlunxin-p800.memory=64 GB'",
    # serve: one kind of replica with objectives; the example has prompts computed apart
    "socle serve --model llama-3.1-8b --chip h100-sxm --tp 1 --num-requests 100 --rate 4 --slo-ttft '1 s'",
    # risk: without a model, refused, a trace that is replayed and one that cannot be, money, tiers, an elastic job
    "socle risk --cluster hgx-h100:128 --run '30 days' --checkpoint-bytes '1.2 TB' --node-rate 5",
    "socle risk --cluster hgx-h100:2048 --run '30 days' --checkpoint-bytes '6 TB' --warm-up '4 h'",
    "socle risk --cluster hgx-h100:2 --run '5 days' --checkpoint-bytes '1 TB' --trace faults.csv --trace-nodes 4 --lost-hour '100 CNY'",
    "socle risk --cluster hgx-h100:2 --run '5 days' --checkpoint-bytes '1 TB' --trace always.csv --hot-spares 0",
    f"socle risk {JOB} --tokens 1T --rent '2 USD/chip-hour' --checkpoint tiered --hot-spares 2 --storage-write '1 GB/s' --storage-capacity '1 TB'",
    f"socle risk {JOB} --tokens 100B --tp 4 --elastic true",
    "socle risk --cluster hgx-h100:2048 --run '30 days' --checkpoint-bytes '6 TB' --cut 'detect=20min@1000 USD,warm_up=4h'",
    "socle risk --cluster hgx-h100:64 --run '30 days' --checkpoint-bytes '6 TB' --lost-hour '100 USD' --cut 'detect=20min'",
    "socle risk serve --model llama-3.1-8b --chip h100-sxm --tp 1 --rate 4 --slo-ttft '1 s' --num-requests 100 --spare-nodes 1",
    "socle risk serve --model llama-3.1-405b --chip h100-sxm --tp 1 --rate 1 --slo-ttft 1s",
    "socle risk rollout",
    "socle risk rollout --stages 1%,9%,90% --nodes 64 --units 8 --at-once 2 --wave '5 min' --stop '1 min' --deadline '1 h' --tasks 8 --task-bytes '1 GB' --store-rate '1 GB/s' --within '5 s'",
    "socle risk rollout --units 8 --at-once 2 --wave '5 min' --tasks 8 --task-bytes '1 GB' --store-rate '1 GB/s'",
    "socle risk incident --zones 3 --controls zone-spare,rollback --lost-hour '100 USD'",
    "socle risk incident yuque-2023",
    # serve mix: with and without an answer
    "socle serve mix examples/serve-mix.csv",
    "socle serve mix examples/serve-mix.csv --slices 4",
    "socle serve mix limited.csv",
    # cost: a demand that is not sure, with and without a budget; tokens that are sold
    "socle cost --cluster hgx-h100:128 --region us --demand 0.5:600,0.3:800,0.2:1200",
    "socle cost --cluster hgx-h100:128 --region us --demand 0.5:600,0.5:1200 --hold-budget '1M USD'",
    "socle cost examples/serve-chat.toml --region us --sell-input '0.5 USD' --sell-output '2 USD'",
    # risk transfer: decided, undecided, a day without rules, a rule that ended
    "socle risk transfer --from cn --to SG --persons 120000 --sensitive 0 --critical-operator no --important-data no",
    "socle risk transfer --from cn --to SG --persons 120000",
    "socle risk transfer --from cn --to SG --important-data yes",
    "socle risk transfer --from cn --to SG --persons 1e6 --sensitive 0 --critical-operator no --important-data no --ground contract",
    "socle risk transfer --from cn --to SG --persons 1 --day 2024-01-01",
    "socle risk transfer --from cn --to SG --persons 1 --day 2020-01-01",
    "socle risk transfer --from eu --to US --persons 1 --sensitive 0 --recipient-covered yes",
    # migrate: names that no row knows, hazards, both targets
    "socle migrate cuda odd --to hip,musa",
    "socle migrate cuda examples/migrate-cuda --to hip,musa",
    "socle migrate targets --catalog my",
    "socle migrate serving 'NCCL_DEBUG=INFO vllm serve Qwen/Qwen3-32B -tp 2 --enforce-eager --tomorrow x --kv-transfer-config {}' --from h100-sxm --to ascend-910c,h20,gaudi-3,mtt-s4000,b200-sxm",
    "socle migrate serving 'vllm serve deepseek-ai/DeepSeek-R1 -tp 8' --from h200-sxm --to ascend-910c --day 2021-01-01",
    "socle migrate serving 'vllm serve deepseek-ai/DeepSeek-R1 -tp 1' --from h100-sxm --to h20",
    "socle migrate torch examples/migrate-torch --to ascend-910c,ascend-960",
    "socle migrate plain odd examples/migrate-cuda --from h100-sxm --to musa,t-head-ppu,h20,mi300x,ascend-910c",
    *[f"socle migrate serving {bare}" for bare in ("plain --from h100-sxm --to h20", "bare --from h100-sxm --to ascend-910c")],
    # migrate arguments and training: two releases, a launch, one of nothing but a switch, one with a scenario
    *[f"socle migrate arguments --from {asked}" for asked in (
        "megatron-0.12 --to megatron-main", "megatron-main --to megatron-0.12 fuzz/corpus/training_launch/model_config.yaml",
        "megatron-main --to mindspeed-llm examples/migrate-training/llama-70b.sh")],
    "socle migrate training 'python pretrain_gpt.py --bf16 $MORE' --to ascend,cuda",
    "socle migrate training examples/migrate-training/llama-70b.sh --to ascend-910c --emit sh --scenario moved.toml",
    *[f"socle migrate training fuzz/corpus/training_launch/{launch}" for launch in (
        "deepspeed.sh --to ascend,kunlun", "mindspeed_deepseek.sh --to cuda", "model_config.yaml --to cuda",
        "megatron_arrays.sh --to ascend --framework megatron-bridge")],
    # migrate onnx: models that leave out what may be, an opset that covers more, rows of one's own, files that are none
    "socle migrate onnx fuzz/corpus/onnx damaged --to all --operators odd/operators.csv",
    "socle migrate onnx examples/migrate-onnx/text.onnx --to all",
    # model show: every kind of mixer, a configuration with a tower and a key left out
    *[f"socle model show {name}" for name in ("deepseek-v4-pro", "deepseek-v3", "llama-4-scout-17b-16e", "gemma-3-27b",
                                              "nemotron-3-nano-30b-a3b")],
    *[f"socle model show llama-3-8b --weights fuzz/corpus/weight_file/{name}" for name in ("index", "gguf", "safetensors")],
    "socle model show ./tower.json --ignore-keys second_mlp_width --sequence-length 1024",
]
