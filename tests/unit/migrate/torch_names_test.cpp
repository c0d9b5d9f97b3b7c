#include "socle/migrate/code/torch_names.hpp"

#include <gtest/gtest.h>

#include "socle/answer/migrate/torch_migration.hpp"
#include "socle/base/csv.hpp"

namespace socle::migrate {
namespace {

std::vector<std::string> names_of(std::string_view source) {
  std::vector<std::string> names;
  for (const TorchName& found : torch_names(source)) names.push_back(found.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(TorchNames, AreWrittenOutThroughImports) {
  EXPECT_EQ(names_of("import torch\ntorch.zeros(1)\n"), Names{"torch.zeros"});
  EXPECT_EQ(names_of("import torch.nn.functional as F\nF.relu(x)\n"), Names{"torch.nn.functional.relu"});
  EXPECT_EQ(names_of("import torch.nn\ntorch.nn.Linear(1, 2)\n"), Names{"torch.nn.Linear"});
  EXPECT_EQ(names_of("from torch import nn as layers\nlayers.Linear(1, 2)\n"), (Names{"torch.nn", "torch.nn.Linear"}));
  EXPECT_EQ(names_of("from torch.optim import (AdamW,\n   SGD as Plain)\n"),
            (Names{"torch.optim.AdamW", "torch.optim.SGD"}));
  EXPECT_EQ(names_of("import os, torch.distributed as dist\ndist.barrier()\n"), Names{"torch.distributed.barrier"});
}

TEST(TorchNames, OfOthersAreNone) {
  EXPECT_EQ(names_of("import numpy as torch\ntorch.zeros(1)\n"), Names{});
  EXPECT_EQ(names_of("self.torch.zeros(1)\n"), Names{});
  EXPECT_EQ(names_of("import torch\n# torch.ones\n'torch.ones'\n\"\"\"torch.ones\"\"\"\nx.torch.ones\n"), Names{});
  EXPECT_EQ(names_of("import torchvision\ntorchvision.ops.nms()\n"), Names{});
  EXPECT_EQ(names_of("from torch import (\n"), Names{}) << "cut short";
}

answer::TorchResult read(std::string_view source, const std::vector<std::string>& chips) {
  static const catalog::Catalog catalog;
  answer::TorchReader reader(catalog);
  reader.read("a.py", source);
  return reader.finish(chips);
}

/// A type of elements is no operator, a module no name; what the pages do not list is unknown and not covered.
TEST(Torch, CountsEachUseByWhatThePagesSay) {
  const auto result = read(
      "import torch\nimport torch.nn as "
      "nn\ntorch.load(f)\ntorch.load(g)\ntorch.compile(m)\ntorch.float16\nnn\ntorch.no_such_thing()\n",
      {"ascend-910c", "ascend-960"});
  const answer::TorchVerdict& there = result.targets[0];
  EXPECT_EQ(there.column, "a3");
  EXPECT_EQ(there.supported.uses, 2u);
  EXPECT_EQ(there.supported.names, 1u);
  EXPECT_EQ(there.partial.uses, 1u);
  EXPECT_EQ(there.unknown.uses, 1u);
  EXPECT_DOUBLE_EQ(there.coverage(), 0.75);
  EXPECT_EQ(there.decision, Decision::kGoWithWork);
  EXPECT_DOUBLE_EQ(there.hours, 0.5 + 0.25) << "one to look up, one with a limit";
  EXPECT_EQ(result.targets[1].decision, Decision::kNoGo) << "the pages do not have the chip";
}

TEST(Torch, LetsTheUsersRowsGoFirst) {
  const CsvTable own = parse_csv("name,a3\ntorch.nn.RMSNorm,supported\ntorch.load,unsupported\n", "own.csv");
  const catalog::Catalog catalog;
  answer::TorchReader reader(catalog, &own);
  reader.read("a.py", "import torch\ntorch.load(f)\ntorch.nn.RMSNorm(8)\n");
  const auto result = reader.finish({"ascend-910c", "ascend-910b2"});
  EXPECT_EQ(result.targets[0].supported.uses, 1u);
  EXPECT_EQ(result.targets[0].unsupported.uses, 1u);
  EXPECT_EQ(result.targets[1].supported.uses, 1u) << "of A2 nothing was said: the pages hold";
  EXPECT_EQ(result.targets[1].unknown.uses, 1u);
}

TEST(Torch, GoesWhereEverythingRunsWithoutALimit) {
  EXPECT_EQ(read("import torch\ntorch.load(f)\n", {"ascend-910b2"}).targets[0].decision, Decision::kGo);
}

}  // namespace
}  // namespace socle::migrate
