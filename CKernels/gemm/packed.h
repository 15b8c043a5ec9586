// The product with a packed B. Included for each floating-point type by gemm.h.
#include "pack_panel.h"
#include "pack.h"
#include "block.h"
#include "activate.h"
#include "gemm_tile.h"
