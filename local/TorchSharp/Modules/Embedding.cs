using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Rows of a table [num_embeddings, embedding_dims] by whole-number index.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weight;
        private readonly long? _paddingIndex;
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scaleGradByFrequency;
        private readonly bool _sparse;

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            _weight = ParameterSlot(nameof(weight), weight);
            _paddingIndex = padding_idx;
            _maxNorm = max_norm;
            _normType = norm_type;
            _scaleGradByFrequency = scale_grad_by_freq;
            _sparse = sparse;
        }

        public Parameter? weight { get => _weight.Value; set => _weight.Value = value; }

        public override Tensor forward(Tensor input) =>
            nn.functional.embedding(input, _weight.Required, _paddingIndex, _maxNorm, _normType, _scaleGradByFrequency, _sparse);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false,
                bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                using var guard = no_grad();
                var table = init.normal_(empty([num_embeddings, embedding_dims], dtype, device));
                if (padding_idx is { } index) table.select(0, index).zero_();
                return new Embedding(Parameter(table), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            public static Embedding Embedding_from_pretrained(
                Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false,
                bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(Parameter(embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device, copy: true), !freeze), padding_idx, max_norm, norm_type,
                    scale_grad_by_freq, sparse);
        }
    }
}
