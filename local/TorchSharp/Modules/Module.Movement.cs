namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Moves parameters, their gradients and buffers. The tensor objects stay the same and change what they hold, so that optimizers and fields
            /// that refer to them see the move. The element type is applied to floating point tensors only.
            /// </summary>
            protected internal virtual Module _to(Device? device, ScalarType? dtype, bool non_blocking)
            {
                if (dtype is { } type && !is_floating_point(type) && !is_complex(type))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={type}", nameof(dtype));

                using var guard = no_grad();
                foreach (var (_, parameter) in named_parameters(recurse: false))
                {
                    using var grad = parameter.grad;
                    if (Moved(parameter, device, dtype, non_blocking) is not { } moved) continue;
                    parameter.TakeOver(moved.requires_grad_(parameter.requires_grad));
                    if (grad is not null && Moved(grad, device, dtype, non_blocking) is { } movedGrad)
                        using (movedGrad) parameter.grad = movedGrad;
                }

                foreach (var (_, buffer) in named_buffers(recurse: false))
                {
                    if (Moved(buffer, device, dtype, non_blocking) is { } moved) buffer.TakeOver(moved);
                }

                foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
                return this;
            }

            private static Tensor? Moved(Tensor tensor, Device? device, ScalarType? dtype, bool nonBlocking)
            {
                var type = dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype;
                var target = device ?? tensor.device;
                return tensor.WillCopy(type, target) ? tensor.to(type, target, non_blocking: nonBlocking) : null;
            }
        }
    }
}
