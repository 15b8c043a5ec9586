// Transcendental functions: operands out, x. No attributes. NaN gives NaN; the error bounds are with the
// functions, in math/.
#ifndef CK_POINTWISE_TRANSCENDENTAL_H
#define CK_POINTWISE_TRANSCENDENTAL_H

#include "../math/erf.h"
#include "../math/exp.h"
#include "../math/log.h"
#include "../math/sigmoid.h"
#include "../math/tanh.h"

CK_UNARY_F32(exp, vf32_exp)
CK_UNARY_F32(log, vf32_log)
CK_UNARY_F32(tanh, vf32_tanh)
CK_UNARY_F32(sigmoid, vf32_sigmoid)
CK_UNARY_F32(erf, vf32_erf)

#endif
