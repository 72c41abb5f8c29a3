using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class OptimizerTests
{
    public static TheoryData<string, Func<Parameter[], OptimizerHelper>> Optimizers => new()
    {
        { "Adam", parameters => optim.Adam(parameters, lr: 0.01) },
        { "Adam, decay and amsgrad", parameters => optim.Adam(parameters, lr: 0.01, weight_decay: 0.1, amsgrad: true) },
        { "AdamW", parameters => optim.AdamW(parameters, lr: 0.01, weight_decay: 0.1) },
        { "SGD, nesterov", parameters => optim.SGD(parameters, 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01) },
    };

    public static TheoryData<string, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler>> Schedules => new()
    {
        { "LambdaLR", optimizer => optim.lr_scheduler.LambdaLR(optimizer, epoch => 1.0 / (1 + epoch)) },
        { "MultiplicativeLR", optimizer => optim.lr_scheduler.MultiplicativeLR(optimizer, _ => 0.9) },
        { "StepLR", optimizer => optim.lr_scheduler.StepLR(optimizer, 3, 0.5) },
        { "MultiStepLR", optimizer => optim.lr_scheduler.MultiStepLR(optimizer, [2, 4], 0.1) },
        { "ExponentialLR", optimizer => optim.lr_scheduler.ExponentialLR(optimizer, 0.5) },
        { "ConstantLR", optimizer => optim.lr_scheduler.ConstantLR(optimizer, 0.5, 2) },
        { "LinearLR", optimizer => optim.lr_scheduler.LinearLR(optimizer, 0.25, 1.0, 4) },
        { "CosineAnnealingLR", optimizer => optim.lr_scheduler.CosineAnnealingLR(optimizer, 3, eta_min: 0.1) },
    };

    [Theory, MemberData(nameof(Optimizers))]
    public void Step_FiveTimes_EqualsPyTorch(string name, Func<Parameter[], OptimizerHelper> make)
    {
        var parameter = Start();
        using var optimizer = make([parameter]);

        for (var i = 0; i < 5; i++) Step(optimizer, parameter, i);

        GoldenNumbers.Check(name, parameter);
    }

    [Theory, MemberData(nameof(Optimizers))]
    public void StateDict_SavedInTheMiddle_ContinuesBitIdentically(string name, Func<Parameter[], OptimizerHelper> make)
    {
        var whole = Start();
        using var straight = make([whole]);
        for (var i = 0; i < 5; i++) Step(straight, whole, i);

        var first = Start();
        using var interrupted = make([first]);
        for (var i = 0; i < 3; i++) Step(interrupted, first, i);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) interrupted.save_state_dict(writer);
        stream.Position = 0;
        var second = new Parameter(first.detach().clone());
        using var resumed = make([second]);
        using (var reader = new BinaryReader(stream)) resumed.load_state_dict(reader);
        for (var i = 3; i < 5; i++) Step(resumed, second, i);

        Assert.True(second.Equals(whole), name);
    }

    [Fact]
    public void LoadStateDict_FromOptimizerWithOtherParameters_NamesBothCounts()
    {
        using var one = optim.Adam([Start()]);
        using var two = optim.Adam([Start(), Start()]);

        var error = Assert.Throws<ArgumentException>(() => two.load_state_dict(one.state_dict()));

        Assert.Contains("number of states: 1, expected 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadStateDict_FromAnotherOptimizer_CopiesAndDoesNotShare()
    {
        var (a, b) = (Start(), Start());
        using var source = optim.Adam([a], lr: 0.5);
        using var target = optim.Adam([b]);
        Step(source, a, 0);

        target.load_state_dict(source.state_dict());
        Step(source, a, 1);

        var state = (Adam.State)target.state_dict().State[0];
        Assert.Equal(1, state.step);
        Assert.Equal(0.1f * (1 - 0.9f), state.exp_avg[0].ToSingle(), 1e-7f);
        Assert.Equal(0.5, target.ParamGroups.Single().LearningRate);
    }

    [Fact]
    public void ParamGroups_WithTheirOwnRates_StepEachByItsRate()
    {
        var (a, b) = (Start(), Start());
        using var sgd = optim.SGD([new SGD.ParamGroup([a], lr: 1.0), new SGD.ParamGroup { Parameters = [b] }], 0.25);
        a.grad = ones(3);
        b.grad = ones(3);

        sgd.step();

        Assert.Equal([-0.5f, -2.25f, 1f], a.data<float>().ToArray());
        Assert.Equal([0.25f, -1.5f, 1.75f], b.data<float>().ToArray());
    }

    [Theory, MemberData(nameof(Schedules))]
    public void Schedule_SevenEpochs_EqualsPyTorch(string name, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> make)
    {
        using var sgd = optim.SGD([Start()], 1.0);
        var schedule = make(sgd);
        var rates = new List<double> { sgd.ParamGroups.Single().LearningRate };

        for (var epoch = 0; epoch < 7; epoch++)
        {
            schedule.step();
            rates.Add(sgd.ParamGroups.Single().LearningRate);
        }

        GoldenNumbers.Check(name, [.. rates]);
        Assert.Equal(rates[^1], schedule.get_last_lr().Single());
    }

    [Fact]
    public void Adam_NegativeRate_IsRefusedWithItsValue()
    {
        var error = Assert.Throws<ArgumentException>(() => optim.Adam([Start()], lr: -1));

        Assert.Contains("Invalid learning rate: -1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClipGradNorm_AboveTheLimit_ScalesAllGradientsTogether()
    {
        var (a, b) = (Start(), Start());
        a.grad = tensor(new[] { 3f, 0f, 0f });
        b.grad = tensor(new[] { 0f, 4f, 0f });

        var norm = nn.utils.clip_grad_norm_([a, b], 1.0);

        Assert.Equal(5.0, norm, 1e-6);
        Assert.Equal(0.6f, a.grad![0].ToSingle(), 1e-6f);
        Assert.Equal(0.8f, b.grad![1].ToSingle(), 1e-6f);
    }

    private static Parameter Start() => new(tensor(new[] { 0.5f, -1.25f, 2f }));

    private static void Step(OptimizerHelper optimizer, Parameter parameter, int i)
    {
        parameter.grad = tensor(new[] { 0.1f * (i + 1), -0.3f + (0.2f * i), 1f / (i + 1) });
        optimizer.step();
    }
}
