// Every kernel body, for the ISA whose header was included before. Included once per ISA.
#include "../pointwise/pointwise.h"
#include "../random/random.h"
#include "../optimizers/optimizers.h"
#include "../reductions/reductions.h"
#include "../rows/rows.h"
#include "../indexing/indexing.h"
#include "../gemm/gemm.h"
#include "../limits/limits.h"
