/* Runtime of an accelerator: loads a compiled program, runs it, reads what happened.
   SPDX-License-Identifier: Apache-2.0

   C11, no allocation, no global state, nothing of the C library but memcpy. The caller owns the
   device, its memory and the bytes of the program file, and gives access by function pointers:

       aw_program program;
       if (aw_program_open(&program, file, bytes) != AW_OK) ...
       if (aw_check_device(&device, &program) != AW_OK) ...
       aw_load(&device, &program);
       aw_write_input(&device, &program, 0, image, sizeof image);
       aw_run(&device, &program, &report);
       aw_read_output(&device, &program, 0, scores, sizeof scores); */
#ifndef AW_RUNTIME_H
#define AW_RUNTIME_H

#include "aw_program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Counter registers, 48 bits each. */
typedef struct {
    uint64_t cycles, compute, wait_load, wait_store, command, other;
    uint64_t read_beats, write_beats, vector_results;
    uint64_t weight_wait, result_wait, held; /* parts of wait_load, wait_store, other */
    uint64_t live_macs;                      /* no operand zero; 0 without zero gating */
} aw_counters;

/* Accumulation overflow of one run; coordinates are of the first offender. */
typedef struct {
    bool sticky;
    bool first_is_bias;
    uint32_t count, layer, channel, position, step;
} aw_overflow;

/* What is known after a run of the accelerator. */
typedef struct {
    uint32_t status, irq_status;
    uint32_t error_code; /* AW_ERROR_... of aw_registers.h, 0: none */
    uint64_t error_address;
    uint32_t unit_state;
    aw_counters counters;
    aw_overflow overflow;
    uint32_t step; /* that was executed last */
} aw_report;

typedef enum { AW_MAP_READ = 0, AW_MAP_WRITE = 1 } aw_map_access;

/* Access to one accelerator. Callbacks get `context`; those that return int return 0 when the
   access went well. They are called from the thread that calls the runtime, one at a time. */
typedef struct {
    void* context;
    int (*write_register)(void* context, uint32_t offset, uint32_t value);
    int (*read_register)(void* context, uint32_t offset, uint32_t* value);
    int (*write_memory)(void* context, uint64_t address, const void* data, size_t bytes);
    int (*read_memory)(void* context, uint64_t address, void* data, size_t bytes);
    /* Pointer to `bytes` bytes of memory at a bus address, for host operators: no alignment is
       needed. With AW_MAP_WRITE the present contents must be visible too: gaps stay as they are.
       NULL: there is no such pointer. Only programs with host steps call it. */
    void* (*map)(void* context, uint64_t address, size_t bytes, aw_map_access access);
    /* The runtime is done with what `map` returned: time to write back a cache. May be NULL. */
    void (*unmap)(void* context, void* pointer, uint64_t address, size_t bytes,
                  aw_map_access access);
    /* Returns when the interrupt line is high. NULL: STATUS is polled. */
    int (*wait_interrupt)(void* context);
    /* Called by aw_run after each step with what aw_run_step gave. NULL: nobody wants to know. */
    void (*step_done)(void* context, uint32_t step, aw_result result, const aw_report* report);
    uint32_t max_polls;       /* of STATUS, then AW_TIMEOUT; 0: no limit */
    uint32_t watchdog_cycles; /* WATCHDOG_CYCLES register; 0: off */
} aw_device;

/* ID, VERSION and, if the program names one, the spec's hash. */
aw_result aw_check_device(const aw_device* device, const aw_program* program);

/* Writes everything with contents to memory: once, unless something else uses the memory. */
aw_result aw_load(const aw_device* device, const aw_program* program);

/* `bytes` must be the tensor's. */
aw_result aw_write_input(const aw_device* device, const aw_program* program, uint32_t index,
                         const void* data, size_t bytes);
aw_result aw_read_output(const aw_device* device, const aw_program* program, uint32_t index,
                         void* data, size_t bytes);

/* All steps in order. Counters are summed over the runs of the accelerator; of overflows the count
   is summed and the first offender kept. Ends at the first step that fails; `report->step` is it.
 */
aw_result aw_run(const aw_device* device, const aw_program* program, aw_report* report);

/* One step. A run of the accelerator is started, awaited and collected; interrupts are cleared,
   and after an error (AW_STOPPED) the accelerator is soft reset. A host step leaves everything in
   `report` but `step` zero. */
aw_result aw_run_step(const aw_device* device, const aw_program* program, uint32_t index,
                      aw_report* report);

/* The parts of a run, for callers that have something else to do meanwhile. */
aw_result aw_start(const aw_device* device, uint64_t address, uint32_t commands);
/* Sets `*ended` when the run is over, with or without an error. */
aw_result aw_poll(const aw_device* device, bool* ended);
aw_result aw_wait(const aw_device* device);
aw_result aw_collect(const aw_device* device, aw_report* report);
aw_result aw_clear_interrupts(const aw_device* device);
/* Waits until the bus is quiet and the accelerator idle; settings stay. */
aw_result aw_soft_reset(const aw_device* device);

#ifdef __cplusplus
}
#endif
#endif
