using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = View(indices);
            var result = tensors.Length > 0 ? Aten.index_Tensor.Call(view, Argument.Optional(tensors)) : ReferenceEquals(view, this) ? alias() : view;
            return result.MoveToOuterDisposeScope();
        }

        public Tensor index(params Tensor[] indices) => Aten.index_Tensor.Call(this, Argument.Optional(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = View(indices);
            if (tensors.Length > 0) Aten.index_put_.InPlace(view, view, Argument.Optional(tensors), value, accumulate);
            else if (accumulate) view.add_(value);
            else view.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Aten.index_put_.InPlace(this, this, Argument.Optional(indices), value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = Aten.scalar_tensor.Call(value, dtype, Argument.None, device);
            return index_put_(number, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = Aten.scalar_tensor.Call(value, dtype, Argument.None, device);
            return index_put_(number, indices, false);
        }

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        /// <summary>
        /// Applies numbers, slices and new dimensions as views; what is left are index tensors by dimension (null: all of it), none if there were no tensors.
        /// A mask of k dimensions becomes k index tensors, so that what follows it falls on the right dimension.
        /// </summary>
        private (Tensor View, Tensor?[] Indices) View(TensorIndex[] indices)
        {
            var view = this;
            var tensors = new List<Tensor?>();
            var consumed = indices.Sum(DimensionsConsumed);
            if (consumed > ndim) throw new IndexOutOfRangeException($"too many indices: {consumed} for a tensor of {ndim} dimensions");

            var dim = 0;
            foreach (var index in indices)
            {
                switch (index.Form)
                {
                    case TensorIndex.Kind.Single:
                        view = view.select(dim, index.Start ?? 0);
                        continue;
                    case TensorIndex.Kind.Slice:
                        view = Aten.slice_Tensor.Call(view, dim++, index.Start, index.Stop, index.Step ?? 1);
                        break;
                    case TensorIndex.Kind.NewDimension:
                        view = view.unsqueeze(dim++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += (int)ndim - consumed;
                        break;
                    case TensorIndex.Kind.Bool:
                        view = view.unsqueeze(dim++);
                        Place(tensors, dim - 1, tensor(index.Start == 1 ? [0L] : Array.Empty<long>(), device: device));
                        break;
                    default:
                        foreach (var positions in Positions(index.Indices!)) Place(tensors, dim++, positions); // this form always carries a tensor
                        break;
                }
            }

            return (view, tensors.ToArray());
        }

        private static int DimensionsConsumed(TensorIndex index) => index.Form switch
        {
            TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
            TensorIndex.Kind.Tensor => IsMask(index.Indices!) ? (int)index.Indices!.ndim : 1, // this form always carries a tensor
            _ => 0,
        };

        private static bool IsMask(Tensor indices) => indices.dtype == ScalarType.Bool;

        private static IEnumerable<Tensor> Positions(Tensor indices) => IsMask(indices) ? indices.nonzero_as_list() : [indices];

        private static void Place(List<Tensor?> tensors, int dim, Tensor indices)
        {
            while (tensors.Count < dim) tensors.Add(null);
            tensors.Add(indices);
        }
    }
}
