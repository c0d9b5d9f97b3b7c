#!/bin/bash
# DeepSpeed with its settings in a here-document; written for this test.
ZERO_STAGE=3
GBS=256; MBS=4
DS_CONFIG=ds_config.json
cat <<EOT > $DS_CONFIG
{
  "train_batch_size" : $GBS,
  "train_micro_batch_size_per_gpu": $MBS,
  "steps_per_print": 10,
  "zero_optimization": { "stage": $ZERO_STAGE, "overlap_comm": true },
  "bf16": { "enabled": true },
  "optimizer": { "type": "AdamW", "params": { "lr": 1e-4, "betas": [0.9, 0.95] } }
}
EOT
deepspeed --num_gpus=8 --num_nodes 2 --master_port 29501 train.py --deepspeed --deepspeed_config $DS_CONFIG \
  --model_name_or_path /models/x --epochs 1 &> train.log
