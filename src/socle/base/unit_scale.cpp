#include "socle/base/unit_scale.hpp"

#include <span>

namespace socle {
namespace {

/// The figure from which on the unit is used, and its suffix.
struct Step {
  double unit;
  std::string_view suffix;
  double from = unit;
};

constexpr double kKi = 1024.0, kMi = kKi * kKi, kGi = kMi * kKi, kTi = kGi * kKi, kPi = kTi * kKi;
constexpr double kMinute = 60.0, kHour = 3600.0, kDay = 86400.0;

// Steps in ascending order.
template <typename T>
UnitScale<T> pick(const T& figure, std::span<const Step> steps) {
  const double size = std::fabs(UnitScale<T>::plain(figure));
  const Step* chosen = &steps.front();
  for (const Step& step : steps) {
    // What rounds up to the next unit is printed in it: 999.96 GB is 1 TB.
    if (size >= step.from * 0.99995) chosen = &step;
  }
  return {chosen->unit, chosen->suffix};
}

// Thousands are written out up to 9999.
constexpr Step kCounts[] = {{1, ""}, {1e3, "K", 1e4}, {1e6, "M"}, {1e9, "B"}, {1e12, "T"}};

}  // namespace

UnitScale<Bytes> unit_for(Bytes size) {
  constexpr Step kSteps[] = {{1, " B"}, {1e3, " KB"}, {1e6, " MB"}, {1e9, " GB"}, {1e12, " TB"}, {1e15, " PB"}};
  return pick(size, kSteps);
}

UnitScale<Bytes> binary_unit_for(Bytes size) {
  constexpr Step kSteps[] = {{1, " B"}, {kKi, " KiB"}, {kMi, " MiB"}, {kGi, " GiB"}, {kTi, " TiB"}, {kPi, " PiB"}};
  return pick(size, kSteps);
}

UnitScale<BytesPerSecond> unit_for(BytesPerSecond rate) {
  constexpr Step kSteps[] = {{1, " B/s"},    {1e3, " KB/s"},  {1e6, " MB/s"},
                             {1e9, " GB/s"}, {1e12, " TB/s"}, {1e15, " PB/s"}};
  return pick(rate, kSteps);
}

UnitScale<BytesPerSecond> bit_unit_for(BytesPerSecond rate) {
  constexpr Step kSteps[] = {{0.125, " b/s"}, {125, " Kb/s"}, {1.25e5, " Mb/s"}, {1.25e8, " Gb/s"}, {1.25e11, " Tb/s"}};
  return pick(rate, kSteps);
}

UnitScale<Seconds> unit_for(Seconds time) {
  constexpr Step kSteps[] = {{1e-12, " ps"}, {1e-9, " ns"},  {1e-6, " us"},
                             {1e-3, " ms"},  {1, " s"},      {kMinute, " min", 2 * kMinute},
                             {kHour, " h"},  {kDay, " days"}};
  if (time.value() == 0) return {1, " s"};
  return pick(time, kSteps);
}

UnitScale<Flops> unit_for(Flops count) {
  constexpr Step kSteps[] = {{1, " FLOP"},     {1e3, " KFLOP"},  {1e6, " MFLOP"},  {1e9, " GFLOP"}, {1e12, " TFLOP"},
                             {1e15, " PFLOP"}, {1e18, " EFLOP"}, {1e21, " ZFLOP"}, {1e24, " YFLOP"}};
  return pick(count, kSteps);
}

UnitScale<FlopsPerSecond> unit_for(FlopsPerSecond rate) {
  constexpr Step kSteps[] = {{1, " FLOP/s"},     {1e6, " MFLOP/s"},        {1e9, " GFLOP/s"},
                             {1e12, " TFLOP/s"}, {1e15, " PFLOP/s", 1e17}, {1e18, " EFLOP/s"}};
  return pick(rate, kSteps);
}

UnitScale<Watts> unit_for(Watts power) {
  constexpr Step kSteps[] = {{1, " W"}, {1e3, " kW"}, {1e6, " MW"}, {1e9, " GW"}};
  return pick(power, kSteps);
}

UnitScale<Joules> unit_for(Joules energy) {
  constexpr Step kSteps[] = {{1, " J"},       {3.6e3, " Wh"},   {3.6e6, " kWh"},
                             {3.6e9, " MWh"}, {3.6e12, " GWh"}, {3.6e15, " TWh"}};
  return pick(energy, kSteps);
}

UnitScale<Tokens> unit_for(Tokens count) {
  constexpr Step kSteps[] = {
      {1, " tokens"}, {1e3, "K tokens", 1e4}, {1e6, "M tokens"}, {1e9, "B tokens"}, {1e12, "T tokens"}};
  return pick(count, kSteps);
}

UnitScale<TokensPerSecond> unit_for(TokensPerSecond rate) {
  constexpr Step kSteps[] = {
      {1, " tokens/s"}, {1e3, "K tokens/s", 1e4}, {1e6, "M tokens/s"}, {1e9, "B tokens/s"}, {1e12, "T tokens/s"}};
  return pick(rate, kSteps);
}

UnitScale<Money> unit_for(const Money& money) { return pick(money, kCounts); }
UnitScale<double> unit_for(double count) { return pick(count, kCounts); }

}  // namespace socle
