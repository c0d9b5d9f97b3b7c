#pragma once

#include "socle/model/hf_families/parts.hpp"

// State-space and other recurrent mixers, as linear mixers with their true projections.
namespace socle::model {

/// Mamba-1: channels with a decay of their own, whose step widths come through a low rank. `rank` 0: hidden / 16.
struct Mamba1 {
  double channels = 0;
  int state = 16;
  int taps = 4;
  double rank = 0;
  bool conv_bias = true;
  bool proj_bias = false;
};
Mixer mamba1_mixer(const HfReader& config, const Mamba1& sizes);

/// Mamba-2: heads with one decay each.
struct Mamba2 {
  int heads = 1, head_dim = 1, groups = 1, state = 1, taps = 4;
  bool conv_bias = true;
  bool proj_bias = false;
  bool norm = true;
};
Mixer mamba2_mixer(const HfReader& config, const Mamba2& sizes);

/// The sizes of Mamba-2 under the keys that start with mamba_.
Mamba2 hf_mamba2(const HfReader& config);

}  // namespace socle::model
