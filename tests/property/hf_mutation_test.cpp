#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/json.hpp"
#include "socle/base/random.hpp"
#include "socle/model/hf_config.hpp"
#include "socle/model/model_file.hpp"
#include "socle/model/token_cost.hpp"

// Configurations of every family with one to four keys changed: each is refused with a problem that names something, or
// gives a shape whose figures hold together. SOCLE_MUTATIONS=N runs N of them.
namespace socle::model {
namespace {

std::vector<Json> configurations() {
  std::vector<Json> all;
  const std::string text = read_file("tests/data/families.jsonl");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    all.push_back(*parse_json(std::string_view(text).substr(at, end - at), "families.jsonl").find("config"));
    at = end + 1;
  }
  return all;
}

/// The stream of one mutation: every question has its own draw.
class Draws {
 public:
  Draws(const RandomStream& random, std::uint64_t entity) : random_(random), entity_(entity) {}
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound, entity_, draw_++); }

 private:
  const RandomStream& random_;
  std::uint64_t entity_, draw_ = 0;
};

Json hostile(Draws& draws, const Json& value) {
  static const std::vector<Json> kValues = {Json(0),
                                            Json(1),
                                            Json(2),
                                            Json(3),
                                            Json(7),
                                            Json(64),
                                            Json(4096),
                                            Json(-1),
                                            Json(0.5),
                                            Json(1e9),
                                            Json(1e300),
                                            Json(std::int64_t{1} << 40),
                                            Json("x"),
                                            Json(""),
                                            Json(),
                                            Json(true),
                                            Json(false),
                                            Json::array(),
                                            Json::array({Json(1), Json(2)}),
                                            Json::object(),
                                            Json("full_attention"),
                                            Json("mamba"),
                                            Json(2147483647),
                                            Json(100000)};
  if (value.is_number() && draws.below(3) == 0)
    return Json(std::floor(value.as_double() * (1.0 + draws.below(4)) / 2.0));
  if (value.is_array() && !value.as_array().empty() && draws.below(2) == 0) {
    Json::Array list = value.as_array();
    if (draws.below(2) == 0)
      list.pop_back();
    else
      list[draws.below(list.size())] = kValues[draws.below(kValues.size())];
    return Json::array(std::move(list));
  }
  return kValues[draws.below(kValues.size())];
}

Json mutated(const Json& config, Draws& draws) {
  Json::Object members = config.as_object();
  for (std::uint64_t change = 1 + draws.below(4); change > 0; --change) {
    auto& [key, value] = members[draws.below(members.size())];
    if (value.is_object() && !value.as_object().empty() && draws.below(4) != 0)
      value = mutated(value, draws);
    else
      value = hostile(draws, value);
  }
  return Json::object(std::move(members));
}

void expect_laws(Transformer model, const std::string& config) {
  const ParameterCount count = count_parameters(model);
  EXPECT_TRUE(std::isfinite(count.total) && count.total > 0) << config;
  EXPECT_TRUE(count.active > 0 && count.active <= count.total * (1 + 1e-9)) << config;
  const TokenFlops flops = token_flops(model, 4096);
  EXPECT_TRUE(std::isfinite(flops.total()) && flops.matrices > 0 && flops.attention >= 0) << config;
  const CacheSize cache = cache_size(model, 4096);
  EXPECT_TRUE(std::isfinite(cache.at_context) && cache.at_context >= 0 && cache.per_token >= 0 && cache.state >= 0)
      << config;
  model.source.text = "mutated";
  const Transformer again = parse_model(write_model(model), "again.toml");
  EXPECT_NEAR(count_parameters(again).total / count.total, 1.0, 1e-9) << config;
}

TEST(HfMutation, IsRefusedOrHoldsTogether) {
  const char* wanted = std::getenv("SOCLE_MUTATIONS");
  const std::uint64_t mutations = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 5000;
  const std::vector<Json> configs = configurations();
  const RandomStream random(20261126, 0);
  std::uint64_t read = 0;
  for (std::uint64_t i = 0; i < mutations; ++i) {
    Draws draws(random, i);
    const Json config = mutated(configs[i % configs.size()], draws);
    try {
      const Transformer model = import_hf_config(config, "mutated.json").model;
      ++read;
      expect_laws(model, config.dump(false));
    } catch (const InputError& error) { EXPECT_FALSE(error.problems().empty()); }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(read, mutations / 20);       // some changes are harmless
  EXPECT_LT(read, mutations * 19 / 20);  // and some are not
}

}  // namespace
}  // namespace socle::model
