#include "promptcl/io/pickle_machine.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace promptcl::io {
namespace {

using Kind = PickleNode::Kind;

/// The functions and classes that NumPy's pickles of arrays name. None is called: reduce() makes
/// what each would return.
constexpr std::string_view kArray = "numpy ndarray", kDtype = "numpy dtype",
                           kReconstruct = "numpy.core.multiarray _reconstruct",
                           kReconstructOfNumpy2 = "numpy._core.multiarray _reconstruct",
                           kEncode = "_codecs encode";
constexpr std::size_t kArrayState = 5;  // version, shape, dtype, whether column-major, elements
constexpr std::array kGlobals = {kArray, kDtype, kReconstruct, kReconstructOfNumpy2, kEncode};

/// The names of Python's pickletools. Numbers are little-endian.
enum Instruction : std::uint8_t {
    kMark = '(',
    kStop = '.',
    kNone = 'N',
    kNewTrue = 0x88,
    kNewFalse = 0x89,
    kBinInt = 'J',
    kBinInt1 = 'K',
    kBinInt2 = 'M',
    kLong1 = 0x8a,
    kBinString = 'T',
    kShortBinString = 'U',
    kBinUnicode = 'X',
    kShortBinUnicode = 0x8c,
    kBinUnicode8 = 0x8d,
    kBinBytes = 'B',
    kShortBinBytes = 'C',
    kBinBytes8 = 0x8e,
    kEmptyList = ']',
    kAppend = 'a',
    kAppends = 'e',
    kEmptyDict = '}',
    kSetItem = 's',
    kSetItems = 'u',
    kEmptyTuple = ')',
    kTuple = 't',
    kTuple1 = 0x85,
    kTuple2 = 0x86,
    kTuple3 = 0x87,
    kBinPut = 'q',
    kLongBinPut = 'r',
    kMemoize = 0x94,
    kBinGet = 'h',
    kLongBinGet = 'j',
    kGlobal = 'c',
    kStackGlobal = 0x93,
    kReduce = 'R',
    kBuild = 'b',
    kProto = 0x80,
    kFrame = 0x95,
};

}  // namespace

Error broken_pickle(const std::string& name, std::string_view reason) {
    return Error(fmt::format("cannot read {}: {}", name, reason),
                 "copy or download the file again");
}

const PickleNode& PickleMachine::run() {
    if (take(1)[0] != static_cast<char>(kProto)) throw broken("it is no pickle of protocol 2 to 4");
    if (const auto protocol = number(1); protocol < 2 || protocol > 4) {
        throw broken(fmt::format("it is a pickle of protocol {} and not of 2 to 4", protocol));
    }
    for (auto instruction = static_cast<std::uint8_t>(number(1)); instruction != kStop;
         instruction = static_cast<std::uint8_t>(number(1))) {
        execute(instruction);
    }
    return *pop();
}

void PickleMachine::execute(std::uint8_t instruction) {
    if (push_value(instruction) || change_container(instruction) || use_memo(instruction)) return;
    switch (instruction) {
        case kFrame:
            number(8);
            break;
        case kGlobal: {
            const auto module = line();
            find_global(module, line());
            break;
        }
        case kStackGlobal: {
            const auto names = pop_some(2);
            find_global(names[0]->bytes, names[1]->bytes);
            break;
        }
        case kReduce:
            reduce();
            break;
        case kBuild:
            build();
            break;
        default:
            throw broken(fmt::format("byte {} is the instruction {:#04x}, which no data set needs",
                                     position_ - 1, instruction));
    }
}

bool PickleMachine::push_value(std::uint8_t instruction) {
    const auto integer = [&](std::int64_t value) { push({.kind = Kind::kInt, .number = value}); };
    const auto bytes = [&](int width) {
        push({.kind = Kind::kBytes, .bytes = take(number(width))});
    };
    switch (instruction) {
        case kMark:
            push({.kind = Kind::kMark});
            return true;
        case kNone:
            push({});
            return true;
        case kNewTrue:
        case kNewFalse:
            push({.kind = Kind::kBool, .number = instruction == kNewTrue});
            return true;
        case kBinInt:
            integer(static_cast<std::int32_t>(number(4)));
            return true;
        case kBinInt1:
            integer(static_cast<std::int64_t>(number(1)));
            return true;
        case kBinInt2:
            integer(static_cast<std::int64_t>(number(2)));
            return true;
        case kLong1: {
            const auto width = static_cast<int>(number(1));
            if (width > 8) throw broken("an integer in it has more than 64 bits");
            const int unused = 64 - 8 * std::max(width, 1);
            integer(static_cast<std::int64_t>(number(width) << unused) >> unused);
            return true;
        }
        case kShortBinString:
        case kShortBinUnicode:
        case kShortBinBytes:
            bytes(1);
            return true;
        case kBinString:
        case kBinUnicode:
        case kBinBytes:
            bytes(4);
            return true;
        case kBinUnicode8:
        case kBinBytes8:
            bytes(8);
            return true;
        default:
            return false;
    }
}

bool PickleMachine::change_container(std::uint8_t instruction) {
    const auto add = [&](Kind kind, std::vector<PickleNode*> items) {
        auto& all = top(kind).items;
        if (kind == Kind::kDict && items.size() % 2 != 0) throw broken("a key in it has no value");
        all.insert(all.end(), items.begin(), items.end());
    };
    const auto tuple = [&](std::vector<PickleNode*> items) {
        push({.kind = Kind::kTuple, .items = std::move(items)});
    };
    switch (instruction) {
        case kEmptyList:
            push({.kind = Kind::kList});
            return true;
        case kAppend:
            add(Kind::kList, pop_some(1));
            return true;
        case kAppends:
            add(Kind::kList, pop_to_mark());
            return true;
        case kEmptyDict:
            push({.kind = Kind::kDict});
            return true;
        case kSetItem:
            add(Kind::kDict, pop_some(2));
            return true;
        case kSetItems:
            add(Kind::kDict, pop_to_mark());
            return true;
        case kEmptyTuple:
            tuple({});
            return true;
        case kTuple:
            tuple(pop_to_mark());
            return true;
        case kTuple1:
        case kTuple2:
        case kTuple3:
            tuple(pop_some(instruction - kTuple1 + 1U));
            return true;
        default:
            return false;
    }
}

bool PickleMachine::use_memo(std::uint8_t instruction) {
    const auto put = [&](std::uint64_t place) {
        memo_[place] = pop();
        stack_.push_back(memo_[place]);
    };
    const auto get = [&](std::uint64_t place) {
        const auto found = memo_.find(place);
        if (found == memo_.end()) throw broken("it refers to a value that it does not hold");
        stack_.push_back(found->second);
    };
    switch (instruction) {
        case kBinPut:
            put(number(1));
            return true;
        case kLongBinPut:
            put(number(4));
            return true;
        case kMemoize:
            put(memo_.size());
            return true;
        case kBinGet:
            get(number(1));
            return true;
        case kLongBinGet:
            get(number(4));
            return true;
        default:
            return false;
    }
}

void PickleMachine::find_global(std::string_view module, std::string_view name) {
    const auto wanted = fmt::format("{} {}", module, name);
    const auto known = std::ranges::find(kGlobals, wanted);
    if (known == kGlobals.end()) {
        throw broken(fmt::format("it asks for {}.{}, which no data set needs", module, name));
    }
    push({.kind = Kind::kGlobal, .bytes = *known});
}

void PickleMachine::reduce() {
    const auto call = pop_some(2);
    const auto& arguments = call[1]->items;
    const std::string_view function = call[0]->kind == Kind::kGlobal ? call[0]->bytes : "";
    const auto is_bytes = [&](std::size_t i) {
        return i < arguments.size() && arguments[i]->kind == Kind::kBytes;
    };
    if (function == kReconstruct || function == kReconstructOfNumpy2) {
        push({.kind = Kind::kArray});
    } else if (function == kDtype && is_bytes(0)) {
        push({.kind = Kind::kDtype, .bytes = arguments[0]->bytes});
    } else if (function == kEncode && is_bytes(0) && is_bytes(1) &&
               arguments[1]->bytes == "latin1") {
        push({.kind = Kind::kBytes, .bytes = encoded_as_latin1(arguments[0]->bytes)});
    } else {
        throw broken(fmt::format("byte {} makes a call that no data set needs", position_ - 1));
    }
}

void PickleMachine::build() {
    const auto* state = pop();
    if (stack_.empty()) throw broken("it is damaged");
    auto& object = *stack_.back();
    if (object.kind == Kind::kArray && state->items.size() == kArrayState) {
        object.items = state->items;
    } else if (object.kind != Kind::kDtype) {  // whose state only says the order of the bytes
        throw broken(
            fmt::format("byte {} changes a value in a way that no data set needs", position_ - 1));
    }
}

std::uint64_t PickleMachine::number(int bytes) {
    std::uint64_t value = 0;
    const auto digits = take(static_cast<std::uint64_t>(bytes));
    for (std::size_t i = 0; i < digits.size(); ++i)
        value |= std::uint64_t{static_cast<std::uint8_t>(digits[i])} << (8 * i);
    return value;
}

std::string_view PickleMachine::take(std::uint64_t count) {
    if (count > file_.size() - position_) throw broken("it is cut off");
    const auto taken = file_.substr(position_, count);
    position_ += count;
    return taken;
}

std::string_view PickleMachine::line() {
    const auto end = std::min(file_.find('\n', position_), file_.size());
    const auto text = take(end - position_);
    take(1);
    return text;
}

/// Python 3 writes bytes in protocol 2 as text of the characters U+0000 to U+00FF.
std::string_view PickleMachine::encoded_as_latin1(std::string_view utf8) {
    encoded_bytes_ += utf8.size();
    if (encoded_bytes_ > file_.size()) throw broken("it encodes the same text again and again");
    auto& bytes = encoded_.emplace_back();
    bytes.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<std::uint8_t>(utf8[i]);
        if (lead < 0x80) {
            bytes += utf8[i];
        } else if ((lead == 0xc2 || lead == 0xc3) && i + 1 < utf8.size()) {
            bytes += static_cast<char>((lead & 0x03) << 6 | (utf8[++i] & 0x3f));
        } else {
            throw broken("it holds bytes that are not written as Python 3 does");
        }
    }
    return bytes;
}

PickleNode& PickleMachine::push(PickleNode node) {
    stack_.push_back(&nodes_.emplace_back(std::move(node)));
    return *stack_.back();
}

PickleNode* PickleMachine::pop() {
    return pop_some(1)[0];
}

PickleNode& PickleMachine::top(Kind kind) {
    if (stack_.empty() || stack_.back()->kind != kind) throw broken("it is damaged");
    return *stack_.back();
}

std::vector<PickleNode*> PickleMachine::pop_to_mark() {
    const auto mark = std::ranges::find(stack_.rbegin(), stack_.rend(), Kind::kMark,
                                        [](const auto* node) { return node->kind; });
    if (mark == stack_.rend()) throw broken("it is damaged");
    std::vector<PickleNode*> items(mark.base(), stack_.end());
    stack_.erase(mark.base() - 1, stack_.end());
    return items;
}

std::vector<PickleNode*> PickleMachine::pop_some(std::size_t count) {
    const auto is_value = [](const auto* node) { return node->kind != Kind::kMark; };
    if (stack_.size() < count ||
        !std::all_of(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end(), is_value)) {
        throw broken("it is damaged");
    }
    std::vector<PickleNode*> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
}

}  // namespace promptcl::io
