// Multiplier and block RAM of ECP5 as Yosys uses them. For gate-level simulation; Yosys has none.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`default_nettype wire
