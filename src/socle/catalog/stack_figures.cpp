#include "socle/catalog/stack_figures.hpp"

namespace socle::catalog {
namespace {

template <double Stack::*member>
constexpr StackFigure number(std::string_view name, bool share = false) {
  return {name, share, [](const Stack& s) { return s.*member; }, [](Stack& s, double v) { s.*member = v; }};
}

template <Seconds Stack::*member>
constexpr StackFigure time(std::string_view name) {
  return {name, false, [](const Stack& s) { return (s.*member).value(); },
          [](Stack& s, double v) { s.*member = Seconds{v}; }};
}

}  // namespace

const std::vector<StackFigure>& stack_figures() {
  static const std::vector<StackFigure> figures{number<&Stack::compute>("compute"),
                                                number<&Stack::attention>("attention"),
                                                number<&Stack::elementwise>("elementwise"),
                                                number<&Stack::narrow>("narrow"),
                                                number<&Stack::experts>("experts"),
                                                number<&Stack::dispatch>("dispatch"),
                                                time<&Stack::host_launch>("host_launch"),
                                                time<&Stack::host_collective>("host_collective"),
                                                time<&Stack::host_send>("host_send"),
                                                number<&Stack::network>("network"),
                                                time<&Stack::step_overhead>("step_overhead"),
                                                number<&Stack::jitter>("jitter"),
                                                number<&Stack::tensor_hidden>("tensor_hidden", true),
                                                number<&Stack::data_hidden>("data_hidden", true),
                                                number<&Stack::expert_hidden>("expert_hidden", true)};
  return figures;
}

}  // namespace socle::catalog
