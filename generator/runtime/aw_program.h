/* Compiled program: the container file that `arraywright compile` writes, checked and decoded.
   SPDX-License-Identifier: Apache-2.0

   Nothing is copied or allocated: an aw_program points into the file's bytes, which must outlive
   it. The format is described in README.md; all numbers of the file are little-endian. */
#ifndef AW_PROGRAM_H
#define AW_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AW_PROGRAM_VERSION 0x00010000u /* major in [31:16]: a reader refuses other majors */
#define AW_MAX_RANK 6u

/* Outcome of every function. AW_FILE_*: the container; nothing of the device was touched. */
typedef enum {
    AW_OK = 0,
    AW_FILE_TRUNCATED = 1,   /* shorter than its header or than its header says */
    AW_FILE_MAGIC = 2,       /* no container at all */
    AW_FILE_VERSION = 3,     /* made for another runtime */
    AW_FILE_HEADER = 4,      /* a table or the memory range does not fit */
    AW_FILE_REGION = 5,      /* a region outside the file or the memory range */
    AW_FILE_TENSOR = 6,      /* a tensor of unknown type or outside the memory range */
    AW_FILE_STEP = 7,        /* a step of unknown kind or with a range outside its table */
    AW_FILE_OPERATOR = 8,    /* a host operator with a bad kind, type, parameter or range */
    AW_BAD_ARGUMENT = 16,    /* an index or a size that the program does not have */
    AW_BUS = 17,             /* a callback reported that an access failed */
    AW_NOT_MAPPED = 18,      /* the map callback has no pointer for an operand */
    AW_DEVICE_IDENTITY = 19, /* no accelerator of ours, or another register version */
    AW_DEVICE_DESIGN = 20,   /* the program was compiled for another spec */
    AW_TIMEOUT = 21,         /* not ended after max_polls looks at the status */
    AW_STOPPED = 22          /* the accelerator stopped with an error: see the report */
} aw_result;

typedef enum { AW_INT8 = 0, AW_UINT8 = 1, AW_INT16 = 2, AW_INT32 = 3, AW_FLOAT32 = 4 } aw_type;

/* Bytes of an element; 0 for a type that does not exist. */
uint32_t aw_type_bytes(uint32_t type);

typedef struct {
    const uint8_t* file;
    uint64_t spec_hash;                /* as in SPEC_HASH_LO/HI; 0: runs on any design */
    uint64_t memory_begin, memory_end; /* bus addresses that the program uses */
    uint32_t regions, regions_at;      /* entries and place in the file of each table */
    uint32_t tensors, tensors_at;
    uint32_t steps, steps_at;
    uint32_t operators, operators_at;
    uint32_t data_bytes, data_at; /* tables of host operators */
} aw_program;

/* Bytes that memory holds before the first step. */
typedef struct {
    uint64_t address;
    uint64_t bytes;
    const uint8_t* contents;
} aw_region;

/* An input or output of the network: `shape[0 .. rank - 1]`, row-major, real = scale * (q - zero).
 */
typedef struct {
    bool is_output;
    uint32_t index; /* among the inputs or the outputs */
    uint32_t type;
    uint32_t rank;
    uint32_t shape[AW_MAX_RANK];
    uint64_t address;
    uint64_t bytes;
    float scale; /* 0: not quantized */
    int32_t zero_point;
} aw_tensor;

typedef enum { AW_STEP_RUN = 0, AW_STEP_HOST = 1 } aw_step_kind;

typedef struct {
    uint32_t kind;
    uint64_t address;        /* AW_STEP_RUN: the first command */
    uint32_t commands;       /* AW_STEP_RUN */
    uint32_t first_operator; /* AW_STEP_HOST: host operators [first, first + count) */
    uint32_t operator_count;
    uint32_t layer; /* AW_STEP_HOST: operator of the network */
} aw_step;

/* Checks the whole file of `bytes` bytes and fills `program`. After AW_OK the accessors below
   cannot fail for an index within the counts, and no step leaves the memory range. */
aw_result aw_program_open(aw_program* program, const void* file, size_t bytes);

aw_result aw_program_region(const aw_program* program, uint32_t index, aw_region* region);
aw_result aw_program_tensor(const aw_program* program, uint32_t index, aw_tensor* tensor);
aw_result aw_program_step(const aw_program* program, uint32_t index, aw_step* step);

/* The input or output number `index`. */
aw_result aw_program_input(const aw_program* program, uint32_t index, aw_tensor* tensor);
aw_result aw_program_output(const aw_program* program, uint32_t index, aw_tensor* tensor);

/* Little-endian fields of the file and of tensors; no alignment is needed. */
uint32_t aw_load_u32(const uint8_t* bytes);
uint64_t aw_load_u64(const uint8_t* bytes);
void aw_store_u32(uint8_t* bytes, uint32_t value);
float aw_load_f32(const uint8_t* bytes);

/* True when [address, address + bytes) lies in [begin, end). */
bool aw_range_within(uint64_t address, uint64_t bytes, uint64_t begin, uint64_t end);

#ifdef __cplusplus
}
#endif
#endif
