// One entry point for all of ATen: operators are found by name and called boxed, with autograd.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/Generator.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstring>

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

enum Tag : int32_t {
    None, TensorTag, Int, Double, Bool, Complex, IntList, DoubleList, BoolList, TensorList, OptionalTensorList, String, DeviceTag, GeneratorTag
};

// Mirrors NativeArgument in managed code: 16 bytes, the value or a pointer to count values.
struct Argument {
    Tag tag;
    int32_t count;
    union {
        void* pointer;
        int64_t integer;
        double real;
        int32_t pair[2];
    };
};
static_assert(sizeof(Argument) == 16, "managed code relies on this layout");

template <typename T>
static c10::List<T> list(const Argument& argument) {
    c10::List<T> values;
    values.reserve(argument.count);
    auto source = static_cast<const T*>(argument.pointer);
    for (int32_t i = 0; i < argument.count; i++) values.push_back(source[i]);
    return values;
}

static c10::IValue unpack(const Argument& argument) {
    switch (argument.tag) {
        case TensorTag: return borrow(static_cast<Handle>(argument.pointer));
        case Int: return argument.integer;
        case Double: return argument.real;
        case Bool: return argument.integer != 0;
        case Complex: {
            auto parts = static_cast<const double*>(argument.pointer);
            return c10::complex<double>(parts[0], parts[1]);
        }
        case IntList: return list<int64_t>(argument);
        case DoubleList: return list<double>(argument);
        case BoolList: return list<bool>(argument);
        case TensorList: {
            c10::List<at::Tensor> tensors;
            tensors.reserve(argument.count);
            auto handles = static_cast<const Handle*>(argument.pointer);
            for (int32_t i = 0; i < argument.count; i++) tensors.push_back(borrow(handles[i]));
            return tensors;
        }
        case OptionalTensorList: {
            c10::List<c10::optional<at::Tensor>> tensors;
            tensors.reserve(argument.count);
            auto handles = static_cast<const Handle*>(argument.pointer);
            for (int32_t i = 0; i < argument.count; i++)
                tensors.push_back(handles[i] ? c10::optional<at::Tensor>(borrow(handles[i])) : c10::nullopt);
            return tensors;
        }
        case String: return std::string(static_cast<const char*>(argument.pointer), argument.count);
        case DeviceTag: return device(argument.pair[0], argument.pair[1]);
        case GeneratorTag: return *static_cast<at::Generator*>(argument.pointer);
        default: return c10::IValue();
    }
}

static Argument pack(c10::IValue& value) {
    Argument result{None, 0, {nullptr}};
    if (value.isTensor()) {
        result.tag = TensorTag;
        result.pointer = own(std::move(value).toTensor());
    } else if (value.isInt()) {
        result.tag = Int;
        result.integer = value.toInt();
    } else if (value.isDouble()) {
        result.tag = Double;
        result.real = value.toDouble();
    } else if (value.isBool()) {
        result.tag = Bool;
        result.integer = value.toBool();
    } else if (value.isTensorList()) {
        auto tensors = value.toTensorVector();
        auto handles = new Handle[tensors.size()];
        for (size_t i = 0; i < tensors.size(); i++) handles[i] = own(std::move(tensors[i]));
        result.tag = TensorList;
        result.count = static_cast<int32_t>(tensors.size());
        result.pointer = handles;
    } else if (!value.isNone()) {
        throw std::runtime_error("an operator returned a " + value.tagKind() + ", which has no place in the managed API");
    }
    return result;
}

}  // namespace lzn

using namespace lzn;

LZN_API const char* lzn_last_error() { return last_error().c_str(); }

LZN_API void lzn_free_handles(Handle* handles) { delete[] handles; }

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
