// What a caller must know of the kernels that measure a machine's limits.
#ifndef CK_LIMITS_H
#define CK_LIMITS_H

enum {
  /// Elements of an item of `limit_multiply_add_f32` are a multiple of this: whole groups of chains on any ISA.
  CK_LIMIT_CHAIN_ELEMENTS = 192,
  /// Elements of an item of the bandwidth kernels are a multiple of this: whole vectors on any ISA.
  CK_LIMIT_BLOCK_ELEMENTS = 64,
};

#endif
