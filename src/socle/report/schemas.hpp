#pragma once

#include <vector>

#include "socle/base/json_schema.hpp"

/// Every JSON document that Socle prints, member by member. Declared beside the reports that write them.
namespace socle::report {

Schema train_schema();
Schema plan_schema();
Schema compare_schema();
Schema fabric_schema();
Schema fabric_design_schema();
Schema fabric_calibrate_schema();
Schema catalog_schema();
Schema validate_schema();
Schema fit_stack_schema();
Schema check_schema();
Schema model_schema();
Schema serve_fit_schema();
Schema serve_schema();
Schema serve_plan_schema();
Schema serve_day_schema();
Schema serve_mix_schema();
Schema risk_schema();
Schema serve_risk_schema();
Schema risk_rollout_schema();
Schema risk_incident_schema();
Schema risk_transfer_schema();
Schema serve_emit_schema();
Schema serve_calibrate_schema();
Schema cost_schema();
Schema cost_diff_schema();
Schema migrate_schema();
Schema migrate_cuda_schema();
Schema migrate_serving_schema();
Schema migrate_torch_schema();
Schema migrate_targets_schema();
Schema migrate_arguments_schema();
Schema migrate_training_schema();
Schema migrate_onnx_schema();

/// All of them, in the order of the commands' reference.
std::vector<Schema> schemas();

/// What several documents share.
Shape provenance_shape();
Shape layout_shape();
Shape stack_spread_shape();
/// Errors of predictions over one group of measured cases.
Shape errors_shape();
Shape money_shape();
Shape serve_fit_shape();
/// One layout of a served model and whether it fits.
Shape fit_row_shape();
/// The lists "assumptions" and "doubts".
SchemaRows sentence_rows();

}  // namespace socle::report
