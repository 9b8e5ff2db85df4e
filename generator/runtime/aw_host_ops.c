/* Loops of the host operators. SPDX-License-Identifier: Apache-2.0 */
#include "aw_host_ops.h"

#include <string.h>

#include "aw_fixed_point.h"

enum { kLast = AW_MAX_RANK - 1 };

/* Place of the loop: index per axis, and bytes from the operands' first elements. */
typedef struct {
    uint32_t index[AW_MAX_RANK];
    size_t a, b, out;
} walk;

static size_t step_bytes(const aw_operand* operand, uint32_t axis) {
    return (size_t)operand->stride[axis] * aw_type_bytes(operand->type);
}

static void start(walk* at) {
    for (uint32_t axis = 0; axis < AW_MAX_RANK; ++axis) at->index[axis] = 0;
    at->a = at->b = at->out = 0;
}

/* Next index of axes [first, end), the last one fastest; false after the last, back at the start.
 */
static bool advance(const aw_host_op* op, walk* at, uint32_t first, uint32_t end) {
    for (uint32_t axis = end; axis-- > first;) {
        const size_t back = op->dims[axis] - 1u;
        if (++at->index[axis] < op->dims[axis]) {
            at->a += step_bytes(&op->a, axis);
            at->b += step_bytes(&op->b, axis);
            at->out += step_bytes(&op->out, axis);
            return true;
        }
        at->index[axis] = 0;
        at->a -= step_bytes(&op->a, axis) * back;
        at->b -= step_bytes(&op->b, axis) * back;
        at->out -= step_bytes(&op->out, axis) * back;
    }
    return false;
}

static int32_t clamp(const aw_host_op* op, int64_t value) {
    if (value < op->minimum) return op->minimum;
    return value > op->maximum ? op->maximum : (int32_t)value;
}

/* Requantized, with the output's zero point, limited. */
static int32_t finish(const aw_host_op* op, int32_t sum) {
    return clamp(op, (int64_t)aw_requantize(sum, op->multiplier, op->shift) + op->zero_out);
}

static void move_row(const aw_host_op* op, const uint8_t* a, uint8_t* out) {
    const uint32_t count = op->dims[kLast];
    const size_t size = aw_type_bytes(op->out.type);
    const size_t a_step = step_bytes(&op->a, kLast);
    const size_t out_step = step_bytes(&op->out, kLast);
    if (a_step == size && out_step == size) {
        memcpy(out, a, count * size);
        return;
    }
    for (uint32_t i = 0; i < count; ++i) {
        for (size_t byte = 0; byte < size; ++byte) out[byte] = a[byte];
        a += a_step;
        out += out_step;
    }
}

/* Doubles what is filled: compilers make a call of memset of a plain loop. */
static void fill_row(const aw_host_op* op, uint8_t* out) {
    const size_t size = aw_type_bytes(op->out.type);
    const size_t bytes = op->dims[kLast] * size;
    aw_store_element(out, op->out.type, op->zero_out);
    for (size_t filled = size; filled < bytes;) {
        const size_t part = filled < bytes - filled ? filled : bytes - filled;
        memcpy(out + filled, out, part);
        filled += part;
    }
}

static int32_t scaled(const aw_host_op* op, int32_t value, int32_t multiplier, int32_t shift) {
    const int32_t shifted = aw_wrap((int64_t)value * ((int64_t)1 << op->left_shift));
    return aw_requantize(shifted, multiplier, shift);
}

static int32_t binary(const aw_host_op* op, int32_t a, int32_t b) {
    if (op->kind == AW_HOST_MUL) return finish(op, aw_wrap((int64_t)a * b));
    const int64_t left = scaled(op, a, op->multiplier_a, op->shift_a);
    const int64_t right = scaled(op, b, op->multiplier_b, op->shift_b);
    return finish(op, aw_wrap(op->kind == AW_HOST_ADD ? left + right : left - right));
}

/* Round half away from zero; saturates, and what is not a number gives the lowest value. */
static int32_t round_float(float x) {
    const float limit = 1073741824.0F; /* 2^30 */
    if (!(x > -limit)) return -(1 << 30);
    if (x >= limit) return 1 << 30;
    const int32_t whole = (int32_t)x;
    const float rest = x - (float)whole; /* exact: 0 from 2^23 on */
    if (rest >= 0.5F) return whole + 1;
    return rest <= -0.5F ? whole - 1 : whole;
}

static void dequantize(const aw_host_op* op, const uint8_t* a, uint8_t* out) {
    const float value = op->scale * (float)(aw_load_element(a, op->a.type) - op->zero_a);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    aw_store_u32(out, bits);
}

/* Kinds that make one element of one of each operand. */
static void element_row(const aw_host_op* op, const uint8_t* a, const uint8_t* b, uint8_t* out,
                        const uint8_t* table) {
    const size_t a_step = step_bytes(&op->a, kLast);
    const size_t b_step = step_bytes(&op->b, kLast);
    const size_t out_step = step_bytes(&op->out, kLast);
    for (uint32_t i = 0; i < op->dims[kLast]; ++i) {
        switch (op->kind) {
            case AW_HOST_TABLE:
                *out = table[*a];
                break;
            case AW_HOST_REQUANTIZE:
                aw_store_element(out, op->out.type,
                                 finish(op, aw_load_element(a, op->a.type) - op->zero_a));
                break;
            case AW_HOST_QUANTIZE:
                aw_store_element(
                    out, op->out.type,
                    clamp(op, (int64_t)round_float(aw_load_f32(a) / op->scale) + op->zero_out));
                break;
            case AW_HOST_DEQUANTIZE:
                dequantize(op, a, out);
                break;
            default:
                aw_store_element(out, op->out.type,
                                 binary(op, aw_load_element(a, op->a.type) - op->zero_a,
                                        aw_load_element(b, op->b.type) - op->zero_b));
                break;
        }
        a += a_step;
        if (b != NULL) b += b_step;
        out += out_step;
    }
}

static int32_t average(const aw_host_op* op, int64_t sum, int64_t count) {
    return clamp(op, sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count);
}

static void reduce(const aw_host_op* op, const uint8_t* a, uint8_t* out) {
    walk at;
    start(&at);
    do {
        int64_t sum = 0;
        int64_t count = 0;
        int32_t largest = INT32_MIN;
        do {
            const int32_t value = aw_load_element(a + at.a, op->a.type);
            if (value > largest) largest = value;
            sum += value - op->zero_a;
            ++count;
        } while (advance(op, &at, op->kept, AW_MAX_RANK));
        const int32_t result = op->kind == AW_HOST_MEAN      ? finish(op, aw_wrap(sum))
                               : op->kind == AW_HOST_AVERAGE ? average(op, sum, count)
                                                             : clamp(op, largest);
        aw_store_element(out + at.out, op->out.type, result);
    } while (advance(op, &at, 0, op->kept));
}

void aw_host_op_run(const aw_host_op* op, const uint8_t* a, const uint8_t* b, uint8_t* out,
                    const uint8_t* table) {
    if (aw_host_op_reduces(op)) {
        reduce(op, a, out);
        return;
    }
    walk at;
    start(&at);
    do {
        switch (op->kind) {
            case AW_HOST_MOVE:
                move_row(op, a + at.a, out + at.out);
                break;
            case AW_HOST_FILL:
                fill_row(op, out + at.out);
                break;
            case AW_HOST_SOFTMAX:
                aw_softmax_row(op, a + at.a, out + at.out);
                break;
            default:
                element_row(op, a + at.a, b == NULL ? NULL : b + at.b, out + at.out, table);
                break;
        }
    } while (advance(op, &at, 0, kLast));
}
