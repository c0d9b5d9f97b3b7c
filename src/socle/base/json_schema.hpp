#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/json.hpp"

namespace socle {

/// One member of a JSON document.
///
/// `path`: names joined by dots. "[]" behind the last name: an array, and type and meaning are of its elements. "*" as
/// name: any key. "?" at the end: the member may be absent. Such as "search?", "search.best[]", "search.infeasible.*".
/// `type`: words joined by "|": string, number, integer, boolean, null, object, or the name of a shape.
/// `meaning`: sentences, with the unit, and with what null or absence says.
struct SchemaRow {
  std::string path;
  std::string type;
  std::string meaning;
  std::vector<std::string> values{};  ///< the only texts that a string takes; empty = any
};
using SchemaRows = std::vector<SchemaRow>;

/// An object that several places share, by a name that types may use.
struct Shape {
  std::string name;  ///< "money"
  std::string meaning;
  SchemaRows rows;
};

/// One way that a document looks.
struct Form {
  std::string name;  ///< "answer", "infeasible"; empty where there is only one
  std::string when;  ///< when a document looks so
  SchemaRows rows;   ///< but for "schema", which every document has
};

/// One versioned document. Invariant of its rows: whatever holds a member is declared above it.
struct Schema {
  std::string name;  ///< "socle.train/1"
  std::string meaning;
  std::vector<Form> forms;  ///< a document has exactly one
  std::vector<Shape> shapes;
};

/// The rows as members of `prefix`.
SchemaRows under(std::string_view prefix, const SchemaRows& rows);

/// Appends rows that are shared.
SchemaRows joined(SchemaRows rows, const SchemaRows& more);

/// The row of the member "schema", the first of every document.
SchemaRow name_row(const Schema& schema);

/// JSON Schema, draft 2020-12: members that are not declared are refused, shapes stand under "$defs". Aborts on rows
/// that contradict each other: unknown words, members of what is no object, a member twice, a shape that nothing uses.
Json json_schema(const Schema& schema);

}  // namespace socle
