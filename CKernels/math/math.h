// Every function of a vector, for both widths. Polynomials have a file for each width; what is written on top of them
// is the same text for both.
#ifndef CK_MATH_H
#define CK_MATH_H

#include "arctangent.h"
#include "erf.h"
#include "erf_f64.h"
#include "exp.h"
#include "exp_f64.h"
#include "log.h"
#include "log_f64.h"
#include "hyperbolic.h"
#include "mills.h"
#include "normal_cumulative.h"
#include "sine.h"
#include "tanh.h"
#include "tanh_f64.h"
#include "turns.h"
#include "turns_f64.h"
#include "special_f64.h"

#define vf_exp CK_VF(exp)
#define vf_exp_of_lesser CK_VF(exp_of_lesser)
#define vf_log CK_VF(log)
#define vf_tanh CK_VF(tanh)
#define vf_erf CK_VF(erf)
#define vf_normal_cumulative CK_VF(normal_cumulative)
#define vf_mills CK_VF(mills)
#define vf_sincos_turns CK_VF(sincos_turns)

#define CK_BODY "../math/arithmetic.h"
#include "../simd/each_width.h"
#define CK_BODY "../math/whole.h"
#include "../simd/each_width.h"
#define CK_BODY "../math/trigonometry.h"
#include "../simd/each_width.h"
#define CK_BODY "../math/logarithms.h"
#include "../simd/each_width.h"
#define CK_BODY "../math/sigmoid.h"
#include "../simd/each_width.h"
#define CK_BODY "../math/activation.h"
#include "../simd/each_width.h"

#endif
