#include "socle/catalog/stack_figures.hpp"

namespace socle::catalog {
namespace {

template <double Stack::*member>
constexpr StackFigure number(std::string_view name, FigurePrior prior, bool share = false) {
  return {
      name, prior, false, share, [](const Stack& s) { return s.*member; }, [](Stack& s, double v) { s.*member = v; }};
}

template <double Stack::*member>
constexpr StackFigure share(std::string_view name, FigurePrior prior) {
  return number<member>(name, prior, true);
}

template <Seconds Stack::*member>
constexpr StackFigure time(std::string_view name, FigurePrior prior) {
  return {name,
          prior,
          true,
          false,
          [](const Stack& s) { return (s.*member).value(); },
          [](Stack& s, double v) { s.*member = Seconds{v}; }};
}

}  // namespace

const std::vector<StackFigure>& stack_figures() {
  // Value, width, least, most: judgement before any fit (assumption), held since; docs/design/calibration.md.
  static const std::vector<StackFigure> figures{
      number<&Stack::compute>("compute", {1.08, 0.10, 0.97, 2.5}),
      number<&Stack::attention>("attention", {1.1, 0.2, 0.5, 4.0}),
      number<&Stack::elementwise>("elementwise", {1.4, 0.45, 0.4, 8.0}),
      number<&Stack::narrow>("narrow", {1.08, 0.15, 0.9, 3.0}),
      number<&Stack::experts>("experts", {1.25, 0.35, 0.5, 6.0}),
      number<&Stack::dispatch>("dispatch", {1.0, 0.3, 0.3, 5.0}),
      time<&Stack::host_launch>("host_launch", {6e-6, 0.8, 5e-7, 3e-4}),
      time<&Stack::host_collective>("host_collective", {2e-5, 0.8, 1e-6, 1e-3}),
      time<&Stack::host_routing>("host_routing", {3e-3, 0.5, 1e-4, 3e-2}),
      time<&Stack::host_shard>("host_shard", {1e-3, 0.8, 1e-5, 2e-2}),
      time<&Stack::host_send>("host_send", {1e-4, 1.0, 1e-6, 2e-2}),
      number<&Stack::network>("network", {1.1, 0.35, 0.9, 6.0}),
      time<&Stack::step_overhead>("step_overhead", {1e-2, 1.0, 1e-4, 3.0}),
      number<&Stack::jitter>("jitter", {0.004, 0.5, 0.0005, 0.03}),
      share<&Stack::tensor_hidden>("tensor_hidden", {0.6, 0.25, 0.0, 0.97}),
      share<&Stack::data_hidden>("data_hidden", {0.8, 0.2, 0.0, 0.99}),
      share<&Stack::expert_hidden>("expert_hidden", {0.6, 0.25, 0.0, 0.97})};
  return figures;
}

Stack with_general_priors(Stack stack) {
  for (const StackFigure& figure : stack_figures()) figure.set(stack, figure.prior.value);
  return stack;
}

}  // namespace socle::catalog
