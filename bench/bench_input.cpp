// Images a second that one thread prepares: CIFAR-sized pictures to the 224 x 224 of a ViT.
#include "promptcl/data/transform.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace promptcl {
namespace {

struct Picture {
    std::vector<std::uint8_t> rgb = std::vector<std::uint8_t>(32 * 32 * 3);
    data::ImageView view() const { return {32, 32, rgb}; }

    Picture() {
        Rng rng(1);
        for (auto& value : rgb)
            value = static_cast<std::uint8_t>(rng.below(256));
    }
};

void training_transform(benchmark::State& state) {
    const Picture picture;
    const data::Transform transform({.input_size = 224, .resize_size = 256});
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    const Rng rng(2);
    std::int64_t image = 0;
    for (auto _ : state) {
        transform.train(picture.view(), rng.fork("image", image++), pixels);
        benchmark::DoNotOptimize(pixels.data());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(training_transform);

void evaluation_transform(benchmark::State& state) {
    const Picture picture;
    const data::Transform transform({.input_size = 224, .resize_size = 256});
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    for (auto _ : state) {
        transform.evaluate(picture.view(), pixels);
        benchmark::DoNotOptimize(pixels.data());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(evaluation_transform);

}  // namespace
}  // namespace promptcl
