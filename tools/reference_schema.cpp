#include "reference_schema.hpp"

#include <cctype>

#include <fmt/format.h>

#include "socle/report/schemas.hpp"

namespace socle::reference {
namespace {

constexpr const char* kHead = R"(# JSON documents

This page and the files in `schema/` are written by `tools/reference.cpp` from `src/socle/report/*/*_schema*.cpp`. Do
not edit them; change those and run

```
make reference
```

Every command that answers a question takes `--json` and then prints one document. Its member `schema` names the document and its version; the
number grows when a member is renamed, removed or changes its meaning. New members may come under the same number, so
skip those that you do not know; the schemas, which hold exactly what this version prints, refuse them. Numbers are in
the unit that the key or the table names, without prefixes (bytes, seconds, watts, joules). Tables: `?` marks members
that may be absent, `[]` lists, of whose elements type and meaning are told, `*` any key. A type that is a link is an
object described at the end of the page.

)";

std::string words(std::string text, char from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, 1, to);
  return text;
}

std::string anchor(const std::string& heading) {
  std::string id;
  for (const char c : heading) {
    if (c == ' ')
      id += '-';
    else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
      id += c;
  }
  return id;
}

std::string file_of(const Schema& schema) {
  return words(schema.name.substr(schema.name.find('.') + 1), '/', "-") + ".json";
}

std::string type_text(const std::string& type, const std::vector<Shape>& shapes) {
  std::string text, word;
  for (const char c : type + "|") {
    if (c != '|') {
      word += c;
      continue;
    }
    for (const Shape& shape : shapes) {
      if (shape.name == word) word = fmt::format("[{}](#{})", word, word);
    }
    text += (text.empty() ? "" : " or ") + word;
    word.clear();
  }
  return text;
}

std::string table(const SchemaRows& rows, const std::vector<Shape>& shapes) {
  std::string text = "| member | type | meaning |\n|---|---|---|\n";
  for (const SchemaRow& row : rows) {
    std::string values;
    for (const std::string& value : row.values)
      values += fmt::format("{}`{}`", values.empty() ? (row.values.size() == 1 ? " " : " One of ") : ", ", value);
    if (!values.empty()) values += ".";
    text += fmt::format("| `{}` | {} | {}{} |\n", row.path, type_text(row.type, shapes), row.meaning, values);
  }
  return text + "\n";
}

std::string section(const Schema& schema) {
  std::string text = fmt::format("## {}\n\n{} Schema: [{}](schema/{}).\n\n", schema.name, schema.meaning,
                                 file_of(schema), file_of(schema));
  for (const Form& form : schema.forms) {
    if (!form.name.empty()) text += fmt::format("**{}**: {}\n\n", form.name, form.when);
    text += table(joined({name_row(schema)}, form.rows), schema.shapes);
  }
  return text;
}

}  // namespace

std::vector<Page> schema_pages() {
  std::string list, sections, shared;
  std::vector<Shape> shapes;
  std::vector<Page> pages;
  for (const Schema& schema : report::schemas()) {
    list += fmt::format("- [{}](#{}): {}\n", schema.name, anchor(schema.name), schema.meaning);
    sections += section(schema);
    for (const Shape& shape : schema.shapes) {
      bool told = false;
      for (const Shape& other : shapes) told = told || other.name == shape.name;
      if (!told) shapes.push_back(shape);
    }
    pages.push_back({"schema/" + file_of(schema), json_schema(schema).dump() + "\n"});
  }
  for (const Shape& shape : shapes)
    shared += fmt::format("### {}\n\n{}\n\n{}", shape.name, shape.meaning, table(shape.rows, shapes));
  shared.pop_back();  // one newline ends the page
  pages.push_back({"json.md", kHead + list + "\n" + sections + "## Shared objects\n\n" + shared});
  return pages;
}

}  // namespace socle::reference
