#!/bin/bash
# Llama 3 70B from scratch on 32 nodes of 8 H100 with Megatron-LM.
set -e

export CUDA_DEVICE_MAX_CONNECTIONS=1
export NCCL_SOCKET_IFNAME=bond0
export NCCL_IB_TIMEOUT=22
export NVTE_FLASH_ATTN=1
export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True

GPUS_PER_NODE=8
NNODES=32
TP=8
PP=4
VPP=5
SEQ=8192

DATA=${DATA:-/data/tokens_text_document}
TOKENIZER=/models/llama-3-70b
OUT=/checkpoints/llama-70b

DISTRIBUTED_ARGS="
    --nproc_per_node $GPUS_PER_NODE \
    --nnodes $NNODES \
    --node_rank ${NODE_RANK} \
    --master_addr ${MASTER_ADDR} \
    --master_port 6000
"

MODEL_ARGS=(
    --use-mcore-models
    --num-layers 80
    --hidden-size 8192
    --ffn-hidden-size 28672
    --num-attention-heads 64
    --group-query-attention
    --num-query-groups 8
    --seq-length $SEQ
    --max-position-embeddings $SEQ
    --position-embedding-type rope   # no learned positions
    --rotary-base 500000
    --normalization RMSNorm
    --swiglu
    --disable-bias-linear
    --untie-embeddings-and-output-weights
    --padded-vocab-size 128256
)

TRAINING_ARGS=(
    --micro-batch-size 1
    --global-batch-size 2048
    --train-iters 60000
    --lr 1.5e-4
    --min-lr 1.5e-5
    --lr-decay-style cosine
    --lr-warmup-iters 2000
    --weight-decay 0.1
    --adam-beta1 0.9
    --adam-beta2 0.95
    --clip-grad 1.0
    --attention-dropout 0
    --hidden-dropout 0
    --bf16
    --fp8-format hybrid
    --attention-backend flash
    --transformer-impl transformer_engine
    --cross-entropy-loss-fusion
)

PARALLEL_ARGS="--tensor-model-parallel-size $TP --pipeline-model-parallel-size $PP \
  --num-virtual-stages-per-pipeline-rank $VPP --sequence-parallel --tp-comm-overlap \
  --use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather"

DATA_ARGS="
    --data-path $DATA
    --split 99,1,0
    --tokenizer-type HuggingFaceTokenizer
    --tokenizer-model $TOKENIZER
"

mkdir -p $OUT/logs

torchrun $DISTRIBUTED_ARGS pretrain_gpt.py \
    "${MODEL_ARGS[@]}" \
    "${TRAINING_ARGS[@]}" \
    $PARALLEL_ARGS \
    $DATA_ARGS \
    --save $OUT --load $OUT --save-interval 500 \
    --ckpt-format torch_dist --async-save \
    --eval-iters 10 --log-interval 1 \
    --distributed-backend nccl 2>&1 | tee $OUT/logs/rank-${NODE_RANK}.log
