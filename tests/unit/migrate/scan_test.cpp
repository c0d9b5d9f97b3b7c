#include "socle/migrate/code/scan.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::migrate {
namespace {

const char* const kPack =
    "cuda,library,kind,hip,hip_status,musa,musa_status\n"
    "cuda_runtime.h,header,header,hip/hip_runtime.h,supported,musa_runtime.h,partial\n"
    "cudaMalloc,cuda_runtime,function,hipMalloc,supported,musaMalloc,partial\n"
    "cuInit,cuda_driver,function,hipInit,supported,,\n"
    "__shfl_sync,cuda_device,function,,unsupported,,\n";

const NameTable& table() {
  static const NameTable names(parse_csv(kPack, "names.csv"), nullptr);
  return names;
}

/// "cudaMalloc:3 ..." of what is found, then the hazards "inline_ptx:4 ...".
std::string found_in(std::string_view source, Language language = Language::kCpp, bool device = true) {
  const FileScan found = scan(source, language, device, table());
  std::string text;
  for (const Mention& mention : found.mentions)
    text += std::string(source.substr(mention.offset, mention.length)) + ":" + std::to_string(mention.line) + " ";
  for (const HazardPlace& place : found.hazards)
    text += std::string(facts_of(place.hazard).key) + ":" + std::to_string(place.line) + " ";
  return text;
}

TEST(CudaScan, FindsNamesInCodeOnly) {
  EXPECT_EQ(found_in("// cudaMalloc\n/* cudaMalloc\n */ cudaMalloc(\"cudaMalloc\", 'c');"), "cudaMalloc:3 ");
  EXPECT_EQ(found_in("// a comment that goes on \\\ncudaMalloc\ncudaMalloc"), "cudaMalloc:3 ");
  EXPECT_EQ(found_in("auto text = R\"x(\" cudaMalloc )\" )x\"; cudaMalloc"), "cudaMalloc:1 ");
  EXPECT_EQ(found_in("int big = 1'000; char quote = '\\''; cudaMalloc"), "cudaMalloc:1 ");
  EXPECT_EQ(found_in("my_cudaMalloc cudaMalloc2D cudaMallocX"), "cudaMalloc2D:1 cudaMallocX:1 ")
      << "a name is a whole word; what begins as CUDA's do is CUDA's, though no row knows it";
}

TEST(CudaScan, FindsHeadersOfTheToolkit) {
  EXPECT_EQ(found_in("#include <cuda_runtime.h>\n # include \"cuda_runtime.h\"\n#include \"my/cuda_runtime.h\""),
            "cuda_runtime.h:1 cuda_runtime.h:2 ");
  EXPECT_EQ(found_in("#include <cuda_pipeline.h>"), "cuda_pipeline.h:1 ") << "no row knows it";
}

TEST(CudaScan, CountsLaunchesAndThoseFromDeviceCode) {
  EXPECT_EQ(scan("void f() { kernel<<<1, 32>>>(); kernel<T><<<1, 2>>>(); }", Language::kCpp, true, table()).launches,
            2u);
  EXPECT_EQ(found_in("__global__ void outer() {\n  inner<<<1, 1>>>();\n}\nvoid host() {\n  outer<<<1, 1>>>();\n}"),
            "dynamic_parallelism:2 ");
}

struct HazardCase {
  const char* source;
  const char* found;
};

TEST(CudaScan, FindsHazardsAtTheirLines) {
  const HazardCase cases[] = {
      {"\nasm volatile(\"mov.u32 %0, 1;\" : \"=r\"(x));", "inline_ptx:2 "},
      {"__asm__(\"\");", "inline_ptx:1 "},
      {"v = __shfl_sync(0xFFFF'FFFFu, v, 0);", "__shfl_sync:1 warp_32:1 "},
      {"v = __shfl_sync(mask, v, 0);", "__shfl_sync:1 "},
      {"#define WARP_SIZE 32\ncudaMalloc", "cudaMalloc:2 warp_32:1 "},
      {"constexpr int kWarpSize = 32;", "warp_32:1 "},
      {"constexpr int kWarpSize = 64; int warps = 32;", ""},
      {"unsigned full_mask = 0xffffffff;", "warp_32:1 "},
      {"lane = threadIdx.x & 31; warp = threadIdx.x / 32;", "warp_32:1 "},
      {"lane = threadIdx.x >> 5;\nx = threadIdx.x % 32;", "warp_32:1 warp_32:2 "},
      {"namespace cg = cooperative_groups;", "cooperative_groups:1 "},
      {"#include <cutlass/gemm.h>\nusing cute::Layout;", "cutlass:1 cutlass:2 "},
      {"nvcuda::wmma::fragment<A> a;\n#include <mma.h>", "tensor_core:1 tensor_core:2 "},
      {"tex2D<float>(t, x, y);", "texture:1 "},
      {"cuInit(0);", "cuInit:1 driver_api:1 "},
      {"#include <nccl.h>\nncclAllReduce(a);", "ncclAllReduce:2 nccl:1 nccl:2 "},
  };
  for (const HazardCase& one : cases) EXPECT_EQ(found_in(one.source), one.found) << one.source;
}

TEST(CudaScan, TakesAssemblyOfHostFilesForTheHosts) {
  EXPECT_EQ(found_in("asm volatile(\"pause\"); cudaMalloc", Language::kCpp, false), "cudaMalloc:1 ");
  EXPECT_EQ(found_in("__device__ void f() { asm(\"\"); }", Language::kCpp, false), "inline_ptx:1 ");
}

TEST(CudaScan, LooksThroughPythonForHazardsOnly) {
  EXPECT_EQ(found_in("import torch  # torch.cuda\nx = torch.cuda.device_count()\ny = x.cuda()\n"
                     "z = torch.zeros(1, device=\"cuda:0\")\n\"\"\"torch.cuda\n\"\"\"\n@triton.jit\n"
                     "ext = CUDAExtension('a', [])\ncudaMalloc",
                     Language::kPython),
            "torch_cuda:2 torch_cuda:3 torch_cuda:4 triton:7 cuda_extension:8 ");
}

TEST(CudaScan, TakesAnyBytes) {
  for (const char* source : {"", "\"", "'", "R\"", "R\"(", "/*", "//\\", "#", "#include", "#include <", "\\", "0x",
                             "\xff\xfe", "asm", "cudaMalloc", "\"\"\"", "'''\\", "<<<", "__shfl_sync("}) {
    for (const Language language : {Language::kCpp, Language::kPython}) scan(source, language, true, table());
  }
  EXPECT_EQ(scan("a\nb\n", Language::kCpp, true, table()).lines, 2);
  EXPECT_EQ(scan("a\nb", Language::kCpp, true, table()).lines, 2);
}

TEST(CudaNames, RefusesRowsThatSayNothingOrTooMuch) {
  const auto problem = [](const char* row) -> std::string {
    const CsvTable pack = parse_csv(kPack, "names.csv");
    const CsvTable own = parse_csv(std::string("cuda,hip,hip_status\n") + row, "own.csv");
    try {
      NameTable(pack, &own);
    } catch (const InputError& error) { return error.what(); }
    return {};
  };
  EXPECT_EQ(problem("cudaMine,hipMine,supported\n"), "");
  EXPECT_NE(problem("cudaMine,,supported\n").find("own.csv:2: cudaMine is supported on hip but has no name"),
            std::string::npos);
  EXPECT_NE(problem("cudaMine,hipMine,yes\n").find("write supported, experimental"), std::string::npos);
  EXPECT_NE(problem("cudaMine,hip mine,supported\n").find("is no name"), std::string::npos);
  EXPECT_NE(problem(",hipMine,supported\n").find("is no CUDA name"), std::string::npos);
}

TEST(CudaNames, KnowsSourcesByTheirExtension) {
  EXPECT_EQ(language_of("a/b.cu"), Language::kCpp);
  EXPECT_EQ(language_of("B.PY"), Language::kPython);
  EXPECT_EQ(language_of("a.txt"), std::nullopt);
  EXPECT_EQ(language_of("cu"), std::nullopt);
}

}  // namespace
}  // namespace socle::migrate
