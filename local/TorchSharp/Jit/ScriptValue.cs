using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>What goes into a script and what comes out of it. For any other type the public package throws NotImplementedException, and so does this.</summary>
        private static class ScriptValue
        {
            internal static Argument Argument(object? value) => value switch
            {
                null => Lzn.Torch.Interop.Argument.None,
                Tensor tensor => tensor,
                Tensor[] tensors => tensors,
                Scalar scalar => scalar,
                bool truth => truth,
                int number => number,
                long number => number,
                float number => (double)number,
                double number => number,
                _ => throw new NotImplementedException($"A script was given a {value.GetType().Name}. It takes null, Tensor, Tensor[], Scalar, bool, int, long, float and double: convert it to one of them."),
            };

            internal static unsafe object? Result(NativeArgument value)
            {
                switch (value.Kind)
                {
                    case ArgumentKind.None: return null;
                    case ArgumentKind.Tensor: return new Tensor(value.Pointer);
                    case ArgumentKind.Int: return (Scalar)value.Integer;
                    case ArgumentKind.Double: return (Scalar)value.Real;
                    case ArgumentKind.Bool: return (Scalar)(value.Integer != 0);
                    case ArgumentKind.TensorList:
                        var tensors = new Tensor[value.Count];
                        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(((nint*)value.Pointer)[i]);
                        Native.lzn_free_handles(value.Pointer);
                        return tensors;
                    case ArgumentKind.Tuple:
                        var elements = new object?[value.Count];
                        for (var i = 0; i < elements.Length; i++) elements[i] = Result(((NativeArgument*)value.Pointer)[i]);
                        Native.lzn_free_values(value.Pointer);
                        return Tuple(elements);
                    default: throw new NotImplementedException($"A script returned a value of kind {value.Kind}. Read are tensors, lists and tuples of them, numbers, bool and None: let the script return one of these.");
                }
            }

            private static object Tuple(object?[] elements)
            {
                if (elements.All(element => element is Tensor)) return Tuple(Array.ConvertAll(elements, element => (Tensor)element!)); // all are tensors
                if (elements.All(element => element is Scalar)) return Tuple(Array.ConvertAll(elements, element => (Scalar)element!)); // all are scalars
                return elements;
            }

            private static object Tuple<T>(T[] elements)
                where T : class => elements switch
                {
                    [var a] => a,
                    [var a, var b] => (a, b),
                    [var a, var b, var c] => (a, b, c),
                    [var a, var b, var c, var d] => (a, b, c, d),
                    [var a, var b, var c, var d, var e] => (a, b, c, d, e),
                    _ => elements,
                };
        }
    }
}
