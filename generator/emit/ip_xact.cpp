// IP-XACT 2022 component. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/emit/packaging.hpp"
#include "generator/emit/ports.hpp"
#include "generator/emit/register_file.hpp"
#include "generator/isa/registers.hpp"

namespace arraywright::emit {

namespace {

/// Nested elements with their indentation.
class Xml {
public:
    void open(const std::string& name, const std::string& attributes = "") {
        line(fmt::format("<ipxact:{}{}>", name, attributes.empty() ? "" : " " + attributes));
        open_.push_back(name);
    }
    void close() {
        const std::string name = open_.back();
        open_.pop_back();
        line(fmt::format("</ipxact:{}>", name));
    }
    void value(const std::string& name, std::string_view text) {
        line(fmt::format("<ipxact:{0}>{1}</ipxact:{0}>", name, escaped(text)));
    }
    void empty(const std::string& name, const std::string& attributes = "") {
        line(fmt::format("<ipxact:{}{}/>", name, attributes.empty() ? "" : " " + attributes));
    }
    void line(const std::string& text) {
        text_ += std::string(2 * open_.size(), ' ') + text + "\n";
    }
    const std::string& text() const { return text_; }

private:
    static std::string escaped(std::string_view text) {
        std::string out;
        for (const char c : text) {
            out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
        }
        return out;
    }

    std::string text_;
    std::vector<std::string> open_;
};

std::string vlnv(const char* vendor, const char* library, const char* name, const char* version) {
    return fmt::format("vendor=\"{}\" library=\"{}\" name=\"{}\" version=\"{}\"", vendor, library,
                       name, version);
}

void port_map(Xml& xml, const std::string& logical, const std::string& physical) {
    xml.open("portMap");
    xml.open("logicalPort");
    xml.value("name", logical);
    xml.close();
    xml.open("physicalPort");
    xml.value("name", physical);
    xml.close();
    xml.close();
}

/// One bus interface over the ports of `group`; clock and reset belong to every AXI interface.
void bus_interface(Xml& xml, const plan::Plan& plan, const char* name, PortGroup group) {
    xml.open("busInterface");
    xml.value("name", name);
    xml.empty("busType", vlnv("amba.com", "AMBA4",
                              group == PortGroup::kRegisters ? "AXI4-Lite" : "AXI4", "r0p0_0"));
    xml.open("abstractionTypes");
    xml.open("abstractionType");
    xml.empty("abstractionRef",
              vlnv("amba.com", "AMBA4",
                   group == PortGroup::kRegisters ? "AXI4-Lite_rtl" : "AXI4_rtl", "r0p0_0"));
    xml.open("portMaps");
    port_map(xml, "ACLK", "clk");
    port_map(xml, "ARESETn", "rst_n");
    for (const Port& port : top_port_list(plan)) {
        if (port.group == group) port_map(xml, port.role, port.name);
    }
    xml.close();
    xml.close();
    xml.close();
    if (group == PortGroup::kRegisters) {
        xml.open("target");
        xml.empty("memoryMapRef", "memoryMapRef=\"registers\"");
        xml.close();
    } else {
        xml.open("initiator");
        xml.empty("addressSpaceRef", "addressSpaceRef=\"memory\"");
        xml.close();
    }
    xml.close();
}

std::string_view access_of(isa::Access access) {
    switch (access) {
        case isa::Access::kReadOnly:
            return "read-only";
        case isa::Access::kWriteOnly:
            return "write-only";
        case isa::Access::kReadWrite:
        case isa::Access::kWriteOneToClear:
            return "read-write";
    }
    return "";
}

void access_policy(Xml& xml, const char* policies, const char* policy, const isa::Register& reg) {
    xml.open(policies);
    xml.open(policy);
    xml.value("access", access_of(reg.access));
    if (reg.access == isa::Access::kWriteOneToClear &&
        std::string_view(policy) == "fieldAccessPolicy")
        xml.value("modifiedWriteValue", "oneToClear");
    xml.close();
    xml.close();
}

void field(Xml& xml, const isa::Register& reg, std::string_view name, std::string_view description,
           int32_t lsb, int32_t bits) {
    xml.open("field");
    xml.value("name", name);
    xml.value("description", description);
    xml.value("bitOffset", std::to_string(lsb));
    xml.value("bitWidth", std::to_string(bits));
    access_policy(xml, "fieldAccessPolicies", "fieldAccessPolicy", reg);
    xml.close();
}

void registers(Xml& xml, const plan::Plan& plan) {
    xml.open("memoryMaps");
    xml.open("memoryMap");
    xml.value("name", "registers");
    xml.open("addressBlock");
    xml.value("name", "registers");
    xml.value("baseAddress", "0");
    xml.value("range", std::to_string(isa::kRegisterSpaceBytes));
    xml.value("width", "32");
    xml.value("usage", "register");
    for (isa::Register reg : isa::registers()) {
        if (!has_register(plan, reg)) reg.access = isa::Access::kReadOnly;
        xml.open("register");
        xml.value("name", reg.name);
        std::string description(reg.description);
        if (is_constant_register(reg))
            description += fmt::format(" Value 0x{:08x}.", constant_register_value(plan, reg));
        if (!has_register(plan, reg)) description += " Not in this design: 0.";
        xml.value("description", description);
        xml.value("addressOffset", std::to_string(reg.offset));
        xml.value("size", "32");
        access_policy(xml, "accessPolicies", "accessPolicy", reg);
        if (reg.fields.empty()) field(xml, reg, "VALUE", reg.description, 0, 32);
        for (const isa::RegisterField& one : reg.fields)
            field(xml, reg, one.name, one.description, one.lsb, one.bits);
        xml.close();
    }
    xml.close();
    xml.value("addressUnitBits", "8");
    xml.close();
    xml.close();
}

void model(Xml& xml, const plan::Plan& plan) {
    xml.open("model");
    xml.open("views");
    xml.open("view");
    xml.value("name", "rtl");
    xml.value("componentInstantiationRef", "rtl");
    xml.close();
    xml.close();
    xml.open("instantiations");
    xml.open("componentInstantiation");
    xml.value("name", "rtl");
    xml.value("language", "verilog");
    xml.value("moduleName", plan.spec.name);
    xml.open("fileSetRef");
    xml.value("localName", "rtl");
    xml.close();
    xml.close();
    xml.close();
    xml.open("ports");
    for (const Port& port : top_port_list(plan)) {
        xml.open("port");
        xml.value("name", port.name);
        xml.open("wire");
        xml.value("direction", port.is_output ? "out" : "in");
        if (port.bits > 1) {
            xml.open("vectors");
            xml.open("vector");
            xml.value("left", std::to_string(port.bits - 1));
            xml.value("right", "0");
            xml.close();
            xml.close();
        }
        xml.close();
        xml.close();
    }
    xml.close();
    xml.close();
}

void file_sets(Xml& xml, const std::vector<File>& files) {
    xml.open("fileSets");
    xml.open("fileSet");
    xml.value("name", "rtl");
    for (const File& file : files) {
        if (!file.path.ends_with(".v")) continue;
        xml.open("file");
        xml.value("name", file.path);
        xml.value("fileType", "verilogSource-2005");
        xml.close();
    }
    xml.close();
    xml.close();
}

}  // namespace

File emit_ip_xact(const plan::Plan& plan, const std::vector<File>& files) {
    Xml xml;
    xml.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    xml.open("component", "xmlns:ipxact=\"http://www.accellera.org/XMLSchema/IPXACT/1685-2022\"");
    xml.value("vendor", "arraywright");
    xml.value("library", "accelerators");
    xml.value("name", plan.spec.name);
    xml.value("version", "0.1.0");
    xml.value("description",
              fmt::format("INT8 inference accelerator, {} x {} multipliers, {}-bit sums", plan.rows,
                          plan.cols, plan.accumulator_bits));
    xml.open("busInterfaces");
    bus_interface(xml, plan, "s_axil", PortGroup::kRegisters);
    bus_interface(xml, plan, "m_axi", PortGroup::kMemory);
    xml.close();
    xml.open("addressSpaces");
    xml.open("addressSpace");
    xml.value("name", "memory");
    xml.value("range", plan.address_bits == 64 ? std::string("'h1_0000_0000_0000_0000")
                                               : std::to_string(uint64_t{1} << plan.address_bits));
    xml.value("width", std::to_string(plan.bus_bytes * 8));
    xml.value("addressUnitBits", "8");
    xml.close();
    xml.close();
    registers(xml, plan);
    model(xml, plan);
    file_sets(xml, files);
    xml.close();
    return {plan.spec.name + ".xml", xml.text()};
}

}  // namespace arraywright::emit
