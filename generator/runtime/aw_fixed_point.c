/* Integer arithmetic of the reference kernels. SPDX-License-Identifier: Apache-2.0

   Qi.f has i integer and f fraction bits beside the sign. Additions of Q numbers go through
   aw_wrap: no operand, however wrong, overflows a signed number. */
#include "aw_fixed_point.h"

#include <string.h>

int32_t aw_wrap(int64_t x) {
    const uint32_t low = (uint32_t)((uint64_t)x & 0xffffffffu);
    int32_t value;
    memcpy(&value, &low, sizeof value);
    return value;
}

/* Floor of x / 2^n; C leaves >> of a negative number to the implementation. */
static int64_t shift_right(int64_t x, int32_t n) {
    return x < 0 ? ~(~x >> n) : x >> n;
}

int32_t aw_multiply_high(int32_t a, int32_t b) {
    return aw_wrap(shift_right((int64_t)a * b + ((int64_t)1 << 30), 31));
}

int64_t aw_divide_by_power(int64_t x, int32_t exponent) {
    const int64_t mask = ((int64_t)1 << exponent) - 1;
    const int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return shift_right(x, exponent) + ((x & mask) > threshold ? 1 : 0);
}

int32_t aw_requantize(int32_t x, int32_t multiplier, int32_t shift) {
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = shift < 0 ? -shift : 0;
    const int32_t shifted = aw_wrap((int64_t)x * ((int64_t)1 << left));
    return (int32_t)aw_divide_by_power(aw_multiply_high(shifted, multiplier), right);
}

/* exp(a) for a in [-1/4, 0) in Q0.31: Taylor polynomial around -1/8. */
static int32_t exp_on_quarter(int32_t a) {
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t third = 715827883;
    const int32_t x = aw_wrap((int64_t)a + (1 << 28));
    const int32_t x2 = aw_multiply_high(x, x);
    const int32_t x3 = aw_multiply_high(x2, x);
    const int32_t x4 = aw_multiply_high(x2, x2);
    const int64_t x4_quarter = aw_divide_by_power(x4, 2);
    const int64_t cubic = aw_multiply_high(aw_wrap(x4_quarter + x3), third);
    const int64_t rest = aw_divide_by_power(aw_wrap(cubic + x2), 1);
    return aw_wrap((int64_t)exp_of_minus_eighth +
                   aw_multiply_high(exp_of_minus_eighth, aw_wrap(x + rest)));
}

int32_t aw_exp_of_negative(int32_t a) {
    /* exp(-2^k) in Q0.31 for k = -2 .. 4 */
    static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308,
                                      39332535,   720401,     242};
    const int32_t quarter = 1 << 24;
    if (a == 0) return INT32_MAX;
    const int32_t low = (int32_t)((uint32_t)a & (uint32_t)(quarter - 1)) - quarter;
    int32_t result = exp_on_quarter(aw_wrap((int64_t)low * 32)); /* Q5.26 to Q0.31 */
    const uint32_t rest = (uint32_t)low - (uint32_t)a;
    for (uint32_t k = 0; k < 7; ++k) {
        if ((rest >> (24 + k)) & 1u) result = aw_multiply_high(result, powers[k]);
    }
    return result;
}

/* Left shift that saturates to 32 bits. */
static int32_t saturating_shift(int32_t x, int32_t shift) {
    const int64_t wide = (int64_t)x * ((int64_t)1 << shift);
    return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / (1 + a) for a in [0, 1) in Q0.31: three Newton steps from 48/17 - 32/17 d. */
static int32_t one_over_one_plus(int32_t a) {
    const int64_t sum = (int64_t)a + INT32_MAX;
    const int32_t half_denominator = (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
    int32_t x = aw_wrap((int64_t)1515870810 + aw_multiply_high(half_denominator, -1010580540));
    for (int step = 0; step < 3; ++step) {
        const int32_t product = aw_multiply_high(half_denominator, x); /* Q2.29 */
        const int32_t error = aw_wrap((int64_t)(1 << 29) - product);
        x = aw_wrap((int64_t)x + saturating_shift(aw_multiply_high(x, error), 2));
    }
    return saturating_shift(x, 1); /* half of Q2.29 is Q1.30 with the same bits */
}

int32_t aw_reciprocal(int32_t x, int32_t* bits_over_unit) {
    int32_t headroom = 0;
    uint32_t bits = (uint32_t)x;
    while (headroom < 31 && !(bits & 0x80000000u)) {
        bits <<= 1;
        ++headroom;
    }
    *bits_over_unit = 12 - headroom;
    return one_over_one_plus((int32_t)(bits & 0x7fffffffu));
}

int32_t aw_load_element(const uint8_t* bytes, uint32_t type) {
    switch (type) {
        case AW_INT8:
            return bytes[0] < 128 ? bytes[0] : bytes[0] - 256;
        case AW_UINT8:
            return bytes[0];
        case AW_INT16: {
            const int32_t value = bytes[0] | bytes[1] << 8;
            return value < 32768 ? value : value - 65536;
        }
        default:
            return aw_wrap((int64_t)aw_load_u32(bytes));
    }
}

void aw_store_element(uint8_t* bytes, uint32_t type, int32_t value) {
    const uint32_t bits = (uint32_t)value;
    bytes[0] = (uint8_t)bits;
    if (aw_type_bytes(type) == 1) return;
    bytes[1] = (uint8_t)(bits >> 8);
    if (aw_type_bytes(type) == 2) return;
    bytes[2] = (uint8_t)(bits >> 16);
    bytes[3] = (uint8_t)(bits >> 24);
}
