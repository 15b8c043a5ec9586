// The kernel table: for every kernel its name and its tile function per ISA, all from one list.
#include <stddef.h>

#include "ckernels.h"
#include "../simd/isa.h"

#define CK_KERNEL(op, dtype, operands, operations) CK_DECLARE_TILES(op, dtype)
#include "ck_kernels.def"
#undef CK_KERNEL

static const char *const kernel_names[CK_KERNEL_COUNT] = {
#define CK_KERNEL(op, dtype, operands, operations) #op "_" #dtype,
#include "ck_kernels.def"
#undef CK_KERNEL
};

static const ck_tile tile_functions[CK_KERNEL_COUNT][CK_ISA_COUNT] = {
#define CK_KERNEL(op, dtype, operands, operations) CK_LIST_TILES(op, dtype),
#include "ck_kernels.def"
#undef CK_KERNEL
};

const char *ck_kernel_name(ck_kernel kernel) { return kernel_names[kernel]; }

ck_tile ck_tile_function(ck_kernel kernel, ck_isa isa) { return tile_functions[kernel][isa]; }
