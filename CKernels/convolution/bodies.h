// Everything that is compiled once for each type of elements.
#include "../gemm/pack_panel.h"
#include "pack_weights.h"
#include "pack_rows.h"
#include "pack_lines.h"
#include "finish.h"
#include "product.h"
#include "weight_gradient.h"
