#include "socle/base/json_schema.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "socle/base/check.hpp"

namespace socle {
namespace {

constexpr std::string_view kPlainTypes[] = {"string", "number", "integer", "boolean", "null"};

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == mark)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// One row with what stands below it.
struct Member {
  std::string key{};  ///< "*" = any
  bool array = false;
  bool optional = false;
  std::vector<std::string> types{};  ///< of the elements of an array
  std::string meaning{};
  std::vector<std::string> values{};
  std::vector<Member> members{};
};

class Builder {
 public:
  explicit Builder(const Schema& schema) : schema_(schema) {}

  Json document() {
    Json json = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                              {"$id", "urn:socle:" + schema_.name.substr(schema_.name.find('.') + 1)},
                              {"title", schema_.name},
                              {"description", schema_.meaning}});
    SOCLE_CHECK(!schema_.forms.empty(), "a document has a form");
    if (schema_.forms.size() == 1) {
      const Json only = form(schema_.forms.front());
      for (const auto& [key, value] : only.as_object()) json.set(key, value);
    } else {
      Json forms = Json::array();
      for (const Form& one : schema_.forms) {
        Json described = Json::object({{"title", one.name}, {"description", one.when}});
        const Json body = form(one);
        for (const auto& [key, value] : body.as_object()) described.set(key, value);
        forms.push(std::move(described));
      }
      json.set("oneOf", std::move(forms));
    }
    Json shapes = Json::object();
    for (const Shape& shape : schema_.shapes) {
      Json described = Json::object({{"description", shape.meaning}});
      const Json body = object_of(tree(shape.rows));
      for (const auto& [key, value] : body.as_object()) described.set(key, value);
      shapes.set(shape.name, std::move(described));
    }
    for (const Shape& shape : schema_.shapes) SOCLE_CHECK(used_.contains(shape.name), "a shape is used");
    if (!schema_.shapes.empty()) json.set("$defs", std::move(shapes));
    return json;
  }

 private:
  Json form(const Form& form) {
    SchemaRows rows{name_row(schema_)};
    return object_of(tree(joined(std::move(rows), form.rows)));
  }

  bool is_shape(const std::string& word) const {
    return std::any_of(schema_.shapes.begin(), schema_.shapes.end(), [&](const Shape& s) { return s.name == word; });
  }

  Member member_of(const SchemaRow& row, std::string key) {
    Member member{.key = std::move(key), .types = split(row.type, '|'), .meaning = row.meaning, .values = row.values};
    if (member.key.ends_with("?")) member.optional = true, member.key.pop_back();
    if (member.key.ends_with("[]")) member.array = true, member.key.resize(member.key.size() - 2);
    SOCLE_CHECK(!member.key.empty(), "a member has a name");
    SOCLE_CHECK(member.meaning.ends_with("."), "a meaning is made of sentences");
    for (const std::string& word : member.types) {
      const bool plain = std::find(std::begin(kPlainTypes), std::end(kPlainTypes), word) != std::end(kPlainTypes);
      SOCLE_CHECK(plain || word == "object" || is_shape(word), "a type is a known word");
      if (is_shape(word)) used_.insert(word);
    }
    SOCLE_CHECK(member.values.empty() || member.types.front() == "string", "only texts are listed");
    return member;
  }

  Member tree(const SchemaRows& rows) {
    Member root{.types = {"object"}};
    for (const SchemaRow& row : rows) {
      Member* at = &root;
      const std::vector<std::string> keys = split(row.path, '.');
      for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
        const bool array = keys[i].ends_with("[]");
        const std::string key = array ? keys[i].substr(0, keys[i].size() - 2) : keys[i];
        const auto found = std::find_if(at->members.begin(), at->members.end(),
                                        [&](const Member& m) { return m.key == key && m.array == array; });
        SOCLE_CHECK(found != at->members.end(), "what holds a member is declared above it");
        at = &*found;
      }
      SOCLE_CHECK(std::find(at->types.begin(), at->types.end(), "object") != at->types.end(),
                  "only objects have members");
      Member member = member_of(row, keys.back());
      for (const Member& other : at->members)
        SOCLE_CHECK(other.key != member.key && other.key != "*" && member.key != "*", "a key is declared once");
      at->members.push_back(std::move(member));
    }
    return root;
  }

  /// One word, or several that need no more than their names, as "type"; else as alternatives.
  Json value_of(const Member& member) {
    const bool plain = std::all_of(member.types.begin(), member.types.end(),
                                   [&](const std::string& word) { return word != "object" && !is_shape(word); });
    Json words = Json::array(), choices = Json::array();
    for (const std::string& word : member.types) {
      words.push(word);
      if (is_shape(word))
        choices.push(Json::object({{"$ref", "#/$defs/" + word}}));
      else
        choices.push(word == "object" ? object_of(member) : Json::object({{"type", word}}));
    }
    if (!plain) return member.types.size() == 1 ? choices.as_array().front() : Json::object({{"anyOf", choices}});
    Json json = Json::object({{"type", member.types.size() == 1 ? words.as_array().front() : words}});
    if (member.values.empty()) return json;
    Json values = Json::array();
    for (const std::string& value : member.values) values.push(value);
    if (std::find(member.types.begin(), member.types.end(), "null") != member.types.end()) values.push(Json());
    return std::move(json.set("enum", std::move(values)));
  }

  Json described(const Member& member) {
    Json json = Json::object({{"description", member.meaning}});
    const Json value = member.array ? Json::object({{"type", "array"}, {"items", value_of(member)}}) : value_of(member);
    for (const auto& [key, part] : value.as_object()) json.set(key, part);
    return json;
  }

  Json object_of(const Member& holder) {
    SOCLE_CHECK(!holder.members.empty(), "an object has members");
    Json json = Json::object({{"type", "object"}});
    if (holder.members.front().key == "*")
      return std::move(json.set("additionalProperties", described(holder.members.front())));
    Json properties = Json::object(), required = Json::array();
    for (const Member& member : holder.members) {
      properties.set(member.key, described(member));
      if (!member.optional) required.push(member.key);
    }
    return std::move(json.set("properties", std::move(properties))
                         .set("required", std::move(required))
                         .set("additionalProperties", false));
  }

  const Schema& schema_;
  std::set<std::string> used_;
};

}  // namespace

SchemaRows under(std::string_view prefix, const SchemaRows& rows) {
  SchemaRows moved = rows;
  for (SchemaRow& row : moved) row.path = fmt::format("{}.{}", prefix, row.path);
  return moved;
}

SchemaRows joined(SchemaRows rows, const SchemaRows& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

SchemaRow name_row(const Schema& schema) {
  return {"schema", "string", "Name and version of the document.", {schema.name}};
}

Json json_schema(const Schema& schema) { return Builder(schema).document(); }

}  // namespace socle
