#include "socle/model/weight_file.hpp"

#include <cstring>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/random.hpp"

namespace socle::model {
namespace {

std::string sample(const std::string& name) { return read_file("fuzz/corpus/weight_file/" + name); }

std::string error_of(const std::string& bytes) {
  try {
    read_weight_file(bytes, "weights");
  } catch (const InputError& error) { return error.what(); }
  return "no error";
}

TEST(WeightFile, AnIndexTellsTensorsAndBytes) {
  const WeightFile file = read_weight_file(sample("index"), "x");
  EXPECT_EQ(file.format, "safetensors index");
  EXPECT_EQ(file.tensors, 1);
  EXPECT_EQ(file.elements, 0);
  EXPECT_EQ(file.bytes, 12800);
}

TEST(WeightFile, AHeaderTellsEveryWeight) {
  const WeightFile safetensors = read_weight_file(sample("safetensors"), "x");
  EXPECT_EQ(safetensors.elements, 6400);
  EXPECT_EQ(safetensors.bytes, 12800);
  const WeightFile gguf = read_weight_file(sample("gguf"), "x");
  EXPECT_EQ(gguf.format, "GGUF");
  EXPECT_EQ(gguf.tensors, 2);
  EXPECT_EQ(gguf.elements, 6464);
}

TEST(WeightFile, WhatIsDamagedIsRefusedByPlace) {
  const std::string gguf = sample("gguf");
  EXPECT_NE(error_of(gguf.substr(0, 60)).find("cut short at byte"), std::string::npos);
  std::string version = gguf;
  version[4] = 9;
  EXPECT_NE(error_of(version).find("GGUF of version 9; versions 2 and 3 are read"), std::string::npos);
  EXPECT_NE(error_of("{}").find("no index of safetensors (weight_map is missing)"), std::string::npos);
  EXPECT_NE(error_of("").find("cut short at byte 0"), std::string::npos);
  EXPECT_NE(error_of("\xff\xff\xff\xff\xff\xff\xff\xff").find("cut short"), std::string::npos);
}

/// A safetensors file with this header.
std::string safetensors(const std::string& header) {
  const std::uint64_t length = header.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return file + header;
}

TEST(WeightFile, TensorsLieApartAndHaveTheBytesOfTheirShape) {
  const std::string a = R"("a": {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 8]})";
  EXPECT_EQ(
      read_weight_file(safetensors("{" + a + R"(, "b": {"dtype": "I8", "shape": [4], "data_offsets": [8, 12]}})"), "x")
          .bytes,
      12);
  EXPECT_NE(error_of(safetensors("{" + a + R"(, "b": {"dtype": "I8", "shape": [4], "data_offsets": [7, 11]}})"))
                .find("lies over"),
            std::string::npos);
  EXPECT_NE(
      error_of(safetensors(R"({"a": {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 9]}})")).find("are 8 bytes"),
      std::string::npos);
  EXPECT_EQ(
      read_weight_file(safetensors(R"({"e": {"dtype": "F32", "shape": [0], "data_offsets": [4, 4]}, )" + a + "}"), "x")
          .tensors,
      2)
      << "an empty tensor lies nowhere";
}

TEST(WeightFile, NoChangeOfBytesDoesMoreThanRefuse) {
  const RandomStream random(20261126, 1);
  for (const char* name : {"index", "safetensors", "gguf"}) {
    const std::string whole = sample(name);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      std::string bytes = whole;
      for (std::uint64_t change = 0; change < 3; ++change)
        bytes[random.below(bytes.size(), i, 2 * change)] = static_cast<char>(random.below(256, i, 2 * change + 1));
      try {
        const WeightFile file = read_weight_file(bytes, name);
        EXPECT_GE(file.elements, 0);
        EXPECT_LE(file.elements, 1e19);
      } catch (const InputError& error) { EXPECT_FALSE(error.problems().empty()); }
    }
  }
}

}  // namespace
}  // namespace socle::model
