#include <algorithm>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/output_type.hpp"
#include "socle/migrate/onnx/verdict.hpp"

namespace socle::migrate::onnx {
namespace {

/// One use under one opset, as a backend's rows see it.
struct Asked {
  const OpUse& use;
  int since;
  int opset;  ///< of the standard domain
};

/// ONNX Runtime's rule (VerifyKernelDef): an open end takes the version at which the kernel starts and no later one,
/// because a later version may mean another thing.
bool fits_version(const Backend& backend, const Fact& fact, const Asked& asked) {
  if (backend.match == Match::kName && !fact.to && fact.from == 1) return true;
  const int version =
      backend.match == Match::kOpset && asked.use.name.domain == kStandardDomain ? asked.opset : asked.since;
  if (fact.own || backend.match != Match::kKernel) return version >= fact.from && version <= fact.to.value_or(version);
  return fact.to ? version >= fact.from && version <= *fact.to : version == fact.from;
}

const TypeName* type_of(const OpUse& use, const std::string& variable) {
  if (variable == "*") return use.inputs.empty() ? nullptr : &use.inputs[0];
  if (variable.front() == '#') {
    const auto place = static_cast<std::size_t>(std::atoi(variable.c_str() + 1));
    return place < use.inputs.size() ? &use.inputs[place] : nullptr;
  }
  return find_variable(use.variables, variable);
}

/// The first variable whose type the row does not have; null: all fit. What was not inferred is not held against it.
const std::pair<std::string, std::vector<TypeName>>* misfit(const Fact& fact, const OpUse& use, const TypeName& casts) {
  for (const auto& constraint : fact.types) {
    const TypeName* type = type_of(use, constraint.first);
    if (!type || type->empty()) continue;
    const TypeName& run = !casts.empty() && *type == casts ? TypeName("float") : *type;
    if (std::find(constraint.second.begin(), constraint.second.end(), run) == constraint.second.end())
      return &constraint;
  }
  return nullptr;
}

bool has_setting(const OpUse& use, const Fact& fact) {
  return std::any_of(use.settings.begin(), use.settings.end(), [&](const auto& setting) {
    return setting.first == fact.attribute && setting.second == fact.value;
  });
}

std::string versions_text(const std::vector<Fact>& facts) {
  std::vector<std::string> texts;
  for (const Fact& fact : facts) {
    if (!fact.attribute.empty() || fact.status == Status::kUnsupported) continue;
    std::string text = !fact.to                ? std::to_string(fact.from)
                       : *fact.to == fact.from ? std::to_string(fact.from)
                                               : fmt::format("{} to {}", fact.from, *fact.to);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) all += (i == 0 ? "" : ", ") + texts[i];
  return all;
}

std::string types_text(const std::vector<TypeName>& types) {
  std::string all;
  for (std::size_t i = 0; i < types.size() && i < 6; ++i) all += (i == 0 ? "" : ", ") + types[i];
  return types.size() > 6 ? all + ", .." : all;
}

UseVerdict stated(const Backend& backend, const Fact& fact) {
  return {.status = fact.status,
          .reason = fact.status == Status::kSupported ? Reason::kNone : Reason::kStated,
          .why = !fact.note.empty()           ? fact.note
                 : counts_as_yes(fact.status) ? std::string()
                                              : std::string("stated as ") + status_key(fact.status),
          .evidence = fact.own ? Evidence::kE0 : backend.evidence,
          .converts_to = {}};
}

UseVerdict no(const Backend& backend, Status status, Reason reason, std::string why) {
  return {.status = status, .reason = reason, .why = std::move(why), .evidence = backend.evidence, .converts_to = {}};
}

/// By the operator's rows alone.
UseVerdict by_rows(const std::vector<Fact>& facts, const Backend& backend, const Asked& asked) {
  if (facts.empty()) return no(backend, backend.absent, Reason::kAbsent, "not in its list of operators");
  const std::pair<std::string, std::vector<TypeName>>* wrong_type = nullptr;
  for (const Fact& fact : facts) {
    if (!fact.attribute.empty()) {
      if (asked.since >= fact.from && asked.since <= fact.to.value_or(asked.since) && has_setting(asked.use, fact))
        return no(backend, fact.status, Reason::kSetting, fmt::format("{}={} is refused", fact.attribute, fact.value));
      continue;
    }
    if (!fits_version(backend, fact, asked)) continue;
    const auto* wrong = misfit(fact, asked.use, {});
    if (!wrong) return stated(backend, fact);
    wrong_type = wrong_type ? wrong_type : wrong;
  }
  if (!wrong_type)
    return no(backend, Status::kUnsupported, Reason::kVersion,
              fmt::format("has version {}; here {}", versions_text(facts), asked.since));
  for (const Fact& fact : facts) {
    if (backend.casts.empty() || !fact.attribute.empty() || !fits_version(backend, fact, asked)) continue;
    if (counts_as_yes(fact.status) && !misfit(fact, asked.use, backend.casts))
      return {.status = Status::kPartial,
              .reason = Reason::kType,
              .why = fmt::format("{} runs as float behind casts", backend.casts),
              .evidence = backend.evidence,
              .converts_to = {}};
  }
  return no(backend, Status::kUnsupported, Reason::kType,
            fmt::format("{} is {}; it takes {}", wrong_type->first == "*" ? "the input" : wrong_type->first,
                        printable(*type_of(asked.use, wrong_type->first), 40), types_text(wrong_type->second)));
}

/// A function of the standard that a runtime replaces by its body: the operators of that must be there. Types inside
/// are not followed, so the answer is partial.
std::optional<UseVerdict> by_body(const FactTable& facts, const SchemaTable& schemas, const Schema& schema,
                                  const Backend& backend, const Asked& asked, int depth = 0) {
  constexpr int kDepthMax = 4;  // CastLike in Elu in Celu
  if (!backend.inlines || schema.body.empty() || depth == kDepthMax) return std::nullopt;
  static const OpUse kUntyped;
  std::string parts;
  for (const BodyOp& part : schema.body) {
    const OpName name{std::string(kStandardDomain), part.op};
    const Asked within{.use = kUntyped, .since = part.since, .opset = asked.opset};
    UseVerdict inner = by_rows(facts.of(backend.key, name), backend, within);
    const Schema* function = schemas.find(name, part.since);
    if (!counts_as_yes(inner.status) && function)
      inner = by_body(facts, schemas, *function, backend, within, depth + 1).value_or(inner);
    if (!counts_as_yes(inner.status))
      return no(backend, Status::kUnsupported, Reason::kBody,
                fmt::format("a function, of which {} version {} is missing", part.op, part.since));
    parts += (parts.empty() ? "" : ", ") + part.op;
  }
  return UseVerdict{.status = Status::kPartial,
                    .reason = Reason::kBody,
                    .why = "replaced by its function: " + parts,
                    .evidence = backend.evidence,
                    .converts_to = {}};
}

}  // namespace

const char* reason_key(Reason reason) {
  static constexpr const char* kKeys[] = {"none",   "absent", "version", "type", "setting",
                                          "stated", "body",   "inside",  "opset"};
  return kKeys[static_cast<std::size_t>(reason)];
}

UseVerdict verdict_of(const FactTable& facts, const SchemaTable& schemas, const Requirement& model, const OpUse& use,
                      const Backend& backend, std::optional<int> opset) {
  const bool standard = use.name.domain == kStandardDomain;
  const int model_opset = opset ? *opset : static_cast<int>(model.opset(std::string(kStandardDomain)));
  const Schema* schema = opset && standard ? schemas.find(use.name, *opset) : use.schema;
  const Asked asked{.use = use, .since = schema ? schema->since : use.opset, .opset = model_opset};
  if (use.inside && !backend.subgraphs)
    return no(backend, Status::kUnsupported, Reason::kInside, "it takes no nodes inside If, Loop or Scan");
  const std::vector<Fact>& rows = facts.of(backend.key, use.name);
  if (standard && backend.opset_min && model_opset < *backend.opset_min)
    return no(backend, Status::kUnknown, Reason::kOpset,
              fmt::format("its list begins at opset {}; the model has {}", *backend.opset_min, model_opset));
  if (standard && backend.match == Match::kName && backend.opset_max && asked.since > *backend.opset_max)
    return no(
        backend, Status::kUnknown, Reason::kOpset,
        fmt::format("version {} is younger than its list, which ends at opset {}", asked.since, *backend.opset_max));
  const UseVerdict direct = by_rows(rows, backend, asked);
  if (counts_as_yes(direct.status) || !schema || direct.reason == Reason::kSetting) return direct;
  const bool by_user = std::any_of(rows.begin(), rows.end(), [](const Fact& fact) { return fact.own; });
  if (by_user && direct.reason == Reason::kStated) return direct;
  // What was asked of the runtime itself, function by function, needs no guess.
  if (backend.evidence >= Evidence::kE3 && direct.reason == Reason::kType) return direct;
  return by_body(facts, schemas, *schema, backend, asked).value_or(direct);
}

}  // namespace socle::migrate::onnx
