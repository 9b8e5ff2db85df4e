/* Runtime: register sequences and the steps of a program. SPDX-License-Identifier: Apache-2.0 */
#include "aw_runtime.h"

#include "aw_host_ops.h"
#include "aw_registers.h"

enum { kResetPolls = 10000 };

#define AW_ALL_INTERRUPTS (AW_IRQ_ENABLE_DONE_MASK | AW_IRQ_ENABLE_ERROR_MASK)

static aw_result write_register(const aw_device* device, uint32_t offset, uint32_t value) {
    return device->write_register(device->context, offset, value) == 0 ? AW_OK : AW_BUS;
}

static aw_result read_register(const aw_device* device, uint32_t offset, uint32_t* value) {
    return device->read_register(device->context, offset, value) == 0 ? AW_OK : AW_BUS;
}

/* Registers `low` and the one behind it. */
static aw_result read_pair(const aw_device* device, uint32_t low, uint64_t* value) {
    uint32_t first = 0;
    uint32_t second = 0;
    aw_result result = read_register(device, low, &first);
    if (result == AW_OK) result = read_register(device, low + 4, &second);
    *value = first | (uint64_t)second << 32;
    return result;
}

static void clear_report(aw_report* report) {
    report->status = report->irq_status = report->error_code = report->unit_state = 0;
    report->error_address = 0;
    aw_counters* c = &report->counters;
    c->cycles = c->compute = c->wait_load = c->wait_store = c->command = c->other = 0;
    c->read_beats = c->write_beats = c->vector_results = 0;
    c->weight_wait = c->result_wait = c->held = c->live_macs = 0;
    aw_overflow* o = &report->overflow;
    o->sticky = o->first_is_bias = false;
    o->count = o->layer = o->channel = o->position = o->step = 0;
    report->step = 0;
}

aw_result aw_check_device(const aw_device* device, const aw_program* program) {
    uint32_t id = 0;
    uint32_t version = 0;
    uint64_t hash = 0;
    aw_result result = read_register(device, AW_ID, &id);
    if (result == AW_OK) result = read_register(device, AW_VERSION, &version);
    if (result == AW_OK) result = read_pair(device, AW_SPEC_HASH_LO, &hash);
    if (result != AW_OK) return result;
    if (id != AW_ID_VALUE || version >> 16 != AW_VERSION_VALUE >> 16) return AW_DEVICE_IDENTITY;
    return program->spec_hash == 0 || program->spec_hash == hash ? AW_OK : AW_DEVICE_DESIGN;
}

aw_result aw_load(const aw_device* device, const aw_program* program) {
    for (uint32_t i = 0; i < program->regions; ++i) {
        aw_region region;
        aw_program_region(program, i, &region);
        if (device->write_memory(device->context, region.address, region.contents,
                                 (size_t)region.bytes) != 0) {
            return AW_BUS;
        }
    }
    return AW_OK;
}

aw_result aw_write_input(const aw_device* device, const aw_program* program, uint32_t index,
                         const void* data, size_t bytes) {
    aw_tensor tensor;
    if (aw_program_input(program, index, &tensor) != AW_OK) return AW_BAD_ARGUMENT;
    if (tensor.bytes != bytes) return AW_BAD_ARGUMENT;
    return device->write_memory(device->context, tensor.address, data, bytes) == 0 ? AW_OK : AW_BUS;
}

aw_result aw_read_output(const aw_device* device, const aw_program* program, uint32_t index,
                         void* data, size_t bytes) {
    aw_tensor tensor;
    if (aw_program_output(program, index, &tensor) != AW_OK) return AW_BAD_ARGUMENT;
    if (tensor.bytes != bytes) return AW_BAD_ARGUMENT;
    return device->read_memory(device->context, tensor.address, data, bytes) == 0 ? AW_OK : AW_BUS;
}

aw_result aw_start(const aw_device* device, uint64_t address, uint32_t commands) {
    const uint32_t interrupts = device->wait_interrupt != NULL ? AW_ALL_INTERRUPTS : 0;
    const uint32_t settings[6][2] = {
        {AW_IRQ_ENABLE, interrupts},
        {AW_PROGRAM_ADDR_LO, (uint32_t)(address & 0xffffffffu)},
        {AW_PROGRAM_ADDR_HI, (uint32_t)(address >> 32)},
        {AW_PROGRAM_COMMANDS, commands},
        {AW_WATCHDOG_CYCLES, device->watchdog_cycles},
        {AW_CONTROL, AW_CONTROL_START_MASK},
    };
    for (uint32_t i = 0; i < 6; ++i) {
        const aw_result result = write_register(device, settings[i][0], settings[i][1]);
        if (result != AW_OK) return result;
    }
    return AW_OK;
}

aw_result aw_poll(const aw_device* device, bool* ended) {
    uint32_t status = 0;
    const aw_result result = read_register(device, AW_STATUS, &status);
    if (result != AW_OK) return result;
    *ended = (status & (AW_STATUS_DONE_MASK | AW_STATUS_ERROR_MASK)) != 0;
    return AW_OK;
}

aw_result aw_wait(const aw_device* device) {
    if (device->wait_interrupt != NULL) {
        return device->wait_interrupt(device->context) == 0 ? AW_OK : AW_BUS;
    }
    for (uint32_t polls = 0; device->max_polls == 0 || polls < device->max_polls; ++polls) {
        bool ended = false;
        const aw_result result = aw_poll(device, &ended);
        if (result != AW_OK || ended) return result;
    }
    return AW_TIMEOUT;
}

static aw_result collect_status(const aw_device* device, aw_report* report) {
    aw_result result = read_register(device, AW_STATUS, &report->status);
    if (result == AW_OK) result = read_register(device, AW_IRQ_STATUS, &report->irq_status);
    if (result == AW_OK) result = read_register(device, AW_ERROR_CODE, &report->error_code);
    if (result == AW_OK) result = read_pair(device, AW_ERROR_ADDR_LO, &report->error_address);
    if (result == AW_OK) result = read_register(device, AW_UNIT_STATE, &report->unit_state);
    return result;
}

static aw_result collect_overflow(const aw_device* device, aw_overflow* overflow) {
    uint32_t flags = 0;
    aw_result result = read_register(device, AW_OVERFLOW_STATUS, &flags);
    overflow->sticky = (flags & AW_OVERFLOW_STATUS_STICKY_MASK) != 0;
    overflow->first_is_bias = (flags & AW_OVERFLOW_STATUS_FIRST_IS_BIAS_MASK) != 0;
    if (result == AW_OK) result = read_register(device, AW_OVERFLOW_COUNT, &overflow->count);
    if (result == AW_OK) result = read_register(device, AW_OVERFLOW_LAYER, &overflow->layer);
    if (result == AW_OK) result = read_register(device, AW_OVERFLOW_CHANNEL, &overflow->channel);
    if (result == AW_OK) result = read_register(device, AW_OVERFLOW_POSITION, &overflow->position);
    if (result == AW_OK) result = read_register(device, AW_OVERFLOW_STEP, &overflow->step);
    return result;
}

static aw_result collect_counters(const aw_device* device, aw_counters* counters) {
    aw_result result = read_pair(device, AW_CYCLES_LO, &counters->cycles);
    if (result == AW_OK) result = read_pair(device, AW_COMPUTE_CYCLES_LO, &counters->compute);
    if (result == AW_OK) result = read_pair(device, AW_WAIT_LOAD_CYCLES_LO, &counters->wait_load);
    if (result == AW_OK) result = read_pair(device, AW_WAIT_STORE_CYCLES_LO, &counters->wait_store);
    if (result == AW_OK) result = read_pair(device, AW_COMMAND_CYCLES_LO, &counters->command);
    if (result == AW_OK) result = read_pair(device, AW_OTHER_CYCLES_LO, &counters->other);
    if (result == AW_OK) result = read_pair(device, AW_READ_BEATS_LO, &counters->read_beats);
    if (result == AW_OK) result = read_pair(device, AW_WRITE_BEATS_LO, &counters->write_beats);
    if (result == AW_OK)
        result = read_pair(device, AW_VECTOR_RESULTS_LO, &counters->vector_results);
    if (result == AW_OK)
        result = read_pair(device, AW_WEIGHT_WAIT_CYCLES_LO, &counters->weight_wait);
    if (result == AW_OK)
        result = read_pair(device, AW_RESULT_WAIT_CYCLES_LO, &counters->result_wait);
    if (result == AW_OK) result = read_pair(device, AW_HELD_CYCLES_LO, &counters->held);
    if (result == AW_OK) result = read_pair(device, AW_LIVE_MACS_LO, &counters->live_macs);
    return result;
}

aw_result aw_collect(const aw_device* device, aw_report* report) {
    aw_result result = collect_status(device, report);
    if (result == AW_OK) result = collect_overflow(device, &report->overflow);
    if (result == AW_OK) result = collect_counters(device, &report->counters);
    return result;
}

aw_result aw_clear_interrupts(const aw_device* device) {
    return write_register(device, AW_IRQ_STATUS, AW_ALL_INTERRUPTS);
}

aw_result aw_soft_reset(const aw_device* device) {
    const aw_result written = write_register(device, AW_CONTROL, AW_CONTROL_SOFT_RESET_MASK);
    if (written != AW_OK) return written;
    for (uint32_t polls = 0; polls < kResetPolls; ++polls) {
        uint32_t status = 0;
        const aw_result result = read_register(device, AW_STATUS, &status);
        if (result != AW_OK) return result;
        if ((status & (AW_STATUS_ERROR_MASK | AW_STATUS_RESETTING_MASK | AW_STATUS_BUSY_MASK)) == 0)
            return AW_OK;
    }
    return AW_TIMEOUT;
}

static aw_result run_commands(const aw_device* device, const aw_step* step, aw_report* report) {
    aw_result result = aw_start(device, step->address, step->commands);
    if (result == AW_OK) result = aw_wait(device);
    if (result == AW_OK) result = aw_collect(device, report);
    if (result == AW_OK) result = aw_clear_interrupts(device);
    if (result != AW_OK || (report->status & AW_STATUS_ERROR_MASK) == 0) return result;
    result = aw_soft_reset(device);
    return result == AW_OK ? AW_STOPPED : result;
}

static uint8_t* map_operand(const aw_device* device, const aw_host_op* op,
                            const aw_operand* operand, aw_map_access access) {
    const uint64_t bytes = aw_operand_bytes(op, operand);
    if (device->map == NULL || bytes > SIZE_MAX) return NULL;
    return (uint8_t*)device->map(device->context, operand->address, (size_t)bytes, access);
}

static void unmap_operand(const aw_device* device, const aw_host_op* op, const aw_operand* operand,
                          void* pointer, aw_map_access access) {
    if (pointer == NULL || device->unmap == NULL) return;
    device->unmap(device->context, pointer, operand->address, (size_t)aw_operand_bytes(op, operand),
                  access);
}

static aw_result run_operator(const aw_device* device, const aw_program* program, uint32_t index) {
    aw_host_op op;
    const aw_result read = aw_host_op_read(program, index, &op);
    if (read != AW_OK) return read;
    const uint32_t inputs = aw_host_op_inputs(&op);
    uint8_t* a = inputs > 0 ? map_operand(device, &op, &op.a, AW_MAP_READ) : NULL;
    uint8_t* b = inputs > 1 ? map_operand(device, &op, &op.b, AW_MAP_READ) : NULL;
    uint8_t* out = map_operand(device, &op, &op.out, AW_MAP_WRITE);
    const bool mapped = out != NULL && (inputs < 1 || a != NULL) && (inputs < 2 || b != NULL);
    const uint8_t* data = program->file + program->data_at;
    if (mapped) aw_host_op_run(&op, a, b, out, op.kind == AW_HOST_TABLE ? data + op.table : NULL);
    unmap_operand(device, &op, &op.out, out, AW_MAP_WRITE);
    unmap_operand(device, &op, &op.b, b, AW_MAP_READ);
    unmap_operand(device, &op, &op.a, a, AW_MAP_READ);
    return mapped ? AW_OK : AW_NOT_MAPPED;
}

aw_result aw_run_step(const aw_device* device, const aw_program* program, uint32_t index,
                      aw_report* report) {
    clear_report(report);
    report->step = index;
    aw_step step;
    const aw_result read = aw_program_step(program, index, &step);
    if (read != AW_OK) return read;
    if (step.kind == AW_STEP_RUN) return run_commands(device, &step, report);
    for (uint32_t i = 0; i < step.operator_count; ++i) {
        const aw_result result = run_operator(device, program, step.first_operator + i);
        if (result != AW_OK) return result;
    }
    return AW_OK;
}

static void add_counters(aw_counters* sum, const aw_counters* one) {
    sum->cycles += one->cycles;
    sum->compute += one->compute;
    sum->wait_load += one->wait_load;
    sum->wait_store += one->wait_store;
    sum->command += one->command;
    sum->other += one->other;
    sum->read_beats += one->read_beats;
    sum->write_beats += one->write_beats;
    sum->vector_results += one->vector_results;
    sum->weight_wait += one->weight_wait;
    sum->result_wait += one->result_wait;
    sum->held += one->held;
    sum->live_macs += one->live_macs;
}

static void add_overflow(aw_overflow* sum, const aw_overflow* one) {
    const uint32_t room = UINT32_MAX - sum->count;
    const uint32_t count = sum->count + (one->count < room ? one->count : room);
    if (!sum->sticky) *sum = *one;
    sum->count = count;
}

aw_result aw_run(const aw_device* device, const aw_program* program, aw_report* report) {
    aw_report sum;
    clear_report(&sum);
    for (uint32_t i = 0; i < program->steps; ++i) {
        aw_step step;
        aw_program_step(program, i, &step);
        const aw_result result = aw_run_step(device, program, i, report);
        if (device->step_done != NULL) device->step_done(device->context, i, result, report);
        if (step.kind == AW_STEP_RUN) {
            add_counters(&sum.counters, &report->counters);
            add_overflow(&sum.overflow, &report->overflow);
            report->counters = sum.counters;
            report->overflow = sum.overflow;
            sum = *report;
        }
        *report = sum;
        report->step = i;
        if (result != AW_OK) return result;
    }
    return AW_OK;
}
