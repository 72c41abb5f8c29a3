namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward leaves for its backward.</summary>
        public class AutogradContext
        {
            private readonly Dictionary<string, object> _data = [];

            internal AutogradContext(FunctionNode node) => Node = node;

            public bool MaterializeGrads { get; private set; } = true;

            internal FunctionNode Node { get; }
            internal List<Tensor> ToSave { get; private set; } = [];
            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>Inputs or outputs that backward needs. They are checked for changes in place, and freed with the graph.</summary>
            public void save_for_backward(List<Tensor> tensors) => ToSave = tensors;

            public List<Tensor> get_saved_variables() => Node.Saved();

            /// <summary>Anything but tensors: those belong in <see cref="save_for_backward"/>.</summary>
            public void save_data(string key, object value)
            {
                if (value is Tensor) throw new ArgumentException($"'{key}' is a tensor; give tensors to {nameof(save_for_backward)}.", nameof(value));
                _data[key] = value;
            }

            public object? get_data(string key) => _data.GetValueOrDefault(key);

            /// <summary>Inputs that forward changed in place.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = [.. tensors];

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            /// <summary>Whether backward receives zeros (the default) or null for an output that nobody used.</summary>
            public void set_materialize_grads(bool value) => MaterializeGrads = value;
        }
    }
}
