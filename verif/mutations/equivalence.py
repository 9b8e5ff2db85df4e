"""Proves of a fault in a netlist that it changes nothing that anybody can see.

Two copies of the netlist, one with the fault, start in one state, whatever it is, are reset for a
cycle and get the same inputs. Proven is that no output ever differs while it means something (a
payload of AXI: while it is valid), by induction: registers and memory columns that were the same in
both copies stay the same, whatever the others hold in either. Which may differ is found by simulating
random states and from the counterexamples of ABC; if these reach an output, nothing is proven. A
memory is cut out: what it answers differs where a write to it or the address of the read may differ.
Registers that are constant after the reset, found by ternary simulation, are so in the induction.

What is assumed: a clock only, which no fault is in (checked), and 0 for a don't-care of the RTL.
SPDX-License-Identifier: Apache-2.0
"""

import random
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PATTERNS = 2048
MASK = (1 << PATTERNS) - 1
MOST_ROUNDS = 40
MOST_DIFFERENT = 4000          # registers and memory columns: more reach an output
SAT_SECONDS = 60
# Outputs that mean something while another one is 1.
PAYLOADS = {"m_axi_ar": "m_axi_arvalid", "m_axi_aw": "m_axi_awvalid", "m_axi_w": "m_axi_wvalid",
            "s_axil_r": "s_axil_rvalid", "s_axil_b": "s_axil_bvalid"}
HANDSHAKE = re.compile(r"(valid|ready)$")

SCRIPT = """
read_ilang {flat}
script {faults}
expose -evert t:$mem*
techmap
opt_clean
dffunmap
dfflegalize -cell $_DFF_P_ x
select -assert-none t:$_DFF_P_ w:clk %co1:+$_DFF_P_[C] %d
setundef -zero -undriven
aigmap
opt_clean
write_aiger -map {folder}/faults.map {folder}/faults.aig
"""


@dataclass
class Memory:
    width: int
    reads: int
    writes: int
    address_bits: int


@dataclass
class Machine:
    """One AIG: literals are twice a variable, plus one if inverted; inputs, then latches, then gates."""
    inputs: int
    latches: int
    gates: list[tuple[int, int, int]]      # (variable, literal, literal)
    next: list[int]                        # literal, by latch
    outputs: list[int]


@dataclass
class Netlist:
    machine: Machine
    input_of: dict[tuple[str, int], int]   # (name, bit) -> input
    output_of: dict[tuple[str, int], int]
    memories: dict[str, Memory]
    gold: Machine = None
    checks: list = field(default_factory=list)
    constants: dict[int, int] = field(default_factory=dict)    # latch -> value after reset


# ---- reading ----

def read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            return value, at


def read_aiger(path: Path) -> Machine:
    data = path.read_bytes()
    at = data.index(b"\n")
    _, inputs, latches, outputs, gates = (int(word) for word in data[:at].split()[1:6])
    at += 1
    lines = []
    for _ in range(latches + outputs):
        end = data.index(b"\n", at)
        lines.append(int(data[at:end].split()[0]))
        at = end + 1
    machine = Machine(inputs, latches, [], lines[:latches], lines[latches:])
    for variable in range(inputs + latches + 1, inputs + latches + gates + 1):
        down, at = read_varint(data, at)
        more, at = read_varint(data, at)
        machine.gates.append((variable, 2 * variable - down, 2 * variable - down - more))
    return machine


def read_memories(flat: Path) -> dict[str, Memory]:
    memories, parameters = {}, {}
    names = ("WIDTH", "RD_PORTS", "WR_PORTS", "ABITS")
    inside = None
    for line in flat.open():
        words = line.split()
        if len(words) == 3 and words[0] == "cell":
            inside = words[2].lstrip("\\") if words[1].startswith("$mem") else None
            parameters = {}
        elif inside and words and words[0] == "parameter" and words[-2].lstrip("\\") in names:
            parameters[words[-2].lstrip("\\")] = int(words[-1], 0)
            if len(parameters) == len(names):
                memories[inside] = Memory(*(parameters[name] for name in names))
    return memories


def read_netlist(flat: Path, faults: Path, folder: Path) -> Netlist:
    """AIG of the netlist with all its faults; memories are cut out of it."""
    script = folder / "aiger.ys"
    script.write_text(SCRIPT.format(flat=flat, faults=faults, folder=folder))
    subprocess.run(["yosys", "-q", script], check=True, capture_output=True)
    inputs, outputs = {}, {}
    for line in (folder / "faults.map").open():
        kind, number, bit, name = line.split()
        if kind == "input":
            inputs[name, int(bit)] = int(number)
        elif kind == "output":
            outputs[name, int(bit)] = int(number)
    netlist = Netlist(read_aiger(folder / "faults.aig"), inputs, outputs, read_memories(flat))
    netlist.gold = with_fault(netlist, 0)
    netlist.constants = constant_latches(netlist)
    netlist.checks = all_checks(netlist)
    return netlist


# ---- AIGs ----

class Builder:
    """Gates over so many inputs; equal ones are one."""

    def __init__(self, inputs: int):
        self.inputs = inputs
        self.gates: list[tuple[int, int, int]] = []
        self.known: dict[tuple[int, int], int] = {}

    def both(self, a: int, b: int) -> int:
        if a < b:
            a, b = b, a
        if b == 0 or a == b ^ 1:
            return 0
        if b == 1 or a == b:
            return a
        found = self.known.get((a, b))
        if found is None:
            found = 2 * (self.inputs + len(self.gates) + 1)
            self.gates.append((found >> 1, a, b))
            self.known[a, b] = found
        return found

    def either(self, a: int, b: int) -> int:
        return self.both(a ^ 1, b ^ 1) ^ 1

    def differ(self, a: int, b: int) -> int:
        return self.either(self.both(a, b ^ 1), self.both(a ^ 1, b))

    def copy(self, machine: Machine, leaves: list[int]) -> list[int]:
        """Literals of the variables of a machine whose inputs and latches are `leaves`."""
        place = [0, *leaves] + [0] * (machine.gates[-1][0] - len(leaves) if machine.gates else 0)
        both = self.both
        for variable, a, b in machine.gates:
            place[variable] = both(place[a >> 1] ^ (a & 1), place[b >> 1] ^ (b & 1))
        return place


def with_fault(netlist: Netlist, fault: int) -> Machine:
    machine = netlist.machine
    leaves = [2 * (1 + k) for k in range(machine.inputs + machine.latches)]
    bit = 0
    while ("fault_select", bit) in netlist.input_of:
        leaves[netlist.input_of["fault_select", bit]] = fault >> bit & 1
        bit += 1
    builder = Builder(len(leaves))
    place = builder.copy(machine, leaves)
    literal = [place[a >> 1] ^ (a & 1) for a in machine.next + machine.outputs]
    return Machine(machine.inputs, machine.latches, builder.gates, literal[:machine.latches],
                   literal[machine.latches:])


def results(machine: Machine, leaves: list[int]) -> list[int]:
    """Next states and outputs for PATTERNS inputs and states."""
    value = [0, *leaves] + [0] * len(machine.gates)
    for variable, a, b in machine.gates:
        x, y = value[a >> 1], value[b >> 1]
        value[variable] = (x ^ MASK if a & 1 else x) & (y ^ MASK if b & 1 else y)
    return [value[a >> 1] ^ (MASK if a & 1 else 0) for a in machine.next + machine.outputs]


def constant_latches(netlist: Netlist) -> dict[int, int]:
    """After a cycle of reset, whatever the registers were and the inputs are."""
    gold, reset = netlist.gold, netlist.input_of["rst_n", 0]

    def step(state: list[int], rst_n: int) -> list[int]:
        # Two bits a value: may be 0, may be 1.
        value = [1] + [3] * gold.inputs + state + [0] * len(gold.gates)
        value[1 + reset] = rst_n
        invert = (0, 2, 1, 3)
        for variable, a, b in gold.gates:
            x, y = value[a >> 1], value[b >> 1]
            x, y = invert[x] if a & 1 else x, invert[y] if b & 1 else y
            value[variable] = (x | y) & 1 | x & y & 2
        return [invert[value[a >> 1]] if a & 1 else value[a >> 1] for a in gold.next]

    state = step([3] * gold.latches, 1)
    while True:
        after = [a | b for a, b in zip(state, step(state, 3))]
        if after == state:
            return {latch: value >> 1 for latch, value in enumerate(state) if value != 3}
        state = after


# ---- the proof ----

@dataclass
class Difference:
    """What may differ between the copies: latches, and bits that memories answer."""
    latches: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)     # inputs

    def __len__(self) -> int:
        return len(self.latches) + len(self.answers)


@dataclass
class Check:
    """A next state or output that must be the same in both copies where the guard, an output too, is 1
    in both; else what follows from it."""
    place: int                  # next states, then outputs
    guard: int | None = None
    latch: int = -1
    answers: tuple[int, ...] = ()
    is_output: bool = False


def all_checks(netlist: Netlist) -> list[Check]:
    latches, output_of = netlist.machine.latches, netlist.output_of
    found = [Check(k, latch=k) for k in range(latches)]

    def place(name: str, bit: int) -> int | None:
        # A memory's enable without a name is the constant 1.
        at = output_of.get((name, bit))
        return None if at is None else latches + at

    def answers(cell: str, bits: list[int]) -> tuple[int, ...]:
        names = ((f"{cell}.RD_DATA", bit) for bit in bits)
        return tuple(netlist.input_of[name] for name in names if name in netlist.input_of)

    for (name, bit), at in output_of.items():
        if "." not in name:
            valid = next((v for start, v in PAYLOADS.items() if name.startswith(start)), None)
            guard = None if valid is None or HANDSHAKE.search(name) else place(valid, 0)
            found.append(Check(latches + at, guard, is_output=True))
            continue
        cell, port = name.rsplit(".", 1)
        memory = netlist.memories[cell]

        def column(index: int) -> tuple[int, ...]:
            return answers(cell, [index + read * memory.width for read in range(memory.reads)])

        if port == "RD_ADDR":
            first = bit // memory.address_bits * memory.width
            found.append(Check(latches + at, answers=answers(cell, list(range(first, first + memory.width)))))
        elif port == "WR_DATA":
            found.append(Check(latches + at, place(f"{cell}.WR_EN", bit), answers=column(bit % memory.width)))
        elif port == "WR_EN":
            found.append(Check(latches + at, answers=column(bit % memory.width)))
        elif port == "WR_ADDR":
            write = bit // memory.address_bits
            found += [Check(latches + at, place(f"{cell}.WR_EN", write * memory.width + index),
                            answers=column(index)) for index in range(memory.width)]
        else:       # clock or reset of a memory
            found.append(Check(latches + at, is_output=True))
    # Nobody reads a column without an answer.
    found = [check for check in found if check.is_output or check.latch >= 0 or check.answers]
    # Outputs without a name are constant or the same signal as one with a name.
    named = {netlist.machine.outputs[at] for at in output_of.values()}
    found += [Check(latches + at, is_output=True) for at, literal in enumerate(netlist.machine.outputs)
              if literal > 1 and literal not in named]
    return found


class Proof:
    def __init__(self, netlist: Netlist, fault: int, seed: int = 1):
        self.netlist = netlist
        self.gold, self.bad = netlist.gold, with_fault(netlist, fault)
        self.random = random.Random(seed)

    def leaves(self, differ: Difference, shared: list[int], own) -> list[int]:
        result = list(shared)
        for k in differ.answers:
            result[k] = own(k)
        for latch in differ.latches:
            result[self.gold.inputs + latch] = own(self.gold.inputs + latch)
        return result

    def words(self, near: dict[int, int] | None) -> tuple[list[int], list[int]]:
        """Random inputs and states: those that both copies have, and what differs in the second. Near
        the given values, which the first pattern has, if there are such."""
        def word() -> int:
            # Of different densities, so that long ANDs become 1, too.
            one, other = self.random.getrandbits(PATTERNS), self.random.getrandbits(PATTERNS)
            kind = self.random.randrange(4)
            return one & other if kind == 0 else one | other if kind == 1 else one

        count = self.gold.inputs + self.gold.latches
        if near is None:
            shared = [word() for _ in range(count)]
            some = (word() for _ in range(count))
            return shared, [(word() & mask) | (one & ~mask) for one, mask in zip(shared, some)]
        rare = word() & word() & word() & word() & ~1
        shared = [(MASK if near.get(k, 0) else 0) ^ (word() & rare) for k in range(count)]
        own = [(MASK if near.get(count + k, near.get(k, 0)) else 0) ^ (word() & rare)
               for k in range(count)]
        return shared, own

    def grow(self, differ: Difference, near: dict[int, int] | None) -> bool:
        """Adds what differs in simulated states; False: an output does."""
        shared, own = self.words(near)
        for latch, value in self.netlist.constants.items():
            shared[self.gold.inputs + latch] = MASK if value else 0
        gold = results(self.gold, shared)
        while True:
            before = len(differ)
            bad = results(self.bad, self.leaves(differ, shared, lambda k: own[k]))
            for check in self.netlist.checks:
                different = gold[check.place] ^ bad[check.place]
                if check.guard is not None:
                    different &= gold[check.guard] & bad[check.guard]
                if not different:
                    continue
                if check.is_output:
                    return False
                if check.latch >= 0:
                    differ.latches.add(check.latch)
                differ.answers.update(check.answers)
            if len(differ) > MOST_DIFFERENT:
                return False
            if len(differ) == before:
                return True

    def miter(self, differ: Difference, is_first: bool) -> tuple[Builder, int]:
        """A literal that is 1 where the induction fails: in a cycle after the reset, or the first."""
        count = self.gold.inputs + self.gold.latches
        builder = Builder(2 * count)
        shared = [2 * (1 + k) for k in range(count)]
        if is_first:
            shared[self.netlist.input_of["rst_n", 0]] = 0
            mine = shared
        else:
            for latch, value in self.netlist.constants.items():
                shared[self.gold.inputs + latch] = value
            mine = self.leaves(differ, shared, lambda k: 2 * (1 + count + k))
        literals = []
        for machine, leaves in ((self.gold, shared), (self.bad, mine)):
            place = builder.copy(machine, leaves)
            literals.append([place[a >> 1] ^ (a & 1) for a in machine.next + machine.outputs])
        wrong = 0
        terms = set()
        gold, bad = literals
        for check in self.netlist.checks:
            a, b = gold[check.place], bad[check.place]
            # What may differ anyway needs no check; outputs mean nothing in the reset.
            if a == b or (is_first and check.is_output) or check.latch in differ.latches \
                    or (check.answers and differ.answers.issuperset(check.answers)):
                continue
            guards = () if check.guard is None else sorted((gold[check.guard], bad[check.guard]))
            terms.add((min(a, b), max(a, b), *guards))
        for a, b, *guards in sorted(terms):
            term = builder.differ(a, b)
            for guard in guards:
                term = builder.both(term, guard)
            wrong = builder.either(wrong, term)
        return builder, wrong

    def solve(self, builder: Builder, wrong: int, folder: Path) -> dict[int, int] | None | bool:
        """None: cannot be 1; else inputs that make it 1, or False: not known."""
        if wrong == 0:
            return None
        used, todo = set(), [wrong >> 1]
        first = builder.inputs + 1
        while todo:
            variable = todo.pop()
            if variable in used or variable == 0:
                continue
            used.add(variable)
            if variable >= first:
                _, a, b = builder.gates[variable - first]
                todo += [a >> 1, b >> 1]
        inputs = sorted(v for v in used if v < first)
        gates = sorted(v for v in used if v >= first)
        number = {0: 0} | {v: 1 + k for k, v in enumerate(inputs + gates)}
        rename = lambda a: 2 * number[a >> 1] + (a & 1)
        data = bytearray(f"aig {len(number) - 1} {len(inputs)} 0 1 {len(gates)}\n{rename(wrong)}\n".encode())
        for v in gates:
            _, a, b = builder.gates[v - first]
            a, b = sorted((rename(a), rename(b)), reverse=True)
            for delta in (2 * number[v] - a, a - b):
                while delta > 127:
                    data.append(delta & 127 | 128)
                    delta >>= 7
                data.append(delta)
        path = folder / "miter.aig"
        path.write_bytes(data)
        model = folder / "miter.cex"
        model.unlink(missing_ok=True)
        try:
            text = subprocess.run(["yosys-abc", "-c", f"read_aiger {path}; iprove; write_cex -n {model}"],
                                  capture_output=True, text=True, timeout=SAT_SECONDS).stdout
        except subprocess.TimeoutExpired:
            return False
        if "UNSATISFIABLE" in text:
            return None
        if not model.exists():
            return False
        bits = re.findall(r"=([01])", model.read_text())
        return {v - 1: int(bit) for v, bit in zip(inputs, bits)}

    def run(self, folder: Path) -> bool:
        """Whether the fault is proven to change nothing."""
        differ, near = Difference(), None
        for _ in range(MOST_ROUNDS):
            if not self.grow(differ, near):
                return False
            near = self.solve(*self.miter(differ, False), folder)
            if near is False:
                return False
            if near is None:
                return self.solve(*self.miter(differ, True), folder) is None
        return False
