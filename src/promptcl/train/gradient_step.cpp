#include "promptcl/train/gradient_step.h"

#include "promptcl/core/error.h"
#include "promptcl/train/pieces.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace promptcl::train {
namespace {

constexpr double kClipEpsilon = 1e-6;

void require_finite(double value, const char* what) {
    if (!std::isfinite(value)) {
        throw Error(fmt::format("{} is not finite ({})", what, value),
                    "lower learning_rate, keep grad_clip_max_norm on, and check the images and "
                    "labels of this task");
    }
}

/// The gradient of each tensor; zero where the loss does not depend on it.
std::vector<Tensor> gradients(const std::vector<NamedTensor>& tensors) {
    std::vector<Tensor> result;
    for (const auto& [name, tensor] : tensors)
        result.push_back(tensor.grad().defined() ? tensor.grad() : at::zeros_like(tensor));
    return result;
}

/// The class of each row: its label, or that of its largest target. Source: google-research/l2p
/// train_continual.py (u_labels).
Tensor classes_of(const method::TrainingBatch& batch) {
    return batch.targets.defined() ? batch.targets.argmax(1) : batch.labels;
}

double common_norm(const std::vector<Tensor>& gradients) {
    double squares = 0;
    for (const Tensor& gradient : gradients) {
        const Tensor row = gradient.reshape(-1);
        for (std::int64_t at = 0; at < row.numel(); at += kPiece)
            squares += piece_of(row, at).to(at::kDouble).square().sum().item<double>();
    }
    return std::sqrt(squares);
}

}  // namespace

Gradients gradients_of(method::Method& method, const std::vector<method::TrainingBatch>& parts) {
    require(!parts.empty(), "a step needs a batch");
    method.begin_step();
    const auto parameters = method.parameters(), measured = method.measured();
    for (const auto& tensors : {parameters, measured}) {
        for (const auto& [name, tensor] : tensors)
            tensor.mutable_grad().reset();
    }

    Gradients result;
    const auto devices = static_cast<double>(parts.size());
    for (const auto& part : parts) {
        const method::Loss loss = method.add_gradients(part, devices);
        const auto value = loss.total.item<double>();
        require_finite(value, "the loss");
        result.stats.loss += value / devices;
        result.stats.cross_entropy += loss.cross_entropy.item<double>() / devices;
        result.stats.accuracy += (loss.logits.argmax(1) == classes_of(part)).sum().item<double>();
        result.stats.images += part.labels.size(0);
    }
    result.stats.accuracy /= static_cast<double>(result.stats.images);
    result.values = gradients(parameters);
    auto counted = gradients(measured);
    counted.insert(counted.end(), result.values.begin(), result.values.end());
    result.stats.grad_norm = common_norm(counted);
    require_finite(result.stats.grad_norm, "the gradient");
    return result;
}

void clip(Gradients& gradients, double max_norm) {
    if (max_norm <= 0) return;
    const double factor = std::min(1.0, max_norm / (gradients.stats.grad_norm + kClipEpsilon));
    if (factor == 1) return;
    for (Tensor& gradient : gradients.values)
        gradient = gradient * factor;
}

std::vector<method::TrainingBatch> split(const method::TrainingBatch& batch, std::int64_t devices) {
    const std::int64_t own = (batch.labels.size(0) - batch.replayed) / devices;
    const std::int64_t replayed = batch.replayed / devices;
    require((own + replayed) * devices == batch.labels.size(0),
            "a global batch divides among its devices");
    const auto share = [=](const Tensor& rows, std::int64_t device) {
        if (!rows.defined()) return rows;
        const Tensor first = rows.narrow(0, device * own, own);
        if (replayed == 0) return first;
        return at::cat({first, rows.narrow(0, devices * own + device * replayed, replayed)});
    };
    std::vector<method::TrainingBatch> parts;
    for (std::int64_t device = 0; device < devices; ++device) {
        parts.push_back({.images = share(batch.images, device),
                         .labels = share(batch.labels, device),
                         .rules = batch.rules,
                         .replayed = replayed,
                         .query = share(batch.query, device),
                         .dropout_seed = batch.dropout_seed + static_cast<std::uint64_t>(device),
                         .targets = share(batch.targets, device)});
    }
    return parts;
}

}  // namespace promptcl::train
