using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_grad_enabled() => GradMode.IsEnabled;
    public static bool is_inference_mode_enabled() => Native.lzn_inference_enabled() != 0;

    public static partial class autograd
    {
        /// <summary>Sums the gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, without touching anyone's grad.</summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false,
            bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* targets = Handles(outputs), sources = Handles(inputs), grads = Handles(grad_outputs), result = results)
            {
                Native.Check(Native.lzn_gradients(
                    targets, outputs.Count, sources, inputs.Count, grads, grad_outputs?.Count ?? 0, Flag(retain_graph || create_graph), Flag(create_graph),
                    Flag(allow_unused), result));
            }

            GC.KeepAlive((outputs, inputs, grad_outputs));
            return Array.ConvertAll(results, handle => new Tensor(handle)); // an unused input gives an invalid tensor, as in the public package
        }

        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            fixed (nint* targets = Handles(tensors), grads = Handles(grad_tensors), sources = Handles(inputs))
            {
                Native.Check(Native.lzn_backward(
                    targets, tensors.Count, grads, grad_tensors?.Count ?? 0, Flag(retain_graph ?? create_graph), Flag(create_graph), sources, inputs?.Count ?? 0));
            }

            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);
        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        internal static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor?.Handle ?? 0)];

        private static int Flag(bool value) => value ? 1 : 0;
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
