# Builds mean.cu for PyTorch.
import torch
from torch.utils.cpp_extension import BuildExtension, CUDAExtension
from setuptools import setup

assert torch.cuda.is_available(), "needs a device"
setup(name="mean", ext_modules=[CUDAExtension("mean", ["mean.cu"])], cmdclass={"build_ext": BuildExtension})
