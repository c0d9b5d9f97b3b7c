#!/bin/sh
# DeepSeek-R1 on eight H200 under vLLM, as many run it today.
export NCCL_SOCKET_IFNAME=eth0
export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
vllm serve deepseek-ai/DeepSeek-R1 \
  --tensor-parallel-size 8 \
  --max-model-len 32768 \
  --max-num-seqs 128 \
  --speculative-config '{"method": "deepseek_mtp", "num_speculative_tokens": 1}' \
  --enable-auto-tool-choice --tool-call-parser deepseek_v3 \
  --host 0.0.0.0 --port 8000
