#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle::migrate {

/// A name of PyTorch that a source uses, written out: "torch.nn.functional.relu" of `F.relu`.
struct TorchName {
  std::string name;
  int line = 0;
};

/// Names that begin at `torch`, through what the file imports under other names. Comments and strings are skipped;
/// nothing is executed. Methods of tensors and names behind variables are not seen.
std::vector<TorchName> torch_names(std::string_view source);

/// A type of elements, a layout or a mark such as torch.float16, which every backend of PyTorch has by name.
bool is_torch_constant(std::string_view name);

}  // namespace socle::migrate
