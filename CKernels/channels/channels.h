// Normalising channels: batch, group, instance and local response norm, forward and backward.
//
// A launch's shape is {images, channels, positions}, where positions are all further dimensions joined. Operands that
// have an element for each point have any step between images, and either side by side positions (row-major) or side by
// side channels (channels-last): sums run over logical indices in one order, which is the same in both, and with it
// every bit of a result.
//
// That order: positions go to 16 lanes in turn, whatever the instruction set. A lane adds up 16 numbers one after the
// other; such chains enter a sum in twice the precision; and at the end of a *part*, of integers[1] images by integers[2]
// positions, the lanes are added in halves, in double precision. Parts are added in order. Items are (part, channel)
// pairs, parts * channels of them with the channel running fastest, unless a kernel says otherwise.
//
// integers[0] is the number of groups of channels that have statistics of their own in each image; 0 where each channel
// has one statistic over all images.
#ifndef CK_CHANNELS_H
#define CK_CHANNELS_H

#include "../math/math.h"
#include "../simd/elements.h"
#include "../reductions/blocks.h"
#include "parts.h"
#define CK_BODY "../reductions/block_floats.h"
#include "../simd/each_float.h"
#define CK_BODY "../reductions/spread_measure.h"
#include "../simd/each_float.h"
#define CK_BODY "../channels/totals.h"
#include "../simd/each_width.h"
#define CK_BODY "../channels/slopes.h"
#include "../simd/each_width.h"
#define CK_BODY "../channels/local_response.h"
#include "../simd/each_width.h"
#define CK_BODY "../channels/kernels.h"
#include "../simd/each_float.h"

#endif
