/* SOFTMAX of int8 or uint8. SPDX-License-Identifier: Apache-2.0

   d = a - max, scaled to Q5.26; sum of exp(d) in Q12.19; out = exp(d) / sum in units of 2^-bits
   of the output type, from its lowest value on. */
#include "aw_fixed_point.h"

static int32_t type_lowest(uint32_t type) {
    return type == AW_INT8 ? -128 : type == AW_INT16 ? -32768 : 0;
}

static int32_t type_highest(uint32_t type) {
    return type == AW_INT8 ? 127 : type == AW_INT16 ? 32767 : 255;
}

static int32_t exp_of_difference(const aw_host_op* op, int32_t difference) {
    return aw_exp_of_negative(aw_requantize(difference, op->multiplier_a, op->shift_a));
}

void aw_softmax_row(const aw_host_op* op, const uint8_t* a, uint8_t* out) {
    const uint32_t count = op->dims[AW_MAX_RANK - 1];
    const size_t a_step = (size_t)op->a.stride[AW_MAX_RANK - 1] * aw_type_bytes(op->a.type);
    const size_t out_step = (size_t)op->out.stride[AW_MAX_RANK - 1] * aw_type_bytes(op->out.type);
    int32_t highest = INT32_MIN;
    for (uint32_t i = 0; i < count; ++i) {
        const int32_t value = aw_load_element(a + i * a_step, op->a.type);
        if (value > highest) highest = value;
    }
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const int32_t difference = aw_load_element(a + i * a_step, op->a.type) - highest;
        if (difference < op->minimum) continue;
        sum += aw_divide_by_power(exp_of_difference(op, difference), 12);
    }
    int32_t bits_over_unit = 0;
    const int32_t scale =
        aw_reciprocal(sum > INT32_MAX ? INT32_MAX : (int32_t)sum, &bits_over_unit);
    const int32_t type_bits = (int32_t)aw_type_bytes(op->out.type) * 8;
    const int32_t lowest = type_lowest(op->out.type);
    for (uint32_t i = 0; i < count; ++i) {
        const int32_t difference = aw_load_element(a + i * a_step, op->a.type) - highest;
        int64_t value = lowest;
        if (difference >= op->minimum) {
            const int32_t product = aw_multiply_high(scale, exp_of_difference(op, difference));
            value += aw_divide_by_power(product, bits_over_unit + 31 - type_bits);
        }
        if (value < lowest) value = lowest;
        if (value > type_highest(op->out.type)) value = type_highest(op->out.type);
        aw_store_element(out + i * out_step, op->out.type, (int32_t)value);
    }
}
