using LznPipeline.GpuJob.Devices.Gradients;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Transports;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Devices;

public sealed class GradientExchangeTests
{
    private static readonly string Sockets = new SocketTransport().Name;

    public static TheoryData<string> Transports => Ranks.Transports;

    [Theory, MemberData(nameof(Transports))]
    public async Task Backward_RowsSharedAmongRanks_GivesTheGradientsOfTheWholeBatch(string transport)
    {
        var expected = Gradients(new SingleDevice(), steps: 3).Gradients;

        var results = await Ranks.RunAsync(transport, 3, group => Gradients(group, steps: 3));

        Assert.All(results, result => Assert.Equal(results[0].Gradients, result.Gradients));
        Assert.Equal(expected.Length, results[0].Gradients.Length);
        Assert.All(expected.Zip(results[0].Gradients), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task Backward_AfterTheFirstStep_SendsBucketsWhileItComputes()
    {
        var results = await Ranks.RunAsync(Sockets, 2, group => Gradients(group, steps: 2));

        // The network itself, which has the scale, and its first layer are entered with images, which need no gradient.
        Assert.All(results, result => Assert.Equal((2, 4), (result.Early, result.Buckets)));
    }

    [Fact]
    public async Task Backward_ModulePassedByUnseen_IsStillWhole()
    {
        var expected = Gradients(new SingleDevice(), steps: 3, backDoor: true).Gradients;

        var results = await Ranks.RunAsync(Sockets, 2, group => Gradients(group, steps: 3, backDoor: true));

        Assert.Equal(expected.Length, results[0].Gradients.Length);
        Assert.All(expected.Zip(results[0].Gradients), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task Backward_FrozenPart_KeepsNoGradient()
    {
        var results = await Ranks.RunAsync(Sockets, 2, group =>
        {
            using var scope = NewDisposeScope();
            using var model = new Net(backDoor: false);
            using var exchange = new GradientExchange(model, group, bucketBytes: 1);
            Step(model, exchange, group);
            model.Last.weight!.requires_grad = false;
            model.Last.bias!.requires_grad = false;
            Step(model, exchange, group);
            return (Frozen: model.Last.weight.grad!.abs().sum().item<float>(), Learning: model.First.weight!.grad!.abs().sum().item<float>());
        });

        Assert.All(results, result => Assert.Equal(0, result.Frozen));
        Assert.All(results, result => Assert.True(result.Learning > 0));
    }

    private static (float[] Gradients, int Early, int Buckets) Gradients(IDeviceGroup group, int steps, bool backDoor = false)
    {
        using var scope = NewDisposeScope();
        using var model = new Net(backDoor);
        using var exchange = new GradientExchange(model, group, bucketBytes: 1);
        for (var step = 0; step < steps; step++)
        {
            foreach (var parameter in model.parameters())
                parameter.grad?.zero_();
            Step(model, exchange, group);
        }

        return (
            cat(model.parameters().Select(parameter => parameter.grad!.flatten()).ToArray()).data<float>().ToArray(),
            exchange.EarlyBuckets,
            exchange.Buckets);
    }

    private static void Step(Net model, GradientExchange exchange, IDeviceGroup group)
    {
        using var generator = new Generator(7);
        var images = group.Own(randn([12, 5], generator: generator));
        exchange.Begin();
        exchange.Backward(model.call(images).square().mean());
    }

    /// <summary>Three layers and a bare scale.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly bool _backDoor;
        private readonly Parameter _scale;

        internal Net(bool backDoor)
            : base(nameof(Net))
        {
            _backDoor = backDoor;
            using var generator = new Generator(3);
            register_module("first", First = Filled(5, 6, generator));
            register_module("middle", Middle = Filled(6, 6, generator));
            register_module("last", Last = Filled(6, 4, generator));
            _scale = new Parameter(full(1, 0.7f));
            register_parameter("scale", _scale);
        }

        internal Linear First { get; }

        internal Linear Middle { get; }

        internal Linear Last { get; }

        public override Tensor forward(Tensor input)
        {
            var hidden = Middle.call(First.call(input).tanh()).tanh();
            // The last layer's weights are used once more, at the beginning, past everyone who watches.
            return Last.call(_backDoor ? hidden + Last.forward(First.call(input)).mean([1], keepdim: true) : hidden) * _scale;
        }

        private static Linear Filled(int inputs, int outputs, Generator generator)
        {
            var layer = nn.Linear(inputs, outputs);
            using var frozen = no_grad();
            layer.weight!.copy_(randn([outputs, inputs], generator: generator));
            layer.bias!.copy_(randn(outputs, generator: generator));
            return layer;
        }
    }
}
