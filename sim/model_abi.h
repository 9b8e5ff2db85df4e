/* C interface between arraywright and a verilated design in a shared library.
   SPDX-License-Identifier: Apache-2.0 */
#ifndef AW_MODEL_ABI_H
#define AW_MODEL_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Part of the key of the model cache: change it with any change of this file or of the shim. */
#define AW_MODEL_ABI_VERSION 1

/* One port of the top module. `data` points to ceil(bits / 8) little-endian bytes, stored as
   uint8_t, uint16_t, uint32_t, uint64_t or an array of uint32_t, whichever is the smallest. */
typedef struct aw_port {
    const char* name;
    void* data;
    uint32_t bits;
    uint32_t is_input;
} aw_port;

uint32_t aw_model_abi_version(void);
/* 1 if the library was built with tracing. */
uint32_t aw_model_is_traced(void);
/* NULL when out of memory. */
void* aw_model_create(void);
void aw_model_destroy(void* model);
void aw_model_eval(void* model);
/* The table lives as long as the model. */
const aw_port* aw_model_ports(void* model, uint32_t* count);
/* 0, or 1 if the file cannot be opened or the library is not traced. */
int aw_model_trace_open(void* model, const char* path);
/* `time` in nanoseconds, strictly increasing. */
void aw_model_trace_dump(void* model, uint64_t time);
void aw_model_trace_close(void* model);

#ifdef __cplusplus
}
#endif

#endif
