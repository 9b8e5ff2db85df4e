// Folding of constant channels. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/constant_channels.hpp"

#include <algorithm>
#include <cstring>

#include "generator/compile/fixed_point.hpp"
#include "generator/compile/layer.hpp"

namespace arraywright::compile {

using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

/// How an operator treats channels.
enum class Reading {
    kSum,       ///< every output channel sums all input channels
    kSame,      ///< output channel c is made of channel c of the only input
    kRepeated,  ///< reshape: output channel c is input channel c modulo theirs
    kJoined,    ///< concatenation of channels
    kOther
};

int32_t channels_of(const Tensor& tensor) {
    return tensor.shape.empty() ? 1 : tensor.shape.back();
}

int8_t zero_point_of(const Tensor& tensor) {
    const auto& points = tensor.quantization.zero_points;
    return static_cast<int8_t>(points.empty() ? 0 : points.front());
}

bool is_padded(const Operator& op) {
    const network::Padding& padding = op.conv.padding;
    return padding.top != 0 || padding.bottom != 0 || padding.left != 0 || padding.right != 0;
}

class Folder {
public:
    Folder(const Network& network, const std::vector<bool>& safe, bool unread)
        : network_(network), safe_(safe), unread_(unread) {
        const size_t tensors = network.tensors.size();
        constants_.resize(tensors);
        gone_.resize(tensors);
        for (size_t t = 0; t < tensors; ++t) {
            const auto channels = static_cast<size_t>(channels_of(network.tensors[t]));
            if (network.tensors[t].is_constant) continue;
            constants_[t].resize(channels);
            gone_[t].assign(channels, false);
        }
    }

    FoldedNetwork fold() {
        for (const Operator& op : network_.operators) find_constants(op);
        find_gone();
        FoldedNetwork result;
        result.network = network_;
        for (size_t i = 0; i < network_.operators.size(); ++i)
            cut(result.network, result.network.operators[i]);
        for (size_t t = 0; t < network_.tensors.size(); ++t) {
            KeptChannels channels;
            if (is_cut(t)) {
                channels.kept = kept(t);
                channels.constants = constants_[t];
                result.network.tensors[t].shape.back() = static_cast<int32_t>(channels.kept.size());
            }
            result.channels.push_back(std::move(channels));
        }
        return result;
    }

private:
    const Tensor& tensor(int32_t t) const { return network_.tensors[static_cast<size_t>(t)]; }
    bool is_cut(size_t t) const {
        return std::find(gone_[t].begin(), gone_[t].end(), true) != gone_[t].end();
    }
    std::vector<int32_t> kept(size_t t) const {
        std::vector<int32_t> channels;
        for (size_t c = 0; c < gone_[t].size(); ++c) {
            if (!gone_[t][c]) channels.push_back(static_cast<int32_t>(c));
        }
        return channels;
    }
    std::vector<int32_t> kept(int32_t t) const { return kept(static_cast<size_t>(t)); }

    Reading reading(const Operator& op) const {
        if (tensor(op.output).type != network::DataType::kInt8 ||
            tensor(op.input).type != network::DataType::kInt8 || tensor(op.input).is_constant) {
            return Reading::kOther;
        }
        const auto index = static_cast<size_t>(&op - network_.operators.data());
        const int32_t in = channels_of(tensor(op.input));
        const int32_t out = channels_of(tensor(op.output));
        switch (op.kind) {
            case OpKind::kConv2d:
                return op.conv.groups == 1 && safe_[index] ? Reading::kSum : Reading::kOther;
            case OpKind::kGemm:
            case OpKind::kFullyConnected:
                return tensor(op.weights).shape.back() % in == 0 && safe_[index] ? Reading::kSum
                                                                                 : Reading::kOther;
            case OpKind::kDepthwiseConv2d:
                return in == out && safe_[index] ? Reading::kSame : Reading::kOther;
            case OpKind::kAveragePool:
            case OpKind::kMaxPool:
                return Reading::kSame;
            case OpKind::kPad:
                return in == out ? Reading::kSame : Reading::kOther;
            case OpKind::kReshape:
                return out % in == 0 ? Reading::kRepeated : Reading::kOther;
            case OpKind::kConcatenation:
                return op.axis + 1 == static_cast<int32_t>(tensor(op.output).shape.size()) &&
                               !has_constant_input(op)
                           ? Reading::kJoined
                           : Reading::kOther;
            default:
                return Reading::kOther;
        }
    }

    bool has_constant_input(const Operator& op) const {
        const std::vector<int32_t> inputs = op.all_inputs();
        return std::any_of(inputs.begin(), inputs.end(),
                           [this](int32_t t) { return tensor(t).is_constant; });
    }

    /// Calls `visit(input tensor, its channel, output channel)` for channels that go or stay
    /// together.
    template <typename Visit>
    void for_each_link(const Operator& op, Reading how, Visit visit) const {
        const int32_t out = channels_of(tensor(op.output));
        if (how == Reading::kSame || how == Reading::kRepeated) {
            const int32_t in = channels_of(tensor(op.input));
            for (int32_t c = 0; c < out; ++c) visit(op.input, c % in, c);
        } else if (how == Reading::kJoined) {
            int32_t c = 0;
            for (const int32_t input : op.all_inputs()) {
                for (int32_t i = 0; i < channels_of(tensor(input)); ++i) visit(input, i, c++);
            }
        }
    }

    // ---- values, in the order of execution ----

    std::optional<int8_t>& constant(int32_t t, int32_t c) {
        return constants_[static_cast<size_t>(t)][static_cast<size_t>(c)];
    }

    void find_constants(const Operator& op) {
        const Reading how = reading(op);
        if (how == Reading::kSum || op.kind == OpKind::kDepthwiseConv2d) {
            if (how != Reading::kOther && op.output_kind == network::OutputKind::kRequantize)
                find_constant_sums(op);
            return;
        }
        for_each_link(op, how, [&](int32_t in, int32_t from, int32_t to) {
            const std::optional<int8_t> value = constant(in, from);
            if (op.kind == OpKind::kPad && value != op.pad_value) return;
            constant(op.output, to) = value;
            if (value && op.activation != network::Activation::kNone) {
                const network::Quantization& q = tensor(op.output).quantization;
                const auto [low, high] =
                    clamp_bounds(op.activation, q.scales.front(), zero_point_of(tensor(op.output)));
                constant(op.output, to) =
                    static_cast<int8_t>(std::clamp<int32_t>(*value, low, high));
            }
        });
    }

    void find_constant_sums(const Operator& op) {
        const auto index = static_cast<int32_t>(&op - network_.operators.data());
        plan::Plan plan;
        const Layer layer =
            make_layer(network_, index, op.input, op.conv.padding, plan, false).layer;
        const int8_t zero = zero_point_of(tensor(op.input));
        const int32_t in = channels_of(tensor(op.input));
        const bool depthwise = op.kind == OpKind::kDepthwiseConv2d;
        for (int32_t n = 0; n < layer.out_c; ++n) {
            const int8_t* weights = layer.weights + n * layer.reduction();
            int64_t sum = layer.bias[static_cast<size_t>(n)];
            bool known = true;
            for (int64_t i = 0; i < layer.reduction() && known; ++i) {
                if (weights[i] == 0) continue;
                const auto c = depthwise ? n : static_cast<int32_t>(i % in);
                const std::optional<int8_t> value = constant(op.input, c);
                // Padding is the zero point.
                known = value && (!is_padded(op) || *value == zero);
                if (known) sum += int64_t{weights[i]} * *value;
            }
            if (!known) continue;
            const Scale& scale = layer.scales[layer.per_channel ? static_cast<size_t>(n) : 0];
            const int64_t scaled = multiply_rounded(sum, scale.multiplier, scale.exponent);
            constant(op.output, n) = static_cast<int8_t>(std::clamp<int64_t>(
                layer.output_zero_point + scaled, layer.clamp_low, layer.clamp_high));
        }
    }

    // ---- channels that can go: the largest set that every operator agrees to ----

    std::vector<bool>& gone(int32_t t) { return gone_[static_cast<size_t>(t)]; }

    void find_gone() {
        for (const Operator& op : network_.operators) {
            for (size_t c = 0; c < gone(op.output).size(); ++c) {
                gone(op.output)[c] =
                    unread_ || constants_[static_cast<size_t>(op.output)][c].has_value();
            }
        }
        for (const int32_t t : network_.outputs) keep_all(t);
        for (const int32_t t : network_.inputs) keep_all(t);
        do {
            changed_ = false;
            for (const Operator& op : network_.operators) agree(op);
            for (std::vector<bool>& channels : gone_) {
                // A tensor has at least one channel.
                if (!channels.empty() &&
                    std::find(channels.begin(), channels.end(), false) == channels.end()) {
                    channels.front() = false;
                    changed_ = true;
                }
            }
        } while (changed_);
    }

    void keep(int32_t t, int32_t c) {
        if (!gone(t)[static_cast<size_t>(c)]) return;
        gone(t)[static_cast<size_t>(c)] = false;
        changed_ = true;
    }
    void keep_all(int32_t t) {
        for (size_t c = 0; c < gone(t).size(); ++c) keep(t, static_cast<int32_t>(c));
    }

    void agree(const Operator& op) {
        const Reading how = reading(op);
        if (how == Reading::kOther) {
            keep_all(op.output);
            for (const int32_t input : op.all_inputs()) keep_all(input);
        } else if (how == Reading::kSum) {
            agree_on_sums(op);
        } else {
            for_each_link(op, how, [&](int32_t in, int32_t from, int32_t to) {
                if (!gone(in)[static_cast<size_t>(from)]) keep(op.output, to);
                if (!gone(op.output)[static_cast<size_t>(to)]) keep(in, from);
            });
        }
    }

    void agree_on_sums(const Operator& op) {
        const Tensor& weights = tensor(op.weights);
        const int32_t in = channels_of(tensor(op.input));
        const int64_t reduction = weights.elements() / weights.shape.front();
        const auto* values = reinterpret_cast<const int8_t*>(weights.data.data());
        const int8_t zero = zero_point_of(tensor(op.input));
        std::vector<bool> is_read(static_cast<size_t>(in), false);
        for (const int32_t n : kept(op.output)) {
            for (int64_t i = 0; i < reduction; ++i) {
                if (values[n * reduction + i] != 0) is_read[static_cast<size_t>(i % in)] = true;
            }
        }
        for (int32_t c = 0; c < in; ++c) {
            const std::optional<int8_t> value = constant(op.input, c);
            const bool folds = value && (!is_padded(op) || *value == zero);
            if (is_read[static_cast<size_t>(c)] && !folds) keep(op.input, c);
        }
        for (const int64_t bias : folded_bias(op)) {
            if (bias != static_cast<int32_t>(bias)) return keep_all(op.input);
        }
    }

    /// Bias of the kept outputs with what the channels that are gone add to it.
    std::vector<int64_t> folded_bias(const Operator& op) {
        const Tensor& weights = tensor(op.weights);
        const int32_t in = channels_of(tensor(op.input));
        const int64_t reduction = weights.elements() / weights.shape.front();
        const auto* values = reinterpret_cast<const int8_t*>(weights.data.data());
        const int8_t zero = zero_point_of(tensor(op.input));
        std::vector<int64_t> result;
        for (const int32_t n : kept(op.output)) {
            int64_t sum = op.bias < 0 ? 0 : bias_value(tensor(op.bias), n);
            for (int64_t i = 0; i < reduction; ++i) {
                const auto c = static_cast<int32_t>(i % in);
                const int8_t weight = values[n * reduction + i];
                if (weight == 0 || !gone(op.input)[static_cast<size_t>(c)]) continue;
                sum += int64_t{weight} * (*constant(op.input, c) - zero);
            }
            result.push_back(sum);
        }
        return result;
    }

    static int32_t bias_value(const Tensor& bias, int32_t n) {
        int32_t value = 0;
        std::memcpy(&value, bias.data.data() + 4 * static_cast<size_t>(n), 4);
        return value;
    }

    // ---- the smaller network ----

    void cut(Network& result, Operator& op) {
        if (!network::has_weights(op.kind)) return;
        const bool cuts_in = is_cut(static_cast<size_t>(op.input));
        const bool cuts_out = is_cut(static_cast<size_t>(op.output));
        if (!cuts_in && !cuts_out) return;
        const auto index = static_cast<size_t>(&op - result.operators.data());
        const Operator& source = network_.operators[index];
        Tensor weights = tensor(op.weights);
        const bool depthwise = op.kind == OpKind::kDepthwiseConv2d;
        const std::vector<int32_t> outputs = kept(op.output);
        const int32_t in = channels_of(tensor(op.input));
        const int32_t last = weights.shape.back();
        std::vector<uint8_t> data;
        const auto copy_row = [&](int64_t row) {
            for (int32_t i = 0; i < last; ++i) {
                const auto c = static_cast<size_t>(i % in);
                if (!gone(op.input)[c])
                    data.push_back(weights.data[static_cast<size_t>(row * last + i)]);
            }
        };
        const int64_t rows = weights.elements() / last;
        if (depthwise) {
            for (int64_t row = 0; row < rows; ++row) copy_row(row);
        } else {
            const int64_t rows_of_one = rows / weights.shape.front();
            for (const int32_t n : outputs) {
                for (int64_t row = 0; row < rows_of_one; ++row) copy_row(n * rows_of_one + row);
            }
            weights.shape.front() = static_cast<int32_t>(outputs.size());
        }
        const auto kept_in = static_cast<int32_t>(kept(op.input).size());
        weights.shape.back() = last / in * kept_in;
        weights.data = std::move(data);
        take(weights.quantization.scales, outputs);
        take(weights.quantization.zero_points, outputs);
        Tensor bias;
        if (op.bias >= 0) bias = tensor(op.bias);
        bias.name = op.bias >= 0 ? bias.name : op.name + ".bias";
        bias.type = network::DataType::kInt32;
        bias.is_constant = true;
        bias.shape = {static_cast<int32_t>(outputs.size())};
        bias.data.clear();
        std::vector<int64_t> sums;
        if (depthwise) {
            for (const int32_t n : outputs)
                sums.push_back(op.bias < 0 ? 0 : bias_value(tensor(op.bias), n));
        } else {
            sums = folded_bias(source);
        }
        for (const int64_t sum : sums) {
            for (int32_t b = 0; b < 4; ++b)
                bias.data.push_back(static_cast<uint8_t>(static_cast<uint32_t>(sum) >> (8 * b)));
        }
        op.weights = static_cast<int32_t>(result.tensors.size());
        result.tensors.push_back(std::move(weights));
        op.bias = static_cast<int32_t>(result.tensors.size());
        result.tensors.push_back(std::move(bias));
    }

    /// Keeps the entries of `channels` of what has one entry a channel.
    template <typename T>
    static void take(std::vector<T>& values, const std::vector<int32_t>& channels) {
        if (values.size() <= 1) return;
        std::vector<T> result;
        for (const int32_t c : channels) result.push_back(values[static_cast<size_t>(c)]);
        values = std::move(result);
    }

    const Network& network_;
    const std::vector<bool>& safe_;
    bool unread_;
    bool changed_ = false;
    std::vector<std::vector<std::optional<int8_t>>> constants_;  ///< by tensor and channel
    std::vector<std::vector<bool>> gone_;
};

}  // namespace

FoldedNetwork fold_constant_channels(const Network& network, const std::vector<bool>& safe,
                                     bool unread) {
    return Folder(network, safe, unread).fold();
}

}  // namespace arraywright::compile
