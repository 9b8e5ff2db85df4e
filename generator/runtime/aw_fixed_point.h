/* Integer arithmetic of the reference kernels. SPDX-License-Identifier: Apache-2.0 */
#ifndef AW_FIXED_POINT_H
#define AW_FIXED_POINT_H

#include "aw_host_ops.h"

#ifdef __cplusplus
extern "C" {
#endif

/* x with the low 32 bits kept, as a two's complement number. */
int32_t aw_wrap(int64_t x);

/* (a * b + 2^30) >> 31: the product of two Q0.31 numbers, ties toward plus infinity. */
int32_t aw_multiply_high(int32_t a, int32_t b);

/* x / 2^exponent, exponent 0 to 62, rounded to nearest, ties away from zero. */
int64_t aw_divide_by_power(int64_t x, int32_t exponent);

/* x * multiplier * 2^(shift - 31), rounded twice; shift -31 to 30. What a left shift pushes out of
   32 bits is lost, as in the reference. */
int32_t aw_requantize(int32_t x, int32_t multiplier, int32_t shift);

/* exp(a) for a <= 0 in Q5.26; the result is Q0.31. */
int32_t aw_exp_of_negative(int32_t a);

/* 1 / x of x in Q12.19, 1 <= x: the result in Q0.31 is to be divided by 2^bits_over_unit. */
int32_t aw_reciprocal(int32_t x, int32_t* bits_over_unit);

/* One row: n elements of op->a.type at stride op->a.stride[5]. */
void aw_softmax_row(const aw_host_op* op, const uint8_t* a, uint8_t* out);

/* Integer element of type `type`; other types than INT8, UINT8, INT16, INT32 are not integer. */
int32_t aw_load_element(const uint8_t* bytes, uint32_t type);
void aw_store_element(uint8_t* bytes, uint32_t type, int32_t value);

#ifdef __cplusplus
}
#endif
#endif
