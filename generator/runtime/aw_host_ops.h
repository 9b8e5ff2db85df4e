/* Operators that the host runs between runs of the accelerator. SPDX-License-Identifier: Apache-2.0

   The compiler breaks an operator of the network into loops over at most six axes: TRANSPOSE is a
   move with other strides, PAD a fill and a move, CONCATENATION a move of each input, broadcasting
   a stride of 0. Integer parameters are computed by the compiler; only QUANTIZE of floats and
   DEQUANTIZE compute with floats. */
#ifndef AW_HOST_OPS_H
#define AW_HOST_OPS_H

#include "aw_program.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AW_HOST_OP_BYTES 192u /* of a descriptor in the file */
#define AW_TABLE_BYTES 256u

/* rq(x) is aw_requantize(x, multiplier, shift), clamp limits to [minimum, maximum]. */
typedef enum {
    AW_HOST_MOVE = 0,       /* out = a */
    AW_HOST_FILL = 1,       /* out = zero_out, the element itself */
    AW_HOST_TABLE = 2,      /* out = table[byte a] */
    AW_HOST_REQUANTIZE = 3, /* out = clamp(rq(a - zero_a) + zero_out) */
    AW_HOST_QUANTIZE = 4,   /* out = clamp(round(a / scale) + zero_out), half away from zero */
    AW_HOST_DEQUANTIZE = 5, /* out = scale * (a - zero_a) */
    AW_HOST_ADD = 6,        /* out = clamp(rq(A + B) + zero_out), A, B: see SUB */
    AW_HOST_SUB = 7,      /* A = rq((a - zero_a) << left_shift) by multiplier_a, shift_a; B alike */
    AW_HOST_MUL = 8,      /* out = clamp(rq((a - zero_a) * (b - zero_b)) + zero_out) */
    AW_HOST_MEAN = 9,     /* S = sum of (a - zero_a) over the axes from `kept` on:
                             out = clamp(rq(S) + zero_out); the divisor is in the multiplier */
    AW_HOST_AVERAGE = 10, /* S = sum of a over the axes from `kept` on, of N elements:
                             out = clamp(round(S / N)), half away from zero */
    AW_HOST_MAXIMUM = 11, /* out = clamp(the largest a over the axes from `kept` on) */
    AW_HOST_SOFTMAX = 12, /* over the last axis; multiplier_a, shift_a: input to Q5.26; minimum:
                             difference to the maximum below which the result is 0 */
    AW_HOST_KINDS = 13
} aw_host_kind;

typedef struct {
    uint64_t address; /* bus address of element [0, ..., 0] */
    uint32_t type;
    uint32_t stride[AW_MAX_RANK]; /* in elements */
} aw_operand;

typedef struct {
    uint32_t kind;
    uint32_t layer; /* operator of the network, for reports */
    uint32_t kept;  /* MEAN, AVERAGE, MAXIMUM: the axes before are the output's */
    uint32_t table; /* TABLE: first byte in the file's data */
    uint32_t dims[AW_MAX_RANK];
    aw_operand a, b, out;
    int32_t zero_a, zero_b, zero_out;
    int32_t multiplier_a, shift_a, multiplier_b, shift_b, multiplier, shift;
    int32_t minimum, maximum;
    int32_t left_shift;
    float scale;
} aw_host_op;

/* Decodes descriptor `index` of the file. */
aw_result aw_host_op_read(const aw_program* program, uint32_t index, aw_host_op* op);

/* True when kind, types and parameters exist together and all operands lie in the memory range,
   the output apart from the inputs: then running it is safe whatever the file holds. */
bool aw_host_op_is_good(const aw_host_op* op, const aw_program* program);

/* True for MEAN, AVERAGE and MAXIMUM. */
bool aw_host_op_reduces(const aw_host_op* op);

/* Operands that the kind reads: 0, 1 or 2. */
uint32_t aw_host_op_inputs(const aw_host_op* op);

/* Bytes from the first to behind the last element of an operand of `op`. */
uint64_t aw_operand_bytes(const aw_host_op* op, const aw_operand* operand);

/* Computes on mapped operands; `b` and `table` may be null where the kind has none. */
void aw_host_op_run(const aw_host_op* op, const uint8_t* a, const uint8_t* b, uint8_t* out,
                    const uint8_t* table);

#ifdef __cplusplus
}
#endif
#endif
