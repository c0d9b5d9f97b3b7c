#!/bin/bash
# Overrides of Megatron-Bridge; written for this test.
export CUDA_DEVICE_MAX_CONNECTIONS=1
RECIPE=llama3_70b_pretrain_64gpu_h100_bf16_config
torchrun --nproc_per_node=8 --nnodes=8 scripts/training/run_recipe.py \
  --recipe $RECIPE --mode pretrain --dataset mock \
  model.tensor_model_parallel_size=4 model.pipeline_model_parallel_size=4 \
  model.virtual_pipeline_model_parallel_size=5 \
  model.seq_length=8192 dataset.seq_length=8192 \
  train.micro_batch_size=1 train.global_batch_size=512 +train.extra="a b" '~comm_overlap.x' \
  ddp.use_distributed_optimizer=true optimizer.use_distributed_optimizer=true \
  mixed_precision=bf16_mixed checkpoint.save=$OUT/ckpt
