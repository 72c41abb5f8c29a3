// One entry point for all of ATen: operators are found by name and called boxed, with autograd.
#include "values.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

namespace lzn {

std::string& last_error() {
    static thread_local std::string message;
    return message;
}

struct Op {
    c10::OperatorHandle handle;
    std::vector<c10::IValue> defaults;  // by position; None where the schema has none
    size_t required;                    // arguments before the first one with a default
};

}  // namespace lzn

using namespace lzn;

LZN_API const char* lzn_last_error() { return last_error().c_str(); }

// Looks an operator up once; the result lives as long as the process.
LZN_API Op* lzn_op(const char* name, const char* overload) {
    return guarded<Op*>(nullptr, [&] {
        auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        auto op = new Op{handle, {}, 0};
        const auto& arguments = handle.schema().arguments();
        for (const auto& argument : arguments) {
            if (argument.default_value()) {
                op->defaults.push_back(*argument.default_value());
            } else {
                op->defaults.emplace_back();
                op->required = op->defaults.size();
            }
        }
        return op;
    });
}

// Calls op with the leading arguments given; the others take their schema's defaults. Returns the number of results, or -1.
LZN_API int32_t lzn_call(const Op* op, const Argument* arguments, int32_t count, Argument* results, int32_t capacity) {
    return guarded<int32_t>(-1, [&] {
        auto expected = static_cast<int32_t>(op->defaults.size());
        if (count > expected || count < static_cast<int32_t>(op->required))
            throw std::runtime_error("takes " + std::to_string(op->required) + " to " + std::to_string(expected) + " arguments in this libtorch, " +
                                     std::to_string(count) + " were given");
        static thread_local c10::Stack spare;  // its memory is reused; taken away while in use, as a call may lead to another one
        c10::Stack stack = std::move(spare);
        stack.clear();
        for (int32_t i = 0; i < count; i++) stack.push_back(unpack(arguments[i]));
        for (int32_t i = count; i < expected; i++) stack.push_back(op->defaults[i]);
        op->handle.callBoxed(&stack);
        if (results == nullptr) stack.clear();  // in place: the caller has the result already
        auto returned = static_cast<int32_t>(stack.size());
        if (returned > capacity) throw std::runtime_error("returns " + std::to_string(returned) + " values, more than the caller has room for");
        for (int32_t i = 0; i < returned; i++) results[i] = pack(stack[i]);
        stack.clear();
        spare = std::move(stack);
        return returned;
    });
}
