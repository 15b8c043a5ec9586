// Names for bodies that are compiled once for each floating-point type.
//
// Such a body is included several times, each time with CK_BITS and CK_DTYPE defined anew:
//   CK_DTYPE  the type of the elements in memory: f32, f64, f16 or bf16; f32 outside of simd/each_float.h
//   CK_BITS   the width of the numbers computed with: 64 for f64, otherwise 32
// It is written against the names below, which stand for those of the type at hand: `vf_add` is `vf32_add` or
// `vf64_add`, and so on for everything that simd/baseline.h explains. What a body defines itself it names with
// CK_OF_REAL, where one definition for each width is enough, or with CK_OF_DTYPE:
//
//   #define reduce_block CK_OF_DTYPE(reduce_block)
//   CK_INLINE vf reduce_block(…
//
// The names are expanded where they are used, so that these definitions hold for every inclusion. simd/each_float.h
// includes a body for every type.
#ifndef CK_SIMD_NAMES_H
#define CK_SIMD_NAMES_H

#define CK_JOIN_(a, b) a##b
#define CK_JOIN(a, b) CK_JOIN_(a, b)

/// `name` for the present width: name_32 or name_64.
#define CK_OF_REAL(name) CK_JOIN(name##_, CK_BITS)
/// `name` for the present element type: name_f32, name_f64, name_f16 or name_bf16.
#define CK_OF_DTYPE(name) CK_JOIN(name##_, CK_DTYPE)

/// The type of numbers computed with, its vectors, and integers of its width.
#define real CK_JOIN(ck_real_, CK_BITS)
#define integer CK_JOIN(ck_integer_, CK_BITS)
#define vf CK_JOIN(vf, CK_BITS)
#define vi CK_JOIN(vi, CK_BITS)
#define vm CK_JOIN(vm, CK_BITS)
#define VF_LANES CK_JOIN(CK_JOIN(VF, CK_BITS), _LANES)
typedef float ck_real_32;
typedef double ck_real_64;
typedef int32_t ck_integer_32;
typedef int64_t ck_integer_64;

/// An element as it lies in memory, and its vectors: loads and stores of 16-bit floats convert. `CK_STORED(load)` is
/// `vf32_load`, `vf64_load`, `vf32_load_f16` or `vf32_load_bf16`.
#define stored CK_OF_DTYPE(ck_stored)
#define CK_STORED_f32(operation) vf32_##operation
#define CK_STORED_f64(operation) vf64_##operation
#define CK_STORED_f16(operation) vf32_##operation##_f16
#define CK_STORED_bf16(operation) vf32_##operation##_bf16
#define CK_STORED(operation) CK_JOIN(CK_STORED_, CK_DTYPE)(operation)
#define vf_load_stored CK_STORED(load)
#define vf_store_stored CK_STORED(store)
#define vf_load_stored_transposed CK_STORED(load_transposed)
#define vf_load_stored_first CK_STORED(load_first)
#define vf_store_stored_first CK_STORED(store_first)
#define vf_store_stored_streaming CK_STORED(store_streaming)
/// The number that an element is, and the element that a double is rounded to.
#define real_of_stored CK_OF_DTYPE(ck_real_of)
#define stored_of_f64 CK_OF_DTYPE(ck_f64_to)

#define CK_VM_(bits, operation) vm##bits##_##operation
#define CK_VM_OF(bits, operation) CK_VM_(bits, operation)
#define CK_VM(operation) CK_VM_OF(CK_BITS, operation)
#define vm_first CK_VM(first)
#define vm_and CK_VM(and)
#define vm_or CK_VM(or)
#define vm_not CK_VM(not)
#define vm_andnot CK_VM(andnot)
#define vm_any CK_VM(any)
#define vm_all CK_VM(all)
#define vm_load_bytes CK_VM(load_bytes)
#define vm_load_bytes_first CK_VM(load_bytes_first)
#define vm_store_bytes CK_VM(store_bytes)
#define vm_store_bytes_first CK_VM(store_bytes_first)

#define CK_VF_(bits, operation) vf##bits##_##operation
#define CK_VF_OF(bits, operation) CK_VF_(bits, operation)
#define CK_VF(operation) CK_VF_OF(CK_BITS, operation)
#define vf_zero CK_VF(zero)
#define vf_set1 CK_VF(set1)
#define vf_scale_by_power CK_VF(scale_by_power)
#define vf_load CK_VF(load)
#define vf_store CK_VF(store)
#define vf_load_first CK_VF(load_first)
#define vf_store_first CK_VF(store_first)
#define vf_add CK_VF(add)
#define vf_sub CK_VF(sub)
#define vf_mul CK_VF(mul)
#define vf_div CK_VF(div)
#define vf_sqrt CK_VF(sqrt)
#define vf_fma CK_VF(fma)
#define vf_fnma CK_VF(fnma)
#define vf_max CK_VF(max)
#define vf_min CK_VF(min)
#define vf_abs CK_VF(abs)
#define vf_neg CK_VF(neg)
#define vf_copysign CK_VF(copysign)
#define vf_round CK_VF(round)
#define vf_floor CK_VF(floor)
#define vf_eq CK_VF(eq)
#define vf_ne CK_VF(ne)
#define vf_lt CK_VF(lt)
#define vf_le CK_VF(le)
#define vf_gt CK_VF(gt)
#define vf_ge CK_VF(ge)
#define vf_is_nan CK_VF(is_nan)
#define vf_select CK_VF(select)
#define vf_zip_low CK_VF(zip_low)
#define vf_zip_high CK_VF(zip_high)
#define vf_reduce_add CK_VF(reduce_add)
#define vf_reduce_max CK_VF(reduce_max)
#define vf_reduce_min CK_VF(reduce_min)
#define vf_as_vi CK_JOIN(CK_VF(as_vi), CK_BITS)
#define vf_to_vi CK_JOIN(CK_VF(to_vi), CK_BITS)

#define CK_VI_(bits, operation) vi##bits##_##operation
#define CK_VI_OF(bits, operation) CK_VI_(bits, operation)
#define CK_VI(operation) CK_VI_OF(CK_BITS, operation)
#define vi_set1 CK_VI(set1)
#define vi_load CK_VI(load)
#define vi_store CK_VI(store)
#define vi_load_first CK_VI(load_first)
#define vi_store_first CK_VI(store_first)
#define vi_iota CK_VI(iota)
#define vi_add CK_VI(add)
#define vi_sub CK_VI(sub)
#define vi_and CK_VI(and)
#define vi_or CK_VI(or)
#define vi_xor CK_VI(xor)
#define vi_shift_left CK_VI(shift_left)
#define vi_shift_right_logical CK_VI(shift_right_logical)
#define vi_shift_right_arithmetic CK_VI(shift_right_arithmetic)
#define vi_eq CK_VI(eq)
#define vi_gt CK_VI(gt)
#define vi_select CK_VI(select)
#define vi_as_vf CK_JOIN(CK_VI(as_vf), CK_BITS)
#define vi_to_vf CK_JOIN(CK_VI(to_vf), CK_BITS)

#endif
