// Container writer. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/container.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string_view>

#include "generator/runtime/aw_program.h"

namespace arraywright::compile {

namespace {

constexpr size_t kHeaderBytes = 96;

/// Little-endian bytes in the making.
class Bytes {
public:
    void u8(uint32_t value) { bytes_.push_back(static_cast<uint8_t>(value)); }
    void u32(uint32_t value) {
        for (int32_t b = 0; b < 4; ++b) u8(value >> (8 * b));
    }
    void i32(int32_t value) { u32(static_cast<uint32_t>(value)); }
    void u64(uint64_t value) {
        u32(static_cast<uint32_t>(value));
        u32(static_cast<uint32_t>(value >> 32));
    }
    void f32(float value) { u32(std::bit_cast<uint32_t>(value)); }
    void append(const std::vector<uint8_t>& other) {
        bytes_.insert(bytes_.end(), other.begin(), other.end());
    }
    size_t size() const { return bytes_.size(); }
    const std::vector<uint8_t>& get() const { return bytes_; }
    std::vector<uint8_t> take() { return std::move(bytes_); }

private:
    std::vector<uint8_t> bytes_;
};

/// A table and how many entries it has.
struct Table {
    Bytes bytes;
    uint32_t entries = 0;
};

void put_tensor(const network::Tensor& tensor, uint64_t address, bool is_output, size_t index,
                Table& table) {
    if (tensor.shape.size() > AW_MAX_RANK) {
        throw std::length_error("a tensor has more axes than the container knows");
    }
    Bytes& out = table.bytes;
    out.u8(is_output ? 1 : 0);
    out.u8(static_cast<uint32_t>(tensor.type));
    out.u8(static_cast<uint32_t>(tensor.shape.size()));
    out.u8(0);
    out.u32(static_cast<uint32_t>(index));
    out.u64(address);
    out.u64(static_cast<uint64_t>(tensor.bytes()));
    for (size_t axis = 0; axis < AW_MAX_RANK; ++axis) {
        out.i32(axis < tensor.shape.size() ? tensor.shape[axis] : 1);
    }
    const network::Quantization& q = tensor.quantization;
    out.f32(q.scales.empty() ? 0.0F : q.scales.front());
    out.i32(q.zero_points.empty() ? 0 : q.zero_points.front());
    out.u64(0);
    ++table.entries;
}

Table tensor_table(const Program& program, const network::Network& network) {
    Table table;
    const auto add = [&](const std::vector<int32_t>& tensors, bool is_output) {
        for (size_t i = 0; i < tensors.size(); ++i) {
            const Region* region = program.region_of_tensor(tensors[i]);
            if (region == nullptr) throw std::logic_error("an input or output has no address");
            put_tensor(network.tensors[static_cast<size_t>(tensors[i])], region->address, is_output,
                       i, table);
        }
    };
    add(network.inputs, false);
    add(network.outputs, true);
    return table;
}

void put_operator(const HostOperator& host, uint32_t table_at, Table& table) {
    Bytes& out = table.bytes;
    const aw_host_op& op = host.op;
    out.u8(op.kind);
    for (const aw_operand* operand : {&op.a, &op.b, &op.out}) out.u8(operand->type);
    out.u32(op.layer);
    out.u32(op.kept);
    out.u32(table_at);
    for (const aw_operand* operand : {&op.a, &op.b, &op.out}) out.u64(operand->address);
    for (const uint32_t extent : op.dims) out.u32(extent);
    for (const aw_operand* operand : {&op.a, &op.b, &op.out}) {
        for (const uint32_t stride : operand->stride) out.u32(stride);
    }
    for (const int32_t parameter :
         {op.zero_a, op.zero_b, op.zero_out, op.multiplier_a, op.shift_a, op.multiplier_b,
          op.shift_b, op.multiplier, op.shift, op.minimum, op.maximum, op.left_shift}) {
        out.i32(parameter);
    }
    out.f32(op.scale);
    out.u32(0);
    ++table.entries;
}

/// Fills the tables of steps, host operators and their data.
void put_steps(const Program& program, Table& steps, Table& operators, Table& data) {
    for (const Step& step : program.steps) {
        const bool is_run = step.kind == Step::Kind::kRun;
        steps.bytes.u32(is_run ? AW_STEP_RUN : AW_STEP_HOST);
        steps.bytes.u32(is_run ? 0 : static_cast<uint32_t>(step.operator_index));
        steps.bytes.u64(is_run ? step.command_address : 0);
        steps.bytes.u32(is_run ? step.command_count : operators.entries);
        steps.bytes.u32(is_run ? 0 : static_cast<uint32_t>(step.host_operators.size()));
        ++steps.entries;
        for (const HostOperator& host : step.host_operators) {
            put_operator(host, host.table.empty() ? 0 : data.entries, operators);
            data.bytes.append(host.table);
            data.entries += static_cast<uint32_t>(host.table.size());
        }
    }
}

uint64_t low_hash(const std::string& sha256) {
    return sha256.size() == 64 ? std::stoull(sha256.substr(48), nullptr, 16) : 0;
}

uint64_t memory_begin(const Program& program) {
    uint64_t begin = program.end_address;
    for (const Region& region : program.regions) begin = std::min(begin, region.address);
    return begin;
}

uint64_t memory_end(const Program& program) {
    uint64_t end = program.end_address;
    for (const Region& region : program.regions) end = std::max(end, region.address + region.bytes);
    return end;
}

}  // namespace

std::vector<uint8_t> write_container(const Program& program, const network::Network& network,
                                     const std::string& spec_sha256) {
    constexpr size_t kRegionBytes = 24;
    Table regions;
    Table tensors = tensor_table(program, network);
    Table steps;
    Table operators;
    Table data;
    put_steps(program, steps, operators, data);
    size_t with_contents = 0;
    uint64_t content_bytes = 0;
    for (const Region& region : program.regions) {
        with_contents += region.image.empty() ? 0 : 1;
        content_bytes += region.image.size();
    }
    const size_t tables = kHeaderBytes + with_contents * kRegionBytes + tensors.bytes.size() +
                          steps.bytes.size() + operators.bytes.size() + data.bytes.size();
    if (tables > UINT32_MAX) throw std::length_error("the program's tables exceed 4 GiB");
    uint64_t contents_at = tables;
    for (const Region& region : program.regions) {
        if (region.image.empty()) continue;
        regions.bytes.u64(region.address);
        regions.bytes.u64(region.image.size());
        regions.bytes.u64(contents_at);
        contents_at += region.image.size();
        ++regions.entries;
    }

    Bytes file;
    for (const char c : std::string_view("AWPROG\r\n")) file.u8(static_cast<uint8_t>(c));
    file.u32(AW_PROGRAM_VERSION);
    file.u32(kHeaderBytes);
    file.u64(tables + content_bytes);
    file.u64(low_hash(spec_sha256));
    file.u64(memory_begin(program));
    file.u64(memory_end(program));
    size_t at = kHeaderBytes;
    for (const Table* table : {&regions, &tensors, &steps, &operators, &data}) {
        file.u32(static_cast<uint32_t>(at));
        file.u32(table->entries);
        at += table->bytes.size();
    }
    file.u64(0);
    for (const Table* table : {&regions, &tensors, &steps, &operators, &data}) {
        file.append(table->bytes.get());
    }
    for (const Region& region : program.regions) file.append(region.image);
    return file.take();
}

}  // namespace arraywright::compile
