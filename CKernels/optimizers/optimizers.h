// Optimizer steps and what is done to gradients before them, each one pass over all parameters. Items are the elements
// of all of them, or parts of those.
#ifndef CK_OPTIMIZERS_H
#define CK_OPTIMIZERS_H

#include "../math/math.h"
#include "../simd/elements.h"
#include "segments.h"

/// What a norm adds up of every element.
typedef enum segment_term {
  SEGMENT_SQUARES,
  SEGMENT_MAGNITUDES,
  /// Nothing is added: the greatest magnitude counts.
  SEGMENT_LARGEST,
  SEGMENT_POWERS,
} segment_term;

/// Vectors in flight: enough to hide an addition's latency at two loads a cycle.
enum { SEGMENT_STREAMS = 8 };
/// The elements that are added up before their sum goes on in float64: 16 vectors for each stream.
#define SEGMENT_BLOCK (16 * SEGMENT_STREAMS * VF_LANES)

#define CK_BODY "../optimizers/sgd.h"
#include "../simd/each_width.h"
#define CK_BODY "../optimizers/adam.h"
#include "../simd/each_width.h"
#define CK_BODY "../optimizers/norms.h"
#include "../simd/each_float.h"
#define CK_BODY "../optimizers/rescale.h"
#include "../simd/each_float.h"

#endif
