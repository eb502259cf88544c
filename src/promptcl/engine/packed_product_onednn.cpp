// oneDNN, 2.x and 3.x, behind PackedProduct. No other file includes its headers.
//
// Two of oneDNN's primitives multiply by a matrix that was packed before. With AVX-512 its matrix
// product does ("brg..."), in one layout for every number of rows, and it is the faster. With less
// the matrix product leaves its weights as they are; a convolution with 1 x 1 kernels over an image
// of `rows` x 1 points, channels innermost, packs them.
#include "promptcl/engine/packed_product.h"

#include <dnnl.hpp>
#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
#include <omp.h>
#endif

#include <cstddef>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace promptcl::engine {
namespace {

using dnnl::memory;

/// The rows of two images: with so many, oneDNN is asked which primitive packs.
constexpr std::int64_t kUsualRows = 444;

const dnnl::engine& cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// While this lives, what the thread lets oneDNN compile or run takes one thread.
class OneThread {
  public:
#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
    OneThread() : before_(omp_get_max_threads()) {
        omp_set_num_threads(1);
    }
    ~OneThread() {
        omp_set_num_threads(before_);
    }

  private:
    const int before_;
#else
    OneThread() {}
#endif
};

/// This thread's memory for primitives to work in; it grows and stays.
void* scratch(std::size_t bytes) {
    struct alignas(64) CacheLine {
        std::byte bytes[64];
    };
    thread_local std::vector<CacheLine> lines;
    const std::size_t needed = (bytes + sizeof(CacheLine) - 1) / sizeof(CacheLine);
    if (lines.size() < needed) lines.resize(needed);
    return lines.data();
}

enum class Means { kMatrixProduct, kConvolution };

struct Task {
    Means means;
    std::int64_t inner, outer, rows;  // K, N
    bool bias, add;
};

/// How a task is done: what oneDNN compiled for it, and the layouts that it wants.
struct Recipe {
    dnnl::primitive primitive;
    memory::desc x, weight, bias, y, scratch;
    std::string name;

    template <class Description>
    Recipe(const Description& description, const Task& task)
        : primitive(description),
          x(description.src_desc()),
          weight(description.weights_desc()),
          bias(task.bias ? description.bias_desc() : memory::desc()),
          y(description.dst_desc()),
          scratch(description.scratchpad_desc()),
          name(description.impl_info_str()) {}
};

memory::desc dense(const memory::dims& sizes, memory::format_tag order) {
    return {sizes, memory::data_type::f32, order};
}

Recipe recipe(const Task& task) {
    using Tag = memory::format_tag;
    const auto [means, inner, outer, rows, with_bias, add] = task;
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (add) {
        dnnl::post_ops then;
        then.append_sum(1.0F);
        attributes.set_post_ops(then);
    }
    if (means == Means::kMatrixProduct) {
        using Product = dnnl::matmul;
        const auto x = dense({rows, inner}, Tag::ab), y = dense({rows, outer}, Tag::ab),
                   weight = dense({inner, outer}, Tag::any),
                   bias = with_bias ? dense({1, outer}, Tag::ab) : memory::desc();
#if DNNL_VERSION_MAJOR >= 3
        return {Product::primitive_desc(cpu(), x, weight, bias, y, attributes), task};
#else
        return {Product::primitive_desc(Product::desc(x, weight, bias, y), attributes, cpu()),
                task};
#endif
    }
    using Convolution = dnnl::convolution_forward;
    constexpr auto kPass = dnnl::prop_kind::forward_inference;
    constexpr auto kDirect = dnnl::algorithm::convolution_direct;
    const auto x = dense({1, inner, rows, 1}, Tag::nhwc), y = dense({1, outer, rows, 1}, Tag::nhwc),
               weight = dense({outer, inner, 1, 1}, Tag::any),
               bias = with_bias ? dense({outer}, Tag::a) : memory::desc();
    const memory::dims step = {1, 1}, border = {0, 0};
#if DNNL_VERSION_MAJOR >= 3
    return {Convolution::primitive_desc(cpu(), kPass, kDirect, x, weight, bias, y, step, border,
                                        border, attributes),
            task};
#else
    return {Convolution::primitive_desc(
                Convolution::desc(kPass, kDirect, x, weight, bias, y, step, border, border),
                attributes, cpu()),
            task};
#endif
}

class OneDnnProduct final : public PackedProduct {
  public:
    OneDnnProduct(const FixedMatrix& matrix, std::span<const float> bias)
        : task_{.means = Means::kMatrixProduct,
                .inner = matrix.rows,
                .outer = matrix.columns,
                .rows = kUsualRows,
                .bias = !bias.empty(),
                .add = false},
          bias_(bias.begin(), bias.end()) {
        const OneThread one_thread;
        memory::dims sizes = {matrix.rows, matrix.columns};
        memory::dims strides = {matrix.row_stride, matrix.column_stride};
        Recipe usual = recipe(task_);
        if (!usual.name.starts_with("brg")) {
            task_.means = Means::kConvolution;
            usual = recipe(task_);
            sizes = {matrix.columns, matrix.rows, 1, 1};
            strides = {matrix.column_stride, matrix.row_stride, 1, 1};
        }
        const memory given({sizes, memory::data_type::f32, strides}, cpu(),
                           const_cast<float*>(matrix.values));
        packed_.push_back(reordered(given, usual.weight));
        name_ = usual.name;
    }

    void run(const float* x, std::int64_t rows, float* y, bool add) const override {
        if (rows == 0) return;
        const OneThread one_thread;
        const auto& [how, weight] = ready(rows, add);
        std::unordered_map<int, memory> arguments = {
            {DNNL_ARG_SRC, memory(how.x, cpu(), const_cast<float*>(x))},
            {DNNL_ARG_WEIGHTS, weight},
            {DNNL_ARG_DST, memory(how.y, cpu(), y)},
            {DNNL_ARG_SCRATCHPAD, memory(how.scratch, cpu(), scratch(how.scratch.get_size()))}};
        if (task_.bias) {
            arguments.emplace(DNNL_ARG_BIAS,
                              memory(how.bias, cpu(), const_cast<float*>(bias_.data())));
        }
        thread_local dnnl::stream stream(cpu());
        how.primitive.execute(stream, arguments);
        stream.wait();
    }

    std::string name() const override { return name_; }

  private:
    using RowsAndAdd = std::pair<std::int64_t, bool>;
    struct Ready {
        Recipe how;
        memory weight;
    };

    static memory reordered(const memory& from, const memory::desc& layout) {
        memory to(layout, cpu());
        dnnl::stream stream(cpu());
        dnnl::reorder(from, to).execute(stream, const_cast<memory&>(from), to);
        stream.wait();
        return to;
    }

    const Ready& ready(std::int64_t rows, bool add) const {
        const RowsAndAdd key(rows, add);
        {
            const std::shared_lock lock(mutex_);
            if (const auto found = ready_.find(key); found != ready_.end()) return found->second;
        }
        const std::unique_lock lock(mutex_);
        if (const auto found = ready_.find(key); found != ready_.end()) return found->second;
        Task task = task_;
        task.rows = rows;
        task.add = add;
        Recipe how = recipe(task);
        memory weight = packed_as(how.weight);
        return ready_.emplace(key, Ready{std::move(how), std::move(weight)}).first->second;
    }

    /// The matrix in this layout, which is nearly always the first. Called under mutex_.
    memory packed_as(const memory::desc& layout) const {
        for (const memory& packed : packed_) {
            if (packed.get_desc() == layout) return packed;
        }
        packed_.push_back(reordered(packed_.front(), layout));
        return packed_.back();
    }

    Task task_;
    std::vector<float> bias_;
    std::string name_;
    mutable std::shared_mutex mutex_;
    mutable std::vector<memory> packed_;         // the matrix in each layout asked for
    mutable std::map<RowsAndAdd, Ready> ready_;  // guarded by mutex_, as is packed_
};

}  // namespace

std::unique_ptr<const PackedProduct> pack_onednn(const FixedMatrix& matrix,
                                                 std::span<const float> bias) {
    return std::make_unique<OneDnnProduct>(matrix, bias);
}

}  // namespace promptcl::engine
