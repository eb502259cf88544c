// The stack machine that a pickle is a program for, cut down to what data needs.
#pragma once

#include "promptcl/core/error.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

/// "cannot read NAME: REASON" and what to do.
Error broken_pickle(const std::string& name, std::string_view reason);

/// A value on the machine's stack.
struct PickleNode {
    enum class Kind {
        kMark,
        kNone,
        kBool,
        kInt,
        kBytes,
        kTuple,
        kList,
        kDict,
        kGlobal,
        kDtype,
        kArray
    };
    Kind kind = Kind::kNone;
    std::int64_t number = 0;         // of kBool and kInt
    std::string_view bytes = {};     // of kBytes; the name of kGlobal ("numpy dtype") and of kDtype
    std::vector<PickleNode*> items;  // key, value, key, ... of kDict; the state of kArray
};

class PickleMachine {
  public:
    /// `file` outlives the machine and what it returns; it is called `name` in errors.
    PickleMachine(std::string_view file, const std::string& name) : file_(file), name_(name) {}

    /// Runs the whole program and returns its value, which lives as long as the machine. Takes time
    /// and memory in proportion to the file. Errors of read_pickle().
    const PickleNode& run();

  private:
    void execute(std::uint8_t instruction);
    bool push_value(std::uint8_t instruction);
    bool change_container(std::uint8_t instruction);
    bool use_memo(std::uint8_t instruction);
    void find_global(std::string_view module, std::string_view name);
    void reduce();
    void build();

    std::uint64_t number(int bytes);
    std::string_view take(std::uint64_t count);
    std::string_view line();
    std::string_view encoded_as_latin1(std::string_view utf8);

    PickleNode& push(PickleNode node);
    PickleNode* pop();
    PickleNode& top(PickleNode::Kind kind);
    std::vector<PickleNode*> pop_to_mark();
    std::vector<PickleNode*> pop_some(std::size_t count);
    Error broken(std::string_view reason) const { return broken_pickle(name_, reason); }

    std::string_view file_;
    const std::string& name_;
    std::size_t position_ = 0;
    std::deque<PickleNode> nodes_;  // all there ever were: a value may be on the stack many times
    std::vector<PickleNode*> stack_;
    std::map<std::uint64_t, PickleNode*> memo_;
    std::deque<std::string> encoded_;
    std::size_t encoded_bytes_ = 0;
};

}  // namespace promptcl::io
