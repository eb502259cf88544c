#include "promptcl/fetch/sources.h"

#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace promptcl::fetch {
namespace {

Checksum md5(std::string_view hex) {
    return {io::DigestKind::kMd5, hex};
}

Checksum sha256(std::string_view hex) {
    return {io::DigestKind::kSha256, hex};
}

constexpr std::string_view kTfds = "TensorFlow Datasets";
constexpr std::string_view kNobody = "none published";
constexpr std::string_view kKriz = "https://www.cs.toronto.edu/~kriz/";
constexpr std::string_view kCifarHome = "https://www.cs.toronto.edu/~kriz/cifar.html";
constexpr std::string_view kCifarLicence = "none stated";
constexpr std::string_view kVitHome = "https://github.com/google-research/vision_transformer";
constexpr std::string_view kImagenet21k = "https://storage.googleapis.com/vit_models/imagenet21k/";
constexpr std::string_view kAugReg = "https://storage.googleapis.com/vit_models/augreg/";

/// A ViT of google-research/vision_transformer. Neither checksums nor exact sizes are published.
Source vit(std::string_view name, std::string_view summary, std::int64_t megabytes,
           std::string_view base, std::string_view file) {
    return {.name = name,
            .dataset = "",
            .summary = summary,
            .needed_by = "init_checkpoint",
            .licence = "Apache-2.0",
            .home = kVitHome,
            .checked_by = kNobody,
            .bases = {base},
            .files = {{file, 0, {}}},
            .about_bytes = megabytes * 1'000'000};
}

/// Sizes and SHA-256 are those of tensorflow_datasets/url_checksums, where MD5 stands those that
/// checked_by names.
const std::vector<Source> kSources = {
    {.name = "cifar100",
     .dataset = "cifar100",
     .summary = "60000 images of 100 classes, 32x32, binary version",
     .needed_by = "Split CIFAR-100, Gaussian CIFAR-100",
     .licence = kCifarLicence,
     .home = kCifarHome,
     .checked_by = kTfds,
     .bases = {kKriz},
     .files = {{"cifar-100-binary.tar.gz", 168513733,
                sha256("58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")}},
     .classes = 100,
     .images = 60000},
    {.name = "cifar100_python",
     .dataset = "cifar100",
     .summary = "the same images, version for Python; one of the two is enough",
     .needed_by = "like cifar100",
     .licence = kCifarLicence,
     .home = kCifarHome,
     .checked_by = "its authors",
     .bases = {kKriz},
     .files = {{"cifar-100-python.tar.gz", 169001437, md5("eb9058c3a382ffc7106e4002c42a8d85")}},
     .classes = 100,
     .images = 60000},
    {.name = "cifar10",
     .dataset = "cifar10",
     .summary = "60000 images of 10 classes, 32x32, binary version",
     .needed_by = "5-datasets",
     .licence = kCifarLicence,
     .home = kCifarHome,
     .checked_by = kTfds,
     .bases = {kKriz},
     .files = {{"cifar-10-binary.tar.gz", 170052171,
                sha256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")}},
     .classes = 10,
     .images = 60000},
    {.name = "cifar10_python",
     .dataset = "cifar10",
     .summary = "the same images, version for Python; one of the two is enough",
     .needed_by = "like cifar10",
     .licence = kCifarLicence,
     .home = kCifarHome,
     .checked_by = "its authors",
     .bases = {kKriz},
     .files = {{"cifar-10-python.tar.gz", 170498071, md5("c58f30108f718f92721af3b95e74349a")}},
     .classes = 10,
     .images = 60000},
    {.name = "mnist",
     .dataset = "mnist",
     .summary = "70000 handwritten digits, 28x28 grey",
     .needed_by = "5-datasets",
     .licence = "CC BY-SA 3.0",
     .home = "http://yann.lecun.com/exdb/mnist/",
     .checked_by = kTfds,
     .bases = {"http://yann.lecun.com/exdb/mnist/",
               "https://ossci-datasets.s3.amazonaws.com/mnist/"},
     .files = {{"train-images-idx3-ubyte.gz", 9912422,
                sha256("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609")},
               {"train-labels-idx1-ubyte.gz", 28881,
                sha256("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c")},
               {"t10k-images-idx3-ubyte.gz", 1648877,
                sha256("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6")},
               {"t10k-labels-idx1-ubyte.gz", 4542,
                sha256("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")}},
     .classes = 10,
     .images = 70000},
    {.name = "fashion_mnist",
     .dataset = "fashion_mnist",
     .summary = "70000 pieces of clothing, 28x28 grey",
     .needed_by = "5-datasets",
     .licence = "MIT",
     .home = "https://github.com/zalandoresearch/fashion-mnist",
     .checked_by = kTfds,
     .bases = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
     .files = {{"train-images-idx3-ubyte.gz", 26421880,
                sha256("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84")},
               {"train-labels-idx1-ubyte.gz", 29515,
                sha256("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845")},
               {"t10k-images-idx3-ubyte.gz", 4422102,
                sha256("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073")},
               {"t10k-labels-idx1-ubyte.gz", 5148,
                sha256("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")}},
     .classes = 10,
     .images = 70000},
    {.name = "kmnist",
     .dataset = "kmnist",
     .summary = "70000 cursive Japanese characters, 28x28 grey",
     .needed_by = "runs of your own",
     .licence = "CC BY-SA 4.0",
     .home = "https://github.com/rois-codh/kmnist",
     .checked_by = kTfds,
     .bases = {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
     .files = {{"train-images-idx3-ubyte.gz", 18165135,
                sha256("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4")},
               {"train-labels-idx1-ubyte.gz", 29497,
                sha256("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17")},
               {"t10k-images-idx3-ubyte.gz", 3041136,
                sha256("edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5")},
               {"t10k-labels-idx1-ubyte.gz", 5120,
                sha256("20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c")}},
     .classes = 10,
     .images = 70000},
    {.name = "svhn_cropped",
     .dataset = "svhn_cropped",
     .summary = "99289 digits of house numbers, 32x32",
     .needed_by = "5-datasets",
     .licence = "non-commercial use only",
     .home = "http://ufldl.stanford.edu/housenumbers/",
     .checked_by = kTfds,
     .bases = {"http://ufldl.stanford.edu/housenumbers/"},
     .files = {{"train_32x32.mat", 182040794,
                sha256("435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8")},
               {"test_32x32.mat", 64275384,
                sha256("cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b")}},
     .classes = 10,
     .images = 99289},
    {.name = "not_mnist",
     .dataset = "not_mnist",
     .summary = "18726 letters A to J in many fonts, 28x28 grey, two of them broken",
     .needed_by = "5-datasets",
     .licence = "none stated",
     .home = "http://yaroslavvb.blogspot.com/2011/09/notmnist-dataset.html",
     .checked_by = "public loaders that agree; none by its author",
     .bases = {"http://yaroslavvb.com/upload/notMNIST/"},
     .files = {{"notMNIST_small.tar.gz", 8458043, md5("c9890a473a9769fda4bdf314aaf500dd")}},
     .classes = 10,
     .images = 18726},
    {.name = "not_mnist_idx",
     .dataset = "not_mnist_idx",
     .summary = "70000 letters A to J of notMNIST, converted to the files of MNIST",
     .needed_by = "runs of your own",
     .licence = "none stated",
     .home = "https://github.com/davidflanagan/notMNIST-to-MNIST",
     .checked_by = kNobody,
     .bases = {"https://github.com/davidflanagan/notMNIST-to-MNIST/raw/master/"},
     .files = {{"train-images-idx3-ubyte.gz", 0, {}},
               {"train-labels-idx1-ubyte.gz", 0, {}},
               {"t10k-images-idx3-ubyte.gz", 0, {}},
               {"t10k-labels-idx1-ubyte.gz", 0, {}}},
     .classes = 10,
     .images = 70000},
    {.name = "core50",
     .dataset = "core50",
     .summary = "164866 images of 50 objects in 11 sessions, 128x128",
     .needed_by = "CORe50",
     .licence = "CC BY 4.0",
     .home = "https://vlomonaco.github.io/core50/",
     .checked_by = "Avalanche",
     .bases = {"http://bias.csr.unibo.it/maltoni/download/core50/"},
     .files = {{"core50_128x128.zip", 5892103007, md5("745f3373fed08d69343f1058ee559e13")}},
     .classes = 50,
     .images = 164866},
    {.name = "imagenet_r",
     .dataset = "imagenet_r",
     .summary = "30000 renditions of 200 ImageNet classes",
     .needed_by = "Split ImageNet-R",
     .licence = "MIT (its repository)",
     .home = "https://github.com/hendrycks/imagenet-r",
     .checked_by = kTfds,
     .bases = {"https://people.eecs.berkeley.edu/~hendrycks/"},
     .files = {{"imagenet-r.tar", 2191079936,
                sha256("18c6bf493b39a0d975d48e587437f562caab9c52ae6327dcfa9dd8eb54aa1b52")}},
     .classes = 200,
     .images = 30000},
    {.name = "tiny_imagenet",
     .dataset = "tiny_imagenet",
     .summary = "110000 labelled images of 200 classes, 64x64",
     .needed_by = "runs of your own",
     .licence = "none stated; ImageNet: non-commercial",
     .home = "http://cs231n.stanford.edu/",
     .checked_by = kTfds,
     .bases = {"http://cs231n.stanford.edu/"},
     .files = {{"tiny-imagenet-200.zip", 248100043,
                sha256("6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821")}},
     .classes = 200,
     .images = 110000},
    vit("ViT-B_16", "ViT-B/16 pre-trained on ImageNet-21k; both papers start from it", 410,
        kImagenet21k, "ViT-B_16.npz"),
    vit("ViT-B_32", "ViT-B/32 pre-trained on ImageNet-21k", 420, kImagenet21k, "ViT-B_32.npz"),
    vit("ViT-L_16", "ViT-L/16 pre-trained on ImageNet-21k", 1300, kImagenet21k, "ViT-L_16.npz"),
    vit("ViT-L_32", "ViT-L/32 pre-trained on ImageNet-21k", 1300, kImagenet21k, "ViT-L_32.npz"),
    vit("ViT-H_14", "ViT-H/14 pre-trained on ImageNet-21k", 2600, kImagenet21k, "ViT-H_14.npz"),
    vit("ViT-Ti_16", "ViT-Ti/16 pre-trained on ImageNet-21k (AugReg)", 39, kAugReg,
        "Ti_16-i21k-300ep-lr_0.001-aug_none-wd_0.03-do_0.0-sd_0.0.npz"),
    vit("ViT-S_16", "ViT-S/16 pre-trained on ImageNet-21k (AugReg)", 120, kAugReg,
        "S_16-i21k-300ep-lr_0.001-aug_light1-wd_0.03-do_0.0-sd_0.0.npz"),
    vit("ViT-B_16_augreg", "ViT-B/16 pre-trained on ImageNet-21k (AugReg)", 410, kAugReg,
        "B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0.npz"),
};

const std::array kGroups = {
    Group{"five_datasets",
          "the five data sets of 5-datasets",
          {"cifar10", "mnist", "svhn_cropped", "not_mnist", "fashion_mnist"}},
};

}  // namespace

std::optional<std::int64_t> Source::bytes() const {
    const bool known = std::ranges::all_of(files, [](const auto& file) { return file.bytes > 0; });
    if (!known) return std::nullopt;
    return std::accumulate(files.begin(), files.end(), std::int64_t{0},
                           [](auto sum, const auto& file) { return sum + file.bytes; });
}

std::span<const Source> sources() {
    return kSources;
}

std::span<const Group> groups() {
    return kGroups;
}

std::vector<std::string_view> unfetched() {
    std::vector<std::string_view> names;
    for (const auto& dataset : data::datasets()) {
        const bool is_fetched = std::ranges::count(sources(), dataset.name, &Source::dataset) > 0 ||
                                std::ranges::count(groups(), dataset.name, &Group::name) > 0;
        if (!is_fetched) names.push_back(dataset.name);
    }
    return names;
}

std::vector<Source> sources_named(std::string_view name) {
    std::vector<std::string_view> wanted = {name};
    const auto group = std::ranges::find(groups(), name, &Group::name);
    if (group != groups().end()) wanted = group->members;
    std::vector<Source> found;
    std::ranges::copy_if(sources(), std::back_inserter(found), [&](const Source& source) {
        return std::ranges::find(wanted, source.name) != wanted.end();
    });
    if (!found.empty()) return found;
    std::vector<std::string_view> names;
    for (const auto& source : sources())
        names.push_back(source.name);
    for (const auto& known : groups())
        names.push_back(known.name);
    const std::string suggestion = config::did_you_mean(name, names);
    throw UsageError(fmt::format("there is nothing to fetch by the name \"{}\"", name),
                     suggestion.empty() ? "`promptcl data list` shows what there is" : suggestion);
}

}  // namespace promptcl::fetch
