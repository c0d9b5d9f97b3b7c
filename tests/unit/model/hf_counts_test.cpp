#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "socle/base/file_io.hpp"
#include "socle/base/json.hpp"
#include "socle/model/hf_config.hpp"
#include "socle/model/model_file.hpp"
#include "socle/model/token_cost.hpp"

// Configurations of the transformers library's classes and the weights that the library counts for them on the meta
// device; made by tools/check_families.py --rows.
namespace socle::model {
namespace {

constexpr double kTolerance = 0.005;

struct Row {
  std::string type;
  double parameters;
  Json config;
};

std::vector<Row> rows() {
  std::vector<Row> all;
  const std::string text = read_file("tests/data/families.jsonl");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const Json row = parse_json(std::string_view(text).substr(at, end - at), "families.jsonl");
    all.push_back({row.find("type")->as_string(), row.find("parameters")->as_double(), *row.find("config")});
    at = end + 1;
  }
  return all;
}

TEST(HfCounts, EveryFamilyHoldsTheWeightsThatTheLibraryCounts) {
  std::set<std::string> types;
  for (const Row& row : rows()) {
    types.insert(row.type);
    const Transformer model = import_hf_config(row.config, row.type).model;
    EXPECT_LE(std::fabs(count_parameters(model).total / row.parameters - 1.0), kTolerance) << row.type;
  }
  EXPECT_GE(types.size(), 150u);
}

TEST(HfCounts, AModelFileTellsTheSameShape) {
  for (const Row& row : rows()) {
    Transformer model = import_hf_config(row.config, row.type).model;
    model.source.text = "config.json";
    const Transformer again = parse_model(write_model(model), row.type);
    EXPECT_NEAR(count_parameters(again).total, count_parameters(model).total, 1e-9 * row.parameters) << row.type;
    EXPECT_NEAR(count_parameters(again).active, count_parameters(model).active, 1e-9 * row.parameters) << row.type;
    EXPECT_DOUBLE_EQ(cache_size(again, 4096).at_context, cache_size(model, 4096).at_context) << row.type;
  }
}

// A dense model without windows: 2 FLOPs for each weight but the looked-up embedding, norms and biases aside.
TEST(HfCounts, FlopsOfATokenFollowFromWeights) {
  for (const Row& row : rows()) {
    const Transformer model = import_hf_config(row.config, row.type).model;
    const TokenFlops flops = token_flops(model, 1);
    EXPECT_GT(flops.matrices, 0) << row.type;
    EXPECT_GE(flops.attention, 0) << row.type;
    double layers = 0;
    for (const int kind : model.kind_of_layer) {
      const Layer& layer = model.kinds[static_cast<std::size_t>(kind)];
      layers += active_layer_parameters(model, layer) * layer.uses;
    }
    EXPECT_LE(flops.matrices, 2.0 * (layers + static_cast<double>(model.vocab) * model.hidden) + 1.0) << row.type;
  }
}

}  // namespace
}  // namespace socle::model
