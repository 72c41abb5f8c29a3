using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most max_norm; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Modules.Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var scope = NewDisposeScope();
                using var guard = no_grad();
                var grads = Gradients(tensors);
                if (grads.Length == 0) return 0;
                var norms = stack(double.IsPositiveInfinity(norm_type)
                    ? grads.Select(grad => grad.abs().max())
                    : Array.ConvertAll(grads, grad => Aten.norm_Scalar.Call(grad, norm_type)));
                var total = (double.IsPositiveInfinity(norm_type) ? norms.max() : Aten.norm_Scalar.Call(norms, norm_type)).ToDouble();
                var factor = max_norm / (total + 1e-6); // as PyTorch: a norm just above the limit ends just below it
                if (factor < 1)
                {
                    foreach (var grad in grads) Aten.mul__Scalar.InPlace(grad, grad, factor);
                }

                return total;
            }

            public static void clip_grad_value_(IEnumerable<Modules.Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var guard = no_grad();
                foreach (var grad in Gradients(tensors)) grad.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Modules.Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(tensor => tensor.reshape(-1)).ToArray()).MoveToOuterDisposeScope();
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Modules.Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var guard = no_grad();
                var start = 0L;
                foreach (var tensor in tensors)
                {
                    var length = tensor.numel();
                    tensor.copy_(vec.narrow(0, start, length).reshape(tensor.shape));
                    start += length;
                }
            }

            private static Tensor[] Gradients(IEnumerable<Modules.Parameter> tensors) => tensors.Select(tensor => tensor.grad).OfType<Tensor>().ToArray();
        }
    }
}
