// Activation buffer: five ports that share single-port RAMs (aw_activation_buffer, aw_arbiter).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "generator/estimate/actor.hpp"
#include "generator/estimate/banks.hpp"

namespace arraywright::estimate {

/// A unit's side of the buffer: one access after the other.
class Port {
public:
    virtual ~Port() = default;
    /// First cycle in which the next access is requested, kNever without one.
    virtual Cycle requested() const = 0;
    /// RAMs of the next access.
    virtual Banks banks() const = 0;
    /// RAMs that the accesses known so far may touch; 0 without any.
    virtual Banks groups() const = 0;
    /// Returns true when others must learn of it: a command or burst ends with this access.
    virtual bool granted(Cycle now) = 0;
};

/// The array's port can be granted many steps at once.
class ArrayPort : public Port {
public:
    /// `at`, or the next cycle where the next access does not come at `at` (kNever: no access).
    virtual Cycle held(Cycle at) const = 0;
    /// Grants all steps that fall in `now` to `end` - 1; true as of `granted`, and then at once.
    virtual bool granted_until(Cycle now, Cycle end) = 0;
};

class ActivationBuffer : public Actor {
public:
    /// In the order of their priority: results, load, store, operands, array.
    ActivationBuffer(Port& results, Port& load, Port& store, Port& operands, ArrayPort& array)
        : ports_{&results, &load, &store, &operands, &array}, array_(array) {}

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;

private:
    static constexpr size_t kPorts = 5;
    static constexpr size_t kLoad = 1;
    static constexpr size_t kArray = 4;
    Cycle requested(size_t port) const;
    bool arbitrate(Cycle now);

    std::array<Port*, kPorts> ports_;
    ArrayPort& array_;
    std::array<Cycle, kPorts> refused_{-1, -1, -1, -1, -1};  ///< cycle of the last refusal
    std::array<bool, kPorts> turn_{};  ///< go before the others, if refused in the cycle before
};

}  // namespace arraywright::estimate
