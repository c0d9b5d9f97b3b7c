#!/bin/bash
#SBATCH -p batch --nodes=4 -t 00:20:00 --exclusive
# Slurm around a command in a text, in the style of Megatron-LM's examples; written for this test.
DIR=`pwd`
DATETIME=`date +'date_%y-%m-%d_time_%H-%M-%S'`
mkdir -p $DIR/logs
options=" \
    --num-layers 24 --hidden-size 2048 --num-attention-heads 16 \
    --seq-length 2048 --max-position-embeddings 2048 \
    --micro-batch-size 2 --global-batch-size 256 --bf16 \
    --tensorboard-dir ${DIR}/tb --log-interval 10"
run_cmd="python -u ${DIR}/pretrain_gpt.py ${options}"
srun -l \
     --container-image "nvcr.io/nvidia/pytorch:24.02-py3" \
     --output=$DIR/logs/%x_%j_$DATETIME.log sh -c "${run_cmd}"
set +x
