#include "socle/catalog/catalog.hpp"

#include <set>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/catalog/loaders.hpp"

namespace socle::catalog {
namespace {

constexpr const char* kChip = R"(
name = "My Chip"
vendor = "Us"
[peak]
bf16 = "100 TFLOP/s"
[memory]
capacity = "64 GB"
[provenance]
source = "us"
confidence = "estimate"
)";

std::string error_of(const std::string& chip_text) {
  try {
    load_chip(chip_text, "my.toml", "my");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(Catalog, AnswersToSlugDisplayNameAndAlias) {
  const Catalog catalog;
  EXPECT_EQ(catalog.chip("h100-sxm").name, "H100-SXM5-80GB");
  EXPECT_EQ(catalog.chip("h100-sxm5-80gb").slug, "h100-sxm");
  EXPECT_EQ(catalog.chip("H100").slug, "h100-sxm");
  EXPECT_EQ(catalog.chip("Ascend 910B").slug, "ascend-910b3");
  EXPECT_EQ(catalog.node("hgx-h100").slug, "dgx-h100");
  EXPECT_EQ(catalog.node("dgx-h200").slug, "hgx-h200");
}

TEST(Catalog, HoldsThePublishedFiguresOfTheH100) {
  const Chip chip = Catalog().chip("h100-sxm");
  EXPECT_EQ(chip.peak_of(PeakFormat::kBf16), FlopsPerSecond{989.4e12});
  EXPECT_EQ(chip.peak_of(PeakFormat::kFp4), std::nullopt);
  EXPECT_EQ(chip.memory, Bytes{80e9});
  EXPECT_EQ(chip.memory_bandwidth, BytesPerSecond{3350e9});
  EXPECT_EQ(chip.scale_up_bandwidth, BytesPerSecond{450e9});
  EXPECT_EQ(chip.tdp, Watts{700});
}

TEST(Catalog, AnUnknownNameSaysWhatIsNear) {
  try {
    Catalog().chip("h100-smx");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("unknown chip \"h100-smx\"; did you mean \"h100-sxm\"?"),
              std::string::npos)
        << error.what();
  }
  EXPECT_THROW(Catalog().chip(""), InputError);
  EXPECT_THROW(Catalog().chip(std::string(1 << 20, 'x')), InputError);
  EXPECT_THROW(Catalog().chip("../chips/h100-sxm"), InputError);
}

TEST(Catalog, EveryEntryLoadsAndHasASource) {
  const Catalog catalog;
  std::set<std::string> slugs;
  for (const Chip& chip : catalog.chips()) {
    slugs.insert(chip.slug);
    EXPECT_FALSE(chip.provenance.source.empty()) << chip.slug;
    for (const auto& peak : chip.peak) { EXPECT_TRUE(!peak || *peak > FlopsPerSecond{1e11}) << chip.slug; }
  }
  EXPECT_GE(slugs.size(), 80u);
  for (const Node& node : catalog.nodes()) {
    EXPECT_TRUE(slugs.contains(node.chip)) << node.slug;
    EXPECT_FALSE(node.provenance.source.empty()) << node.slug;
  }
  EXPECT_GE(catalog.gear().size(), 60u);
  EXPECT_GE(catalog.prices().size(), 80u);
  EXPECT_GE(catalog.export_rules().size(), 15u);
  EXPECT_EQ(catalog.export_records().size() + 1, slugs.size());  // the power-capped H100 has no record of its own
}

TEST(Catalog, NoNameLeadsToTwoEntries) {
  const Catalog catalog;
  for (const char* folder : {"chips/", "nodes/"}) {
    std::set<std::string> seen;
    for (const std::string& path : catalog.paths_under(folder)) {
      for (const std::string& name : load_names(catalog.text_of(path), path)) {
        EXPECT_TRUE(seen.insert(name).second) << name << " in " << path;
      }
    }
  }
}

TEST(Catalog, AnOverlayAddsAndReplaces) {
  const Catalog catalog({{"chips/my-chip.toml", kChip, "mine/chips/my-chip.toml"},
                         {"chips/h100-sxm.toml", kChip, "mine/chips/h100-sxm.toml"}});
  const Catalog copy = catalog;
  EXPECT_EQ(copy.chip("my-chip").memory, Bytes{64e9});
  EXPECT_EQ(copy.chip("h100-sxm").name, "My Chip");
  EXPECT_EQ(copy.source_of("chips/my-chip.toml"), "mine/chips/my-chip.toml");
}

TEST(ChipFile, RefusesWrongFiguresWithTheirPlace) {
  EXPECT_EQ(error_of(kChip), "");
  const std::string text = kChip;
  const auto with = [&text](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return error_of(changed);
  };
  EXPECT_NE(with("100 TFLOP/s", "100 GB/s").find("my.toml:5:1: bf16"), std::string::npos);
  EXPECT_NE(with("64 GB", "-64 GB").find("negative"), std::string::npos);
  EXPECT_NE(with("64 GB", "0 GB").find("leave out what is not known"), std::string::npos);
  EXPECT_NE(with("64 GB", "nan GB").find("finite"), std::string::npos);
  EXPECT_NE(with("capacity", "capcity").find("did you mean \"capacity\"?"), std::string::npos);
  EXPECT_NE(with("estimate", "sure").find("confidence"), std::string::npos);
  EXPECT_NE(with("source = \"us\"", "").find("source is missing"), std::string::npos);
  EXPECT_NE(error_of("").find("empty"), std::string::npos);
  EXPECT_NE(error_of(text.substr(0, 20)), "");
}

}  // namespace
}  // namespace socle::catalog
