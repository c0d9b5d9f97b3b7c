// The mean of many numbers, twice: a reduction by warps, and one by cuBLAS.
#include <cublas_v2.h>
#include <cuda_runtime.h>

#include <cstdio>
#include <vector>

#define WARP_SIZE 32

__device__ float warp_sum(float value) {
  for (int offset = WARP_SIZE / 2; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffff, value, offset);
  return value;
}

__device__ unsigned lane() {
  unsigned index;
  asm volatile("mov.u32 %0, %%laneid;" : "=r"(index));
  return index;
}

__global__ void sum_kernel(const float* values, int count, float* sum) {
  const int first = blockIdx.x * blockDim.x + threadIdx.x;
  float mine = 0.0f;
  for (int i = first; i < count; i += gridDim.x * blockDim.x) mine += values[i];
  mine = warp_sum(mine);
  if (lane() == 0) atomicAdd(sum, mine);
}

int main() {
  const int count = 1 << 20;
  std::vector<float> values(count, 0.5f);
  float *on_device = nullptr, *sum = nullptr, total = 0.0f, absolute = 0.0f;
  cudaStream_t stream;
  cublasHandle_t blas;
  cudaStreamCreate(&stream);
  cublasCreate(&blas);
  cudaMalloc(&on_device, count * sizeof(float));
  cudaMalloc(&sum, sizeof(float));
  cudaMemcpyAsync(on_device, values.data(), count * sizeof(float), cudaMemcpyHostToDevice, stream);
  cudaMemsetAsync(sum, 0, sizeof(float), stream);
  sum_kernel<<<256, 256, 0, stream>>>(on_device, count, sum);
  cudaMemcpyAsync(&total, sum, sizeof(float), cudaMemcpyDeviceToHost, stream);
  if (cudaStreamSynchronize(stream) != cudaSuccess) return 1;
  cublasSetStream(blas, stream);
  cublasSasum(blas, count, on_device, 1, &absolute);
  std::printf("%f %f\n", total / count, absolute / count);  // cudaFree below
  cublasDestroy(blas);
  cudaFree(sum);
  cudaFree(on_device);
  return cudaStreamDestroy(stream) == cudaSuccess ? 0 : 1;
}
