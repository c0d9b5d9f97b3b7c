# A small training loop as many write it: which of its names run on Ascend?
import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import AdamW
from torch.utils.data import DataLoader


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm = nn.RMSNorm(width)
        self.attend = nn.Linear(width, 3 * width)
        self.heads = heads

    def forward(self, x):
        q, k, v = torch.chunk(self.attend(self.norm(x)), 3, dim=-1)
        return x + F.scaled_dot_product_attention(q, k, v, is_causal=True)


def main():
    dist.init_process_group("nccl")
    torch.cuda.set_device(dist.get_rank() % torch.cuda.device_count())
    model = torch.compile(Block(1024, 16).to("cuda", dtype=torch.bfloat16))
    optimizer = AdamW(model.parameters(), lr=3e-4)
    for batch in DataLoader(torch.randn(1024, 128, 1024), batch_size=8):
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = F.mse_loss(model(batch.cuda()), torch.zeros_like(batch))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        dist.all_reduce(loss)


if __name__ == "__main__":
    main()
