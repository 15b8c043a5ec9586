// Reading, writing and adding at places that an index operand names, and finding places.
//
// Indices are int64 and may be negative: they then count from the end of the indexed axis, whose extent is
// integers[0]. The caller has checked their bounds. Operands have any strides; the output overlaps no input.
#include "../simd/elements.h"

#include "embedding_bag.h"
#include "gather.h"
#include "index_add.h"
#include "index_copy.h"
#include "index_select.h"
#include "nonzero.h"
#include "scatter.h"
#include "scatter_add.h"
#include "search.h"
