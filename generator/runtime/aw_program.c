/* Container file: checks and accessors. SPDX-License-Identifier: Apache-2.0 */
#include "aw_program.h"

#include <string.h>

#include "aw_host_ops.h"

enum {
    kHeaderBytes = 96,
    kRegionBytes = 24,
    kTensorBytes = 64,
    kStepBytes = 24,
    kCommandBytes = 64
};

/* The line ends show a file that was sent as text. */
static const uint8_t kMagic[8] = {'A', 'W', 'P', 'R', 'O', 'G', 13, 10};

uint32_t aw_load_u32(const uint8_t* bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

uint64_t aw_load_u64(const uint8_t* bytes) {
    return aw_load_u32(bytes) | (uint64_t)aw_load_u32(bytes + 4) << 32;
}

void aw_store_u32(uint8_t* bytes, uint32_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
    bytes[2] = (uint8_t)(value >> 16);
    bytes[3] = (uint8_t)(value >> 24);
}

float aw_load_f32(const uint8_t* bytes) {
    const uint32_t bits = aw_load_u32(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool aw_range_within(uint64_t address, uint64_t bytes, uint64_t begin, uint64_t end) {
    return begin <= end && address >= begin && address <= end && bytes <= end - address;
}

uint32_t aw_type_bytes(uint32_t type) {
    switch (type) {
        case AW_INT8:
        case AW_UINT8:
            return 1;
        case AW_INT16:
            return 2;
        case AW_INT32:
        case AW_FLOAT32:
            return 4;
        default:
            return 0;
    }
}

/* A table's place and number of entries, at `field` of the header. */
static bool read_table(const uint8_t* file, size_t bytes, size_t field, uint32_t entry_bytes,
                       uint32_t* at, uint32_t* entries) {
    *at = aw_load_u32(file + field);
    *entries = aw_load_u32(file + field + 4);
    return aw_range_within(*at, (uint64_t)*entries * entry_bytes, kHeaderBytes, bytes);
}

static aw_result read_header(aw_program* program, const uint8_t* file, size_t bytes) {
    if (bytes < kHeaderBytes) return AW_FILE_TRUNCATED;
    for (size_t i = 0; i < sizeof kMagic; ++i) {
        if (file[i] != kMagic[i]) return AW_FILE_MAGIC;
    }
    if (aw_load_u32(file + 8) >> 16 != AW_PROGRAM_VERSION >> 16) return AW_FILE_VERSION;
    if (aw_load_u32(file + 12) != kHeaderBytes) return AW_FILE_HEADER;
    if (aw_load_u64(file + 16) != bytes) return AW_FILE_TRUNCATED;
    program->file = file;
    program->spec_hash = aw_load_u64(file + 24);
    program->memory_begin = aw_load_u64(file + 32);
    program->memory_end = aw_load_u64(file + 40);
    if (program->memory_begin > program->memory_end) return AW_FILE_HEADER;
    const bool fits =
        read_table(file, bytes, 48, kRegionBytes, &program->regions_at, &program->regions) &&
        read_table(file, bytes, 56, kTensorBytes, &program->tensors_at, &program->tensors) &&
        read_table(file, bytes, 64, kStepBytes, &program->steps_at, &program->steps) &&
        read_table(file, bytes, 72, AW_HOST_OP_BYTES, &program->operators_at,
                   &program->operators) &&
        read_table(file, bytes, 80, 1, &program->data_at, &program->data_bytes);
    return fits ? AW_OK : AW_FILE_HEADER;
}

static const uint8_t* region_entry(const aw_program* program, uint32_t index) {
    return program->file + program->regions_at + (size_t)index * kRegionBytes;
}

static bool region_is_good(const aw_program* program, uint32_t index, size_t file_bytes) {
    const uint8_t* entry = region_entry(program, index);
    const uint64_t bytes = aw_load_u64(entry + 8);
    return aw_range_within(aw_load_u64(entry), bytes, program->memory_begin, program->memory_end) &&
           aw_range_within(aw_load_u64(entry + 16), bytes, kHeaderBytes, file_bytes);
}

static bool tensor_is_good(const aw_program* program, uint32_t index) {
    aw_tensor tensor;
    aw_program_tensor(program, index, &tensor);
    uint64_t bytes = aw_type_bytes(tensor.type);
    if (bytes == 0 || tensor.rank > AW_MAX_RANK) return false;
    for (uint32_t axis = 0; axis < tensor.rank; ++axis) {
        if (tensor.shape[axis] != 0 && bytes > UINT64_MAX / tensor.shape[axis]) return false;
        bytes *= tensor.shape[axis];
    }
    return bytes == tensor.bytes &&
           aw_range_within(tensor.address, bytes, program->memory_begin, program->memory_end);
}

static bool step_is_good(const aw_program* program, uint32_t index) {
    aw_step step;
    aw_program_step(program, index, &step);
    switch (step.kind) {
        case AW_STEP_RUN:
            return step.commands != 0 &&
                   aw_range_within(step.address, (uint64_t)step.commands * kCommandBytes,
                                   program->memory_begin, program->memory_end);
        case AW_STEP_HOST:
            return aw_range_within(step.first_operator, step.operator_count, 0, program->operators);
        default:
            return false;
    }
}

aw_result aw_program_open(aw_program* program, const void* file, size_t bytes) {
    const aw_result header = read_header(program, (const uint8_t*)file, bytes);
    if (header != AW_OK) return header;
    for (uint32_t i = 0; i < program->regions; ++i) {
        if (!region_is_good(program, i, bytes)) return AW_FILE_REGION;
    }
    for (uint32_t i = 0; i < program->tensors; ++i) {
        if (!tensor_is_good(program, i)) return AW_FILE_TENSOR;
    }
    for (uint32_t i = 0; i < program->operators; ++i) {
        aw_host_op op;
        if (aw_host_op_read(program, i, &op) != AW_OK) return AW_FILE_OPERATOR;
        if (!aw_host_op_is_good(&op, program)) return AW_FILE_OPERATOR;
    }
    for (uint32_t i = 0; i < program->steps; ++i) {
        if (!step_is_good(program, i)) return AW_FILE_STEP;
    }
    return AW_OK;
}

aw_result aw_program_region(const aw_program* program, uint32_t index, aw_region* region) {
    if (index >= program->regions) return AW_BAD_ARGUMENT;
    const uint8_t* entry = region_entry(program, index);
    region->address = aw_load_u64(entry);
    region->bytes = aw_load_u64(entry + 8);
    region->contents = program->file + (size_t)aw_load_u64(entry + 16);
    return AW_OK;
}

aw_result aw_program_tensor(const aw_program* program, uint32_t index, aw_tensor* tensor) {
    if (index >= program->tensors) return AW_BAD_ARGUMENT;
    const uint8_t* entry = program->file + program->tensors_at + (size_t)index * kTensorBytes;
    tensor->is_output = entry[0] != 0;
    tensor->type = entry[1];
    tensor->rank = entry[2];
    tensor->index = aw_load_u32(entry + 4);
    tensor->address = aw_load_u64(entry + 8);
    tensor->bytes = aw_load_u64(entry + 16);
    for (uint32_t axis = 0; axis < AW_MAX_RANK; ++axis) {
        tensor->shape[axis] = aw_load_u32(entry + 24 + (size_t)4 * axis);
    }
    tensor->scale = aw_load_f32(entry + 48);
    tensor->zero_point = (int32_t)aw_load_u32(entry + 52);
    return AW_OK;
}

aw_result aw_program_step(const aw_program* program, uint32_t index, aw_step* step) {
    if (index >= program->steps) return AW_BAD_ARGUMENT;
    const uint8_t* entry = program->file + program->steps_at + (size_t)index * kStepBytes;
    step->kind = aw_load_u32(entry);
    step->layer = aw_load_u32(entry + 4);
    step->address = aw_load_u64(entry + 8);
    step->commands = step->kind == AW_STEP_RUN ? aw_load_u32(entry + 16) : 0;
    step->first_operator = aw_load_u32(entry + 16);
    step->operator_count = step->kind == AW_STEP_HOST ? aw_load_u32(entry + 20) : 0;
    return AW_OK;
}

static aw_result find_tensor(const aw_program* program, bool is_output, uint32_t index,
                             aw_tensor* tensor) {
    for (uint32_t i = 0; i < program->tensors; ++i) {
        aw_program_tensor(program, i, tensor);
        if (tensor->is_output == is_output && tensor->index == index) return AW_OK;
    }
    return AW_BAD_ARGUMENT;
}

aw_result aw_program_input(const aw_program* program, uint32_t index, aw_tensor* tensor) {
    return find_tensor(program, false, index, tensor);
}

aw_result aw_program_output(const aw_program* program, uint32_t index, aw_tensor* tensor) {
    return find_tensor(program, true, index, tensor);
}
