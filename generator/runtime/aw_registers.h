/* Registers that all accelerators of arraywright share, generated from the register
   table. SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#ifndef AW_REGISTERS_H
#define AW_REGISTERS_H

/* RO Constant 0x41575247. */
#define AW_ID 0x000u
#define AW_ID_VALUE 0x41575247u
/* RO Interface version: major in [31:16], minor in [15:0]. */
#define AW_VERSION 0x004u
#define AW_VERSION_VALUE 0x00010000u
/* RO Shape and arithmetic of the array. */
#define AW_CAP_ARRAY 0x008u
#define AW_CAP_ARRAY_ROWS_SHIFT 0
#define AW_CAP_ARRAY_ROWS_MASK 0x000000ffu  /* products summed by a column per cycle */
#define AW_CAP_ARRAY_COLS_SHIFT 8
#define AW_CAP_ARRAY_COLS_MASK 0x0000ff00u  /* columns */
#define AW_CAP_ARRAY_WEIGHT_STATIONARY_SHIFT 16
#define AW_CAP_ARRAY_WEIGHT_STATIONARY_MASK 0x00010000u  /* 0 broadcast, 1 weight stationary */
#define AW_CAP_ARRAY_ON_OVERFLOW_SHIFT 17
#define AW_CAP_ARRAY_ON_OVERFLOW_MASK 0x00060000u  /* 0 wrap, 1 saturate, 2 trap */
#define AW_CAP_ARRAY_ACCUMULATOR_BITS_SHIFT 20
#define AW_CAP_ARRAY_ACCUMULATOR_BITS_MASK 0x03f00000u  /* width of an accumulator */
#define AW_CAP_ARRAY_LANES_SHIFT 26
#define AW_CAP_ARRAY_LANES_MASK 0xfc000000u  /* vector lanes minus one */
/* RO Activation and weight buffer sizes. */
#define AW_CAP_BUFFERS 0x00cu
#define AW_CAP_BUFFERS_ACTIVATION_KIB_SHIFT 0
#define AW_CAP_BUFFERS_ACTIVATION_KIB_MASK 0x0000ffffu  /* KiB */
#define AW_CAP_BUFFERS_WEIGHT_KIB_SHIFT 16
#define AW_CAP_BUFFERS_WEIGHT_KIB_MASK 0xffff0000u  /* KiB */
/* RO Accumulator buffer and bus. */
#define AW_CAP_MEMORY 0x010u
#define AW_CAP_MEMORY_ACCUMULATOR_KIB_SHIFT 0
#define AW_CAP_MEMORY_ACCUMULATOR_KIB_MASK 0x0000ffffu  /* KiB */
#define AW_CAP_MEMORY_BUS_BYTES_SHIFT 16
#define AW_CAP_MEMORY_BUS_BYTES_MASK 0x00ff0000u  /* bytes of one beat */
#define AW_CAP_MEMORY_NO_COUNTERS_SHIFT 24
#define AW_CAP_MEMORY_NO_COUNTERS_MASK 0x01000000u  /* the registers of counters and of the layer log are 0 */
/* RO SHA-256 of the spec file, bits [31:0]. */
#define AW_SPEC_HASH_LO 0x018u
/* RO SHA-256 of the spec file, bits [63:32]. */
#define AW_SPEC_HASH_HI 0x01cu
/* WO Doorbell and soft reset. Starting while busy or in error answers SLVERR. */
#define AW_CONTROL 0x040u
#define AW_CONTROL_START_SHIFT 0
#define AW_CONTROL_START_MASK 0x00000001u  /* run the program from PROGRAM_ADDR; clears counters and overflow */
#define AW_CONTROL_SOFT_RESET_SHIFT 1
#define AW_CONTROL_SOFT_RESET_MASK 0x00000002u  /* stop, let the bus finish, return to idle; keeps the settings */
/* RO State of the accelerator. */
#define AW_STATUS 0x044u
#define AW_STATUS_BUSY_SHIFT 0
#define AW_STATUS_BUSY_MASK 0x00000001u  /* a program runs */
#define AW_STATUS_DONE_SHIFT 1
#define AW_STATUS_DONE_MASK 0x00000002u  /* the last program ended without error */
#define AW_STATUS_ERROR_SHIFT 2
#define AW_STATUS_ERROR_MASK 0x00000004u  /* stopped; see ERROR_CODE; left by SOFT_RESET */
#define AW_STATUS_RESETTING_SHIFT 3
#define AW_STATUS_RESETTING_MASK 0x00000008u  /* a soft reset waits for outstanding bus transactions */
#define AW_STATUS_OVERFLOW_SHIFT 4
#define AW_STATUS_OVERFLOW_MASK 0x00000010u  /* copy of OVERFLOW_STATUS.STICKY */
/* RW Interrupt enables. */
#define AW_IRQ_ENABLE 0x048u
#define AW_IRQ_ENABLE_DONE_SHIFT 0
#define AW_IRQ_ENABLE_DONE_MASK 0x00000001u  /* program ended */
#define AW_IRQ_ENABLE_ERROR_SHIFT 1
#define AW_IRQ_ENABLE_ERROR_MASK 0x00000002u  /* program stopped by an error */
/* W1C Pending interrupts; irq_o is the OR of the enabled ones. */
#define AW_IRQ_STATUS 0x04cu
#define AW_IRQ_STATUS_DONE_SHIFT 0
#define AW_IRQ_STATUS_DONE_MASK 0x00000001u  /* program ended */
#define AW_IRQ_STATUS_ERROR_SHIFT 1
#define AW_IRQ_STATUS_ERROR_MASK 0x00000002u  /* program stopped by an error */
/* RW Address of the first command, 64-byte aligned. */
#define AW_PROGRAM_ADDR_LO 0x050u
/* RW Address of the first command, bits [63:32]. */
#define AW_PROGRAM_ADDR_HI 0x054u
/* RW Number of 64-byte commands. */
#define AW_PROGRAM_COMMANDS 0x058u
/* RW Cycles without progress of any unit after which the program stops; 0 is off. */
#define AW_WATCHDOG_CYCLES 0x05cu
/* RO First error since the last start or soft reset. */
#define AW_ERROR_CODE 0x060u
/* RO Address that belongs to ERROR_CODE. */
#define AW_ERROR_ADDR_LO 0x064u
/* RO Bits [63:32] of the address. */
#define AW_ERROR_ADDR_HI 0x068u
/* RO Who waits for whom; frozen when an error is raised. */
#define AW_UNIT_STATE 0x06cu
#define AW_UNIT_STATE_LOAD_WAITS_SHIFT 0
#define AW_UNIT_STATE_LOAD_WAITS_MASK 0x0000000fu  /* units whose token the load unit lacks: load, compute, vector, store */
#define AW_UNIT_STATE_COMPUTE_WAITS_SHIFT 4
#define AW_UNIT_STATE_COMPUTE_WAITS_MASK 0x000000f0u  /* the same for the compute unit */
#define AW_UNIT_STATE_VECTOR_WAITS_SHIFT 8
#define AW_UNIT_STATE_VECTOR_WAITS_MASK 0x00000f00u  /* the same for the vector unit */
#define AW_UNIT_STATE_STORE_WAITS_SHIFT 12
#define AW_UNIT_STATE_STORE_WAITS_MASK 0x0000f000u  /* the same for the store unit */
#define AW_UNIT_STATE_BUSY_SHIFT 16
#define AW_UNIT_STATE_BUSY_MASK 0x000f0000u  /* units that execute a command */
#define AW_UNIT_STATE_FETCH_BUSY_SHIFT 20
#define AW_UNIT_STATE_FETCH_BUSY_MASK 0x00100000u  /* commands are still being fetched or dispatched */
/* RO Accumulation overflow since the last start. */
#define AW_OVERFLOW_STATUS 0x080u
#define AW_OVERFLOW_STATUS_STICKY_SHIFT 0
#define AW_OVERFLOW_STATUS_STICKY_MASK 0x00000001u  /* an addition left the accumulator's range */
#define AW_OVERFLOW_STATUS_FIRST_IS_BIAS_SHIFT 1
#define AW_OVERFLOW_STATUS_FIRST_IS_BIAS_MASK 0x00000002u  /* the first offender was the addition of the bias */
/* RO Additions that left the range, saturating. */
#define AW_OVERFLOW_COUNT 0x084u
/* RO Layer of the first offender. */
#define AW_OVERFLOW_LAYER 0x088u
/* RO Output channel of the first offender. */
#define AW_OVERFLOW_CHANNEL 0x08cu
/* RO Output position (row * output width + column) of the first offender. */
#define AW_OVERFLOW_POSITION 0x090u
/* RO Step along the reduction of the first offender, from 0; the bias is the last step. */
#define AW_OVERFLOW_STEP 0x094u
/* RW Layer whose end LOG_CYCLE shows, 0 to 255. */
#define AW_LOG_LAYER 0x098u
/* RO Cycle, bits [31:0], in which the layer's last vector or combine command was complete; undefined for a layer without any. */
#define AW_LOG_CYCLE 0x09cu
/* RO Cycles from the doorbell to the end of the program. */
#define AW_CYCLES_LO 0x100u
/* RO Bits [47:32]. */
#define AW_CYCLES_HI 0x104u
/* RO Cycles in which the array took a step. */
#define AW_COMPUTE_CYCLES_LO 0x108u
/* RO Bits [47:32]. */
#define AW_COMPUTE_CYCLES_HI 0x10cu
/* RO No step: compute waits for loaded data. */
#define AW_WAIT_LOAD_CYCLES_LO 0x110u
/* RO Bits [47:32]. */
#define AW_WAIT_LOAD_CYCLES_HI 0x114u
/* RO No step: compute waits for the vector or store unit, or only they still work. */
#define AW_WAIT_STORE_CYCLES_LO 0x118u
/* RO Bits [47:32]. */
#define AW_WAIT_STORE_CYCLES_HI 0x11cu
/* RO No step: commands are being fetched. */
#define AW_COMMAND_CYCLES_LO 0x120u
/* RO Bits [47:32]. */
#define AW_COMMAND_CYCLES_HI 0x124u
/* RO No step: bank conflicts, pipeline fill. */
#define AW_OTHER_CYCLES_LO 0x128u
/* RO Bits [47:32]. */
#define AW_OTHER_CYCLES_HI 0x12cu
/* RO Bus beats read, commands included. */
#define AW_READ_BEATS_LO 0x130u
/* RO Bits [47:32]. */
#define AW_READ_BEATS_HI 0x134u
/* RO Bus beats written. */
#define AW_WRITE_BEATS_LO 0x138u
/* RO Bits [47:32]. */
#define AW_WRITE_BEATS_HI 0x13cu
/* RO Results written by the vector unit. */
#define AW_VECTOR_RESULTS_LO 0x140u
/* RO Bits [47:32]. */
#define AW_VECTOR_RESULTS_HI 0x144u
/* RO Of WAIT_LOAD: the next data to come is weights; the rest waits for inputs. */
#define AW_WEIGHT_WAIT_CYCLES_LO 0x148u
/* RO Bits [47:32]. */
#define AW_WEIGHT_WAIT_CYCLES_HI 0x14cu
/* RO Of WAIT_STORE: compute waits for results of the vector unit (read after write). */
#define AW_RESULT_WAIT_CYCLES_LO 0x150u
/* RO Bits [47:32]. */
#define AW_RESULT_WAIT_CYCLES_HI 0x154u
/* RO Of OTHER: the array keeps two weight tiles or two sums apart. */
#define AW_HELD_CYCLES_LO 0x158u
/* RO Bits [47:32]. */
#define AW_HELD_CYCLES_HI 0x15cu
/* RO Multiplications of which no operand was zero; 0 without zero gating. */
#define AW_LIVE_MACS_LO 0x160u
/* RO Bits [47:32]. */
#define AW_LIVE_MACS_HI 0x164u

/* Values of ERROR_CODE */
#define AW_ERROR_NONE 0u  /* no error */
#define AW_ERROR_BAD_OPCODE 1u  /* unknown opcode; address of the command */
#define AW_ERROR_BAD_FIELD 2u  /* a field of a command is outside its range; address of the command */
#define AW_ERROR_TOKEN_OVERFLOW 3u  /* a token counter is full; address 0 */
#define AW_ERROR_BUFFER_RANGE 4u  /* an access beyond a buffer; address of the command */
#define AW_ERROR_FETCH_SLVERR 5u  /* SLVERR on a command fetch; address of the burst */
#define AW_ERROR_FETCH_DECERR 6u  /* DECERR on a command fetch; address of the burst */
#define AW_ERROR_LOAD_SLVERR 7u  /* SLVERR on a load; address of the burst */
#define AW_ERROR_LOAD_DECERR 8u  /* DECERR on a load; address of the burst */
#define AW_ERROR_STORE_SLVERR 9u  /* SLVERR on a store; address of the burst */
#define AW_ERROR_STORE_DECERR 10u  /* DECERR on a store; address of the burst */
#define AW_ERROR_WATCHDOG 11u  /* no progress for WATCHDOG_CYCLES; see UNIT_STATE; address 0 */
#define AW_ERROR_OVERFLOW 12u  /* an accumulation overflowed and on_overflow is trap; address 0 */
#define AW_ERROR_BAD_PROGRAM 13u  /* PROGRAM_ADDR is not 64-byte aligned; the address */
#define AW_ERROR_BAD_DATA 14u  /* stored data is malformed; address of the load command */

#endif
