#include "socle/base/json_schema.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

Schema schema_of(SchemaRows rows, std::vector<Shape> shapes = {}) {
  return {"socle.test/1", "A test.", {{"", "", std::move(rows)}}, std::move(shapes)};
}

const Json& at(const Json& json, std::initializer_list<const char*> keys) {
  const Json* value = &json;
  for (const char* key : keys) value = value->find(key);
  return *value;
}

Json list(std::initializer_list<const char*> texts) {
  Json array = Json::array();
  for (const char* text : texts) array.push(text);
  return array;
}

/// As much of JSON Schema as json_schema writes.
class Judge {
 public:
  explicit Judge(const Json& schema) : root_(schema) {}
  bool valid(const Json& document) const { return holds(root_, document); }

 private:
  static bool is(const std::string& type, const Json& value) {
    return (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
           (type == "integer" && value.is_integer()) || (type == "boolean" && value.is_bool()) ||
           (type == "null" && value.is_null()) || (type == "object" && value.is_object()) ||
           (type == "array" && value.is_array());
  }
  bool holds(const Json& schema, const Json& value) const {
    if (const Json* forms = schema.find("oneOf")) {
      const auto& all = forms->as_array();
      return std::count_if(all.begin(), all.end(), [&](const Json& s) { return holds(s, value); }) == 1;
    }
    if (const Json* any = schema.find("anyOf")) {
      const auto& all = any->as_array();
      return std::any_of(all.begin(), all.end(), [&](const Json& s) { return holds(s, value); });
    }
    if (const Json* shape = schema.find("$ref"))
      return holds(*root_.find("$defs")->find(shape->as_string().substr(8)), value);
    const Json& type = *schema.find("type");
    const Json::Array words = type.is_array() ? type.as_array() : Json::Array{type};
    if (std::none_of(words.begin(), words.end(), [&](const Json& w) { return is(w.as_string(), value); })) return false;
    if (const Json* values = schema.find("enum")) {
      const auto& all = values->as_array();
      if (std::find(all.begin(), all.end(), value) == all.end()) return false;
    }
    if (value.is_array()) {
      const auto& all = value.as_array();
      return std::all_of(all.begin(), all.end(), [&](const Json& e) { return holds(*schema.find("items"), e); });
    }
    return !value.is_object() || members_hold(schema, value);
  }
  bool members_hold(const Json& schema, const Json& value) const {
    const Json* properties = schema.find("properties");
    const Json& others = *schema.find("additionalProperties");
    for (const auto& [key, member] : value.as_object()) {
      const Json* declared = properties ? properties->find(key) : others.is_object() ? &others : nullptr;
      if (!declared || !holds(*declared, member)) return false;
    }
    if (!properties) return true;
    const auto& required = schema.find("required")->as_array();
    return std::all_of(required.begin(), required.end(), [&](const Json& key) { return value.find(key.as_string()); });
  }

  const Json& root_;
};

TEST(JsonSchema, SaysWhatARowSays) {
  const Json schema = json_schema(schema_of({{"mfu", "number|null", "A fraction; null: unknown."},
                                             {"kind?", "string", "The kind.", {"a", "b"}},
                                             {"names[]", "string", "A name."}}));
  EXPECT_EQ(at(schema, {"title"}), Json("socle.test/1"));
  EXPECT_EQ(at(schema, {"$id"}), Json("urn:socle:test/1"));
  EXPECT_EQ(at(schema, {"required"}), list({"schema", "mfu", "names"}));
  EXPECT_EQ(at(schema, {"additionalProperties"}), Json(false));
  EXPECT_EQ(at(schema, {"properties", "schema", "enum"}), list({"socle.test/1"}));
  EXPECT_EQ(at(schema, {"properties", "mfu", "type"}), list({"number", "null"}));
  EXPECT_EQ(at(schema, {"properties", "mfu", "description"}), Json("A fraction; null: unknown."));
  EXPECT_EQ(at(schema, {"properties", "kind", "enum"}), list({"a", "b"}));
  EXPECT_EQ(at(schema, {"properties", "names", "type"}), Json("array"));
  EXPECT_EQ(at(schema, {"properties", "names", "items", "type"}), Json("string"));
}

TEST(JsonSchema, AcceptsADocumentOfExactlyTheRowsAndNoOther) {
  const Json schema = json_schema(schema_of({{"best[]", "object", "Layouts."},
                                             {"best[].tp", "integer", "Ranks."},
                                             {"best[].cost", "money|null", "Money."},
                                             {"reasons", "object", "By reason."},
                                             {"reasons.*", "integer", "Layouts."},
                                             {"proven?", "boolean", "Nothing is better."}},
                                            {{"money", "An amount.", {{"amount", "number", "Amount."}}}}));
  const Judge judge(schema);
  const auto document = [](Json cost, Json tp) {
    Json best = Json::array();
    best.push(Json::object({{"tp", std::move(tp)}, {"cost", std::move(cost)}}));
    return Json::object(
        {{"schema", "socle.test/1"}, {"best", std::move(best)}, {"reasons", Json::object({{"any key", 3}})}});
  };
  Json whole = document(Json::object({{"amount", 1.5}}), 8);
  EXPECT_TRUE(judge.valid(whole));
  EXPECT_TRUE(judge.valid(document(Json(), 8))) << "null is one of the words";
  EXPECT_FALSE(judge.valid(document(Json(), 8.5))) << "not an integer";
  EXPECT_FALSE(judge.valid(document(Json(), Json()))) << "null is not one of the words";
  EXPECT_FALSE(judge.valid(document(Json::object({{"price", 1.5}}), 8))) << "a shape has its members and no other";
  EXPECT_TRUE(judge.valid(whole.set("proven", true))) << "an optional member may be there";
  EXPECT_FALSE(judge.valid(whole.set("prove", true))) << "a member that no row declares";
  EXPECT_FALSE(judge.valid(Json::object({{"schema", "socle.test/1"}}))) << "members that are missing";
  EXPECT_FALSE(judge.valid(document(Json(), 8).set("schema", "socle.test/2"))) << "another version";
}

TEST(JsonSchema, GivesEachFormItsOwnMembers) {
  const Schema schema{"socle.test/1",
                      "A test.",
                      {{"answer", "it runs", {{"time_s", "number", "Seconds."}}},
                       {"infeasible", "it does not", {{"reason", "string", "Why."}}}},
                      {}};
  const Json json = json_schema(schema);
  const Judge judge(json);
  EXPECT_TRUE(judge.valid(Json::object({{"schema", "socle.test/1"}, {"time_s", 2.0}})));
  EXPECT_TRUE(judge.valid(Json::object({{"schema", "socle.test/1"}, {"reason", "memory"}})));
  EXPECT_FALSE(judge.valid(Json::object({{"schema", "socle.test/1"}, {"time_s", 2.0}, {"reason", "memory"}})));
}

TEST(JsonSchema, AbortsOnRowsThatContradictEachOther) {
  const SchemaRow tp{"tp", "integer", "Ranks."};
  EXPECT_DEATH(json_schema(schema_of({{"tp", "int", "Ranks."}})), "known word");
  EXPECT_DEATH(json_schema(schema_of({{"tp", "integer|money", "Ranks."}})), "known word");
  EXPECT_DEATH(json_schema(schema_of({{"tp", "integer", "Ranks"}})), "sentences");
  EXPECT_DEATH(json_schema(schema_of({tp, tp})), "declared once");
  EXPECT_DEATH(json_schema(schema_of({{"layout.tp", "integer", "Ranks."}})), "declared above");
  EXPECT_DEATH(json_schema(schema_of({tp, {"tp.size", "integer", "Ranks."}})), "only objects");
  EXPECT_DEATH(json_schema(schema_of({{"layout", "object", "A layout."}})), "an object has members");
  EXPECT_DEATH(json_schema(schema_of({tp}, {{"money", "An amount.", {tp}}})), "a shape is used");
}

TEST(JsonSchema, EveryDocumentHasOneUnderItsOwnName) {
  std::vector<std::string> names;
  for (const Schema& schema : schemas()) names.push_back(schema.name);
  std::sort(names.begin(), names.end());
  // The names that json.md documents: changing one breaks its readers.
  EXPECT_EQ(names, (std::vector<std::string>{"socle.catalog/1",
                                             "socle.check/1",
                                             "socle.compare/1",
                                             "socle.cost.diff/1",
                                             "socle.cost/1",
                                             "socle.fabric-design/1",
                                             "socle.fabric.calibrate/1",
                                             "socle.fabric/1",
                                             "socle.fit-stack/1",
                                             "socle.migrate.arguments/1",
                                             "socle.migrate.cuda/1",
                                             "socle.migrate.onnx/1",
                                             "socle.migrate.serving/1",
                                             "socle.migrate.targets/1",
                                             "socle.migrate.torch/1",
                                             "socle.migrate.training/1",
                                             "socle.migrate/1",
                                             "socle.model/1",
                                             "socle.plan/1",
                                             "socle.risk.incident/1",
                                             "socle.risk.rollout/1",
                                             "socle.risk.serve/1",
                                             "socle.risk.transfer/1",
                                             "socle.risk/1",
                                             "socle.serve.calibrate/1",
                                             "socle.serve.day/1",
                                             "socle.serve.emit/1",
                                             "socle.serve.fit/1",
                                             "socle.serve.mix/1",
                                             "socle.serve.plan/1",
                                             "socle.serve/1",
                                             "socle.train/1",
                                             "socle.validate/1"}));
}

}  // namespace
}  // namespace socle::report
