// Gradients, grad mode, inference mode, and functions whose backward is managed code.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>

using namespace lzn;
using torch::autograd::Node;
using torch::autograd::variable_list;

LZN_API int32_t lzn_requires_grad(Handle tensor) { return borrow(tensor).requires_grad(); }
LZN_API int32_t lzn_is_leaf(Handle tensor) { return borrow(tensor).is_leaf(); }
LZN_API int32_t lzn_set_requires_grad(Handle tensor, int32_t value) {
    return guarded<int32_t>(-1, [&] {
        auto target = borrow(tensor);
        TORCH_CHECK(target.is_leaf() || value, "you can only change requires_grad flags of leaf variables; use detach() to leave the graph");
        target.requires_grad_(value != 0);
        return 0;
    });
}
LZN_API int32_t lzn_retain_grad(Handle tensor) {
    return guarded<int32_t>(-1, [&] { borrow(tensor).retain_grad(); return 0; });
}

LZN_API Handle lzn_grad(Handle tensor) {
    return guarded<Handle>(nullptr, [&] { return own(borrow(tensor).grad()); });
}
LZN_API int32_t lzn_set_grad(Handle tensor, Handle grad) {
    return guarded<int32_t>(-1, [&] {
        auto target = borrow(tensor);
        auto value = borrow(grad);
        TORCH_CHECK(!value.defined() || value.sizes() == target.sizes(), "a gradient of shape ", value.sizes(), " does not fit a tensor of shape ", target.sizes());
        target.mutable_grad() = value;
        return 0;
    });
}

LZN_API int32_t lzn_grad_enabled() { return at::GradMode::is_enabled(); }
LZN_API void lzn_set_grad_enabled(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }
LZN_API int32_t lzn_inference_enabled() { return c10::InferenceMode::is_enabled(); }
LZN_API c10::InferenceMode* lzn_inference_begin(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
LZN_API void lzn_inference_end(c10::InferenceMode* guard) { delete guard; }
LZN_API int32_t lzn_anomaly_enabled() { return torch::autograd::AnomalyMode::is_enabled(); }
LZN_API int32_t lzn_anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
LZN_API void lzn_set_anomaly(int32_t enabled, int32_t check_nan) { torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0); }

LZN_API int32_t lzn_backward(const Handle* tensors, int32_t count, const Handle* grads, int32_t grad_count, int32_t retain_graph, int32_t create_graph,
                             const Handle* inputs, int32_t input_count) {
    return guarded<int32_t>(-1, [&] {
        torch::autograd::backward(borrow(tensors, count), borrow(grads, grad_count), retain_graph != 0, create_graph != 0, borrow(inputs, input_count));
        return 0;
    });
}

// Writes input_count gradients (null where an unused input has none).
LZN_API int32_t lzn_gradients(const Handle* outputs, int32_t count, const Handle* inputs, int32_t input_count, const Handle* grads, int32_t grad_count,
                              int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
    return guarded<int32_t>(-1, [&] {
        auto gradients = torch::autograd::grad(borrow(outputs, count), borrow(inputs, input_count), borrow(grads, grad_count), retain_graph != 0,
                                               create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < gradients.size(); i++) results[i] = own(std::move(gradients[i]));
        return 0;
    });
}

namespace {

// Backward in managed code: receives one gradient per output, writes one per tensor input; 0 when it succeeded, else the error is set.
using Backward = int32_t (*)(void* state, Handle* grads, int32_t count, Handle* results, int32_t expected);
using Released = void (*)(void* state);

struct ManagedNode final : Node {
    ManagedNode(std::string title, void* managed, Backward call, Released release) : title(std::move(title)), state(managed), call(call), released(release) {}
    ~ManagedNode() override { released(state); }

    std::string name() const override { return title; }

    void release_variables() override {
        std::lock_guard<std::mutex> lock(mutex_);
        for (auto& variable : saved) variable.reset_data();
    }

    variable_list apply(variable_list&& grads) override {
        std::vector<Handle> given;
        for (size_t i = 0; i < grads.size(); i++) {
            auto grad = std::move(grads[i]);
            if (!grad.defined() && materialize) grad = input_metadata(i).zeros_like();
            given.push_back(own(std::move(grad)));
        }
        std::vector<Handle> results(num_outputs(), nullptr);
        auto failed = call(state, given.data(), static_cast<int32_t>(given.size()), results.data(), static_cast<int32_t>(results.size()));
        variable_list gradients;
        for (auto handle : results)
            gradients.push_back(handle ? at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle)) : at::Tensor());
        if (failed) throw std::runtime_error(last_error());
        return gradients;
    }

    std::string title;
    void* state;
    Backward call;
    Released released;
    bool materialize = true;
    std::vector<torch::autograd::SavedVariable> saved;
};

}  // namespace

LZN_API std::shared_ptr<ManagedNode>* lzn_node_new(const char* name, void* state, Backward call, Released released) {
    return new std::shared_ptr<ManagedNode>(new ManagedNode(name, state, call, released), torch::autograd::deleteNode);
}
LZN_API void lzn_node_release(std::shared_ptr<ManagedNode>* node) { delete node; }
LZN_API ManagedNode* lzn_node_address(std::shared_ptr<ManagedNode>* node) { return node->get(); }
LZN_API void lzn_node_materialize(ManagedNode* node, int32_t value) { node->materialize = value != 0; }

LZN_API int32_t lzn_node_connect(std::shared_ptr<ManagedNode>* node, const Handle* inputs, int32_t count) {
    return guarded<int32_t>(-1, [&] {
        (*node)->set_next_edges(torch::autograd::collect_next_edges(borrow(inputs, count)));
        return 0;
    });
}

// Gives output a place in the graph and returns it; an output that is an input unchanged becomes a view, so that the input keeps its own history.
LZN_API Handle lzn_node_wrap(std::shared_ptr<ManagedNode>* node, Handle output, int32_t is_input, int32_t is_dirty, int32_t differentiable) {
    return guarded<Handle>(nullptr, [&] {
        auto tensor = borrow(output);
        if (!differentiable || !(tensor.is_floating_point() || tensor.is_complex())) {
            auto plain = is_dirty ? tensor : tensor.detach();
            (*node)->add_input_metadata(Node::undefined_input());
            return own(plain);
        }
        if (is_dirty) {
            TORCH_CHECK(!(tensor.is_leaf() && tensor.requires_grad()), "a leaf variable that requires grad was changed in place (mark_dirty)");
            torch::autograd::impl::rebase_history(tensor, {*node, (*node)->add_input_metadata(tensor)});
            return own(tensor);
        }
        if (is_input) tensor = tensor.detach();
        torch::autograd::create_gradient_edge(tensor, *node);
        return own(tensor);
    });
}

LZN_API int32_t lzn_node_save(std::shared_ptr<ManagedNode>* node, const Handle* tensors, int32_t count) {
    return guarded<int32_t>(-1, [&] {
        (*node)->saved.clear();
        for (auto& tensor : borrow(tensors, count)) {
            auto is_output = tensor.defined() && tensor.grad_fn().get() == node->get();
            (*node)->saved.emplace_back(tensor, is_output);
        }
        return 0;
    });
}

LZN_API int32_t lzn_node_saved_count(ManagedNode* node) { return static_cast<int32_t>(node->saved.size()); }

LZN_API int32_t lzn_node_saved(ManagedNode* node, Handle* results) {
    return guarded<int32_t>(-1, [&] {
        auto self = node->shared_from_this();
        for (size_t i = 0; i < node->saved.size(); i++) results[i] = own(node->saved[i].unpack(self));
        return 0;
    });
}

LZN_API void lzn_set_error(const char* message) { last_error() = message; }
