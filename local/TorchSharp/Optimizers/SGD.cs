using Lzn.Torch.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Gradient descent with momentum, in the order of operations of PyTorch.</summary>
    public class SGD : OptimizerHelper, IMomentum
    {
        private readonly Options _defaults;

        public SGD(
            IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
            bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(
            IEnumerable<ParamGroup> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
            bool maximize = false)
        {
            Check(lr >= 0, "learning rate", lr);
            Check(momentum >= 0, "momentum value", momentum);
            Check(weight_decay >= 0, "weight_decay value", weight_decay);
            if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening", nameof(nesterov));
            _defaults = new Options
            {
                LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        public double Momentum
        {
            get => _defaults.momentum!.Value; // the constructor gives it
            set => _defaults.momentum = value;
        }

        private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

        private protected override OptimizerOptions WithDefaults(OptimizerOptions? options)
        {
            var own = (Options?)options ?? new Options();
            own.LearningRate ??= _defaults.LearningRate;
            own.momentum ??= _defaults.momentum;
            own.dampening ??= _defaults.dampening;
            own.weight_decay ??= _defaults.weight_decay;
            own.nesterov ??= _defaults.nesterov;
            own.maximize ??= _defaults.maximize;
            own.InitialLearningRate = own.LearningRate!.Value; // the defaults have one
            return own;
        }

        private protected override void Update(Parameter parameter, Tensor grad, OptimizerOptions options, OptimizerState state)
        {
            var o = (Options)options;
            var s = (State)state;
            if (o.weight_decay is { } decay and not 0) grad = grad.add(parameter, alpha: decay);
            if (o.momentum is { } momentum and not 0)
            {
                if (s.momentum_buffer is null) s.momentum_buffer = grad.clone();
                else s.momentum_buffer.mul_(momentum).add_(grad, alpha: 1 - o.dampening!.Value); // set when the group was added
                grad = o.nesterov == true ? grad.add(s.momentum_buffer, alpha: momentum) : s.momentum_buffer;
            }

            var rate = o.LearningRate!.Value; // set when the group was added
            Aten.add__Tensor.InPlace(parameter, parameter, grad, o.maximize == true ? rate : -rate);
        }

        public sealed class State : OptimizerState
        {
            private Tensor? _momentum;

            public State(Parameter parameter) : base(parameter) { }

            /// <summary>The running sum of gradients; null before the first step.</summary>
            public Tensor? momentum_buffer
            {
                get => _momentum;
                set => Replace(ref _momentum, value?.DetachFromDisposeScope());
            }

            public override void Initialize(OptimizerOptions options) => momentum_buffer = null;
            public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);
            public override void LoadStateDict(BinaryReader reader) => momentum_buffer = LoadConditionalStateTensor(reader);
            public override void LoadStateDict(OptimizerState source) => momentum_buffer = Copy(((State)source).momentum_buffer);
            public override void to(Device device) => Move(ref _momentum, device);
            public override bool ApproximatelyEquals(OptimizerState other) => other is State state && Near(_momentum, state._momentum);

            protected override void Dispose(bool disposing)
            {
                if (disposing) _momentum?.Dispose();
            }
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                foreach (var number in new[] { momentum, dampening, weight_decay }) writer.Write(number!.Value); // set when the group was added
                foreach (var flag in new[] { nesterov, maximize }) writer.Write(flag!.Value); // likewise
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                (momentum, dampening, weight_decay, nesterov, maximize) =
                    (other.momentum, other.dampening, other.weight_decay, other.nesterov, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
                bool maximize = false)
                : base(
                    parameters,
                    new Options
                    {
                        LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
                    })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value; // set when the group was added
                set => Options.momentum = value;
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
