#!/usr/bin/env python3
"""Writes catalog/compat/cuda-names.csv out of a table of names: make_cuda_names.py cuda_vendor_map.csv [OUT.csv]

The table has one CUDA symbol a row with its names on other platforms. Kept are names that a lexical scan can tell from
anybody's own: plain mathematics (sqrtf, max) and words such as GLenum are left out. Headers are listed here, from
memory of each platform's layout: their evidence is "assumed". Status words:

  supported     the vendor's documentation lists the name
  experimental  it lists it as experimental
  partial       deprecated there, a map of PyTorch's for ROCm, or a rename rule of the vendor's converter: nothing says that a release has it
  unsupported   its documentation says that there is none, or a name with no release behind it
  (empty)       unknown
"""
import csv
import re
import sys

# Header: HIP, MUSA. Empty: unknown.
HEADERS = {
    "cuda.h": ("hip/hip_runtime.h", "musa.h"),
    "cuda_runtime.h": ("hip/hip_runtime.h", "musa_runtime.h"),
    "cuda_runtime_api.h": ("hip/hip_runtime_api.h", "musa_runtime_api.h"),
    "cuda_fp16.h": ("hip/hip_fp16.h", "musa_fp16.h"),
    "cuda_bf16.h": ("hip/hip_bf16.h", "musa_bf16.h"),
    "cuda_fp8.h": ("hip/hip_fp8.h", ""),
    "cuda_profiler_api.h": ("hip/hip_runtime_api.h", ""),
    "device_launch_parameters.h": ("hip/hip_runtime.h", ""),
    "cooperative_groups.h": ("hip/hip_cooperative_groups.h", ""),
    "cuComplex.h": ("hip/hip_complex.h", ""),
    "nvrtc.h": ("hip/hiprtc.h", ""),
    "cublas.h": ("hipblas/hipblas.h", "mublas.h"),
    "cublas_v2.h": ("hipblas/hipblas.h", "mublas.h"),
    "cublasLt.h": ("hipblaslt/hipblaslt.h", ""),
    "cufft.h": ("hipfft/hipfft.h", "mufft.h"),
    "curand.h": ("hiprand/hiprand.h", "murand.h"),
    "curand_kernel.h": ("hiprand/hiprand_kernel.h", "murand_kernel.h"),
    "cusolverDn.h": ("hipsolver/hipsolver.h", ""),
    "cusparse.h": ("hipsparse/hipsparse.h", "musparse.h"),
    "nccl.h": ("rccl/rccl.h", ""),
    "cub/cub.cuh": ("hipcub/hipcub.hpp", ""),
    "cudnn.h": ("", "mudnn.h"),
    "mma.h": ("", ""),
}
# Header or name: HIP, as PyTorch 2.5 maps it to build itself for ROCm (torch/utils/hipify/cuda_to_hip_mappings.py).
KERNEL_RAND = ("discrete", "discrete2", "globals", "lognormal", "mrg32k3a", "mtgp32", "mtgp32_kernel", "normal",
               "normal_static", "philox4x32_x", "poisson", "precalc", "uniform")
CUB = ("block/block_load", "block/block_raking_layout", "block/block_reduce", "block/block_scan", "block/block_store",
       "config", "device/device_radix_sort", "device/device_reduce", "device/device_run_length_encode",
       "device/device_scan", "device/device_select", "util_allocator", "util_ptx", "util_type")
PYTORCH = {
    **{f"cub/{part}.cuh": "hipcub/hipcub.hpp" for part in CUB},
    **{f"curand_{part}.h": "hiprand/hiprand_kernel.h" for part in KERNEL_RAND},
    "curand_mtgp32_host.h": "hiprand/hiprand_mtgp32_host.h",
    "curand_mtgp32dc_p_11213.h": "rocrand/rocrand_mtgp32_11213.h",
    "channel_descriptor.h": "hip/channel_descriptor.h", "cuda_texture_types.h": "hip/hip_texture_types.h",
    "cufftXt.h": "hipfft/hipfftXt.h", "device_functions.h": "hip/device_functions.h",
    "driver_types.h": "hip/driver_types.h", "library_types.h": "hip/library_types.h",
    "vector_types.h": "hip/hip_vector_types.h", "nvToolsExt.h": "roctracer/roctx.h",
    "nvtx3/nvtx3.hpp": "roctracer/roctx.h",
}
NVTX = {"nvtxMark": "roctxMark", "nvtxMarkA": "roctxMarkA", "nvtxRangePushA": "roctxRangePushA",
        "nvtxRangePop": "roctxRangePop", "nvtxRangeStartA": "roctxRangeStartA", "nvtxRangeEnd": "roctxRangeStop"}
STATUS = {"supported": "supported", "experimental": "experimental", "deprecated_in_hip": "partial",
          "name_only_no_hip_release": "unsupported", "roc_only": "unsupported", "unsupported": "unsupported"}
OWN_WORDS = re.compile(r"GL(enum|uint)|cl_.*|memoryBarrier|texture|MAX_CUFFT_ERROR")
COLUMNS = ["cuda", "library", "kind", "hip", "hip_status", "musa", "musa_status", "maca", "supa", "cnrt", "ascend"]


def telling(row):
    """Nobody's own code uses the name by chance."""
    name = row["cuda_symbol"]
    if row["library"] == "cuda_device":
        return bool(re.match(r"__|atomic[A-Z]|make_(half|bfloat)|nv_|h2?(ceil|cos|exp|floor|log|rcp|rint|rsqrt|sin|sqrt|trunc)", name))
    return not OWN_WORDS.fullmatch(name)


def fact(row, kinds):
    status = STATUS[row["hip_status"].split(" ")[0]]
    hip = row["hip"] if status != "unsupported" and re.fullmatch(r"\w+", row["hip"]) else ""
    return [row["cuda_symbol"], row["library"], kinds.get((row["cuda_symbol"], row["library"]), "name"), hip,
            status if hip else "unsupported", row["musa"], "partial" if row["musa"] else "", row["maca_mooncake"],
            row["supa_mooncake"], row["cnrt_cambricon_mooncake"], row["ascend_acl"].split(" ")[0]]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    source = sys.argv[1]
    out = sys.argv[2] if len(sys.argv) > 2 else "catalog/compat/cuda-names.csv"
    with open(source, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(source.replace("cuda_vendor_map", "cuda_api"), encoding="utf-8", newline="") as file:
        kinds = {(row["api"], row["library"]): row["kind"] for row in csv.DictReader(file)}
    facts, seen = [], set()
    for header, (hip, musa) in sorted(HEADERS.items()):
        facts.append([header, "header", "header", hip, "supported" if hip else "", musa, "partial" if musa else "", "", "", "", ""])
    for header, hip in sorted(PYTORCH.items()):
        facts.append([header, "header", "header", hip, "partial", "", "", "", "", "", ""])
    for name, hip in sorted(NVTX.items()):
        facts.append([name, "nvtx", "function", hip, "partial", "", "", "", "", "", ""])
    for row in rows:
        if telling(row) and row["cuda_symbol"] not in seen:
            seen.add(row["cuda_symbol"])
            facts.append(fact(row, kinds))
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(facts)
    print(f"{out}: {len(facts)} rows")


if __name__ == "__main__":
    main()
