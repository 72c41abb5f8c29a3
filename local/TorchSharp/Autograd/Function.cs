namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>An operation with a backward of its own. Derive from <see cref="SingleTensorFunction{T}"/> or <see cref="MultiTensorFunction{T}"/>.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T s_instance = new();

            /// <summary>The name in the graph and in errors.</summary>
            public abstract string Name { get; }

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor?> Backward(AutogradContext ctx, List<Tensor> gradOutputs);

            private protected static List<Tensor> Apply(object[] vars)
            {
                var isTensor = Array.ConvertAll(vars, variable => variable is Tensor { IsInvalid: false });
                var inputs = vars.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToList();
                var records = GradMode.IsEnabled && inputs.Exists(tensor => tensor.requires_grad);
                using var node = new FunctionNode(s_instance.Name, s_instance.Backward, isTensor);

                List<Tensor> outputs;
                using (no_grad()) outputs = s_instance.Forward(node.Context, vars);
                return records ? node.Record(inputs, outputs) : outputs;
            }
        }

        /// <summary>A function with one tensor as its result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => Apply(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each argument of forward, null for those that are no tensors or need none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal sealed override List<Tensor?> Backward(AutogradContext ctx, List<Tensor> gradOutputs) => [.. backward(ctx, gradOutputs[0])];
        }

        /// <summary>A function with several tensors as its result.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => Apply(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>One gradient for each argument of forward, null for those that are no tensors or need none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal sealed override List<Tensor?> Backward(AutogradContext ctx, List<Tensor> gradOutputs) => [.. backward(ctx, gradOutputs)];
        }
    }
}
