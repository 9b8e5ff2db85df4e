/* Decoder and checks of host operator descriptors. SPDX-License-Identifier: Apache-2.0 */
#include "aw_host_ops.h"

static bool is_integer(uint32_t type) {
    return type <= AW_INT32;
}
static bool is_byte(uint32_t type) {
    return type == AW_INT8 || type == AW_UINT8;
}

static void read_strides(const uint8_t* bytes, uint32_t* strides) {
    for (uint32_t axis = 0; axis < AW_MAX_RANK; ++axis) {
        strides[axis] = aw_load_u32(bytes + (size_t)4 * axis);
    }
}

static int32_t read_int(const uint8_t* bytes) {
    return (int32_t)aw_load_u32(bytes);
}

aw_result aw_host_op_read(const aw_program* program, uint32_t index, aw_host_op* op) {
    if (index >= program->operators) return AW_BAD_ARGUMENT;
    const uint8_t* d = program->file + program->operators_at + (size_t)index * AW_HOST_OP_BYTES;
    op->kind = d[0];
    op->a.type = d[1];
    op->b.type = d[2];
    op->out.type = d[3];
    op->layer = aw_load_u32(d + 4);
    op->kept = aw_load_u32(d + 8);
    op->table = aw_load_u32(d + 12);
    op->a.address = aw_load_u64(d + 16);
    op->b.address = aw_load_u64(d + 24);
    op->out.address = aw_load_u64(d + 32);
    read_strides(d + 40, op->dims);
    read_strides(d + 64, op->a.stride);
    read_strides(d + 88, op->b.stride);
    read_strides(d + 112, op->out.stride);
    op->zero_a = read_int(d + 136);
    op->zero_b = read_int(d + 140);
    op->zero_out = read_int(d + 144);
    op->multiplier_a = read_int(d + 148);
    op->shift_a = read_int(d + 152);
    op->multiplier_b = read_int(d + 156);
    op->shift_b = read_int(d + 160);
    op->multiplier = read_int(d + 164);
    op->shift = read_int(d + 168);
    op->minimum = read_int(d + 172);
    op->maximum = read_int(d + 176);
    op->left_shift = read_int(d + 180);
    op->scale = aw_load_f32(d + 184);
    return AW_OK;
}

bool aw_host_op_reduces(const aw_host_op* op) {
    return op->kind == AW_HOST_MEAN || op->kind == AW_HOST_AVERAGE || op->kind == AW_HOST_MAXIMUM;
}

uint32_t aw_host_op_inputs(const aw_host_op* op) {
    switch (op->kind) {
        case AW_HOST_FILL:
            return 0;
        case AW_HOST_ADD:
        case AW_HOST_SUB:
        case AW_HOST_MUL:
            return 2;
        default:
            return 1;
    }
}

uint64_t aw_operand_bytes(const aw_host_op* op, const aw_operand* operand) {
    uint64_t last = 0;
    for (uint32_t axis = 0; axis < AW_MAX_RANK; ++axis) {
        last += (uint64_t)(op->dims[axis] - 1u) * operand->stride[axis];
    }
    return (last + 1) * aw_type_bytes(operand->type);
}

static bool operand_is_good(const aw_host_op* op, const aw_operand* operand,
                            const aw_program* program) {
    const uint32_t element = aw_type_bytes(operand->type);
    if (element == 0) return false;
    const uint64_t elements = (program->memory_end - program->memory_begin) / element;
    uint64_t last = 0;
    for (uint32_t axis = 0; axis < AW_MAX_RANK; ++axis) {
        if (op->dims[axis] == 0) return false;
        const uint64_t span = op->dims[axis] - 1u;
        if (span != 0 && operand->stride[axis] > (elements - last) / span) return false;
        last += span * operand->stride[axis];
    }
    return last < elements && aw_range_within(operand->address, (last + 1) * element,
                                              program->memory_begin, program->memory_end);
}

static bool apart(const aw_host_op* op, const aw_operand* operand) {
    return operand->address + aw_operand_bytes(op, operand) <= op->out.address ||
           op->out.address + aw_operand_bytes(op, &op->out) <= operand->address;
}

/* Product of the extents of axes [first, end) is at most `limit`. */
static bool count_within(const aw_host_op* op, uint32_t first, uint32_t end, uint64_t limit) {
    for (uint32_t axis = first; axis < end; ++axis) limit /= op->dims[axis];
    return limit != 0;
}

/* Axes of the output visit different elements of it, reduced ones of the input: a higher count is
   a mistake, and might never end. */
static bool count_is_good(const aw_host_op* op) {
    const uint32_t kept = aw_host_op_reduces(op) ? op->kept : AW_MAX_RANK;
    const uint64_t outputs = aw_operand_bytes(op, &op->out) / aw_type_bytes(op->out.type);
    if (!count_within(op, 0, kept, outputs)) return false;
    if (kept == AW_MAX_RANK) return true;
    const uint64_t inputs = aw_operand_bytes(op, &op->a) / aw_type_bytes(op->a.type);
    return count_within(op, kept, AW_MAX_RANK, inputs);
}

static bool types_are_good(const aw_host_op* op, const aw_program* program) {
    const uint32_t a = op->a.type;
    const uint32_t out = op->out.type;
    switch (op->kind) {
        case AW_HOST_MOVE:
            return a == out;
        case AW_HOST_FILL:
            return op->out.stride[AW_MAX_RANK - 1] == 1;
        case AW_HOST_TABLE:
            return is_byte(a) && is_byte(out) &&
                   aw_range_within(op->table, AW_TABLE_BYTES, 0, program->data_bytes);
        case AW_HOST_QUANTIZE:
            return a == AW_FLOAT32 && is_integer(out);
        case AW_HOST_DEQUANTIZE:
            return is_integer(a) && out == AW_FLOAT32;
        case AW_HOST_SOFTMAX:
            return is_byte(a) && (is_byte(out) || out == AW_INT16) && op->minimum <= 0;
        case AW_HOST_MEAN:
        case AW_HOST_AVERAGE:
        case AW_HOST_MAXIMUM:
            return is_integer(a) && is_integer(out) && op->kept <= AW_MAX_RANK;
        case AW_HOST_REQUANTIZE:
            return is_integer(a) && is_integer(out);
        case AW_HOST_ADD:
        case AW_HOST_SUB:
        case AW_HOST_MUL:
            return is_integer(a) && is_integer(op->b.type) && is_integer(out);
        default:
            return false;
    }
}

static bool scale_is_good(int32_t multiplier, int32_t shift) {
    return multiplier >= 0 && shift >= -31 && shift <= 30;
}

static bool parameters_are_good(const aw_host_op* op) {
    const int32_t limit = 65535; /* a zero point of any 16-bit type */
    const bool zeros =
        op->zero_a >= -limit && op->zero_a <= limit && op->zero_b >= -limit && op->zero_b <= limit;
    /* Elements of 32 bits have no zero point: their difference must stay a 32-bit number. */
    const bool wide =
        op->a.type == AW_INT32 || (aw_host_op_inputs(op) == 2 && op->b.type == AW_INT32);
    return zeros && (!wide || (op->zero_a == 0 && op->zero_b == 0)) && op->left_shift >= 0 &&
           op->left_shift <= 30 && scale_is_good(op->multiplier_a, op->shift_a) &&
           scale_is_good(op->multiplier_b, op->shift_b) && scale_is_good(op->multiplier, op->shift);
}

bool aw_host_op_is_good(const aw_host_op* op, const aw_program* program) {
    if (op->kind >= AW_HOST_KINDS) return false;
    if (!operand_is_good(op, &op->out, program) || !types_are_good(op, program)) return false;
    const uint32_t inputs = aw_host_op_inputs(op);
    if (inputs > 0 && (!operand_is_good(op, &op->a, program) || !apart(op, &op->a))) return false;
    if (inputs > 1 && (!operand_is_good(op, &op->b, program) || !apart(op, &op->b))) return false;
    return count_is_good(op) && parameters_are_good(op);
}
