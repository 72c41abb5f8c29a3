using LznPipeline.LocalHost.Functions;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;

namespace LznPipeline.LocalHost.Tests.Functions;

public sealed class FunctionTests
{
    private const string Http = """{ "name": "request", "type": "httpTrigger", "authLevel": "Anonymous", "methods": ["get"] }""";
    private const string Answer = """{ "name": "$return", "type": "http", "direction": "out" }""";
    private const string Client = """{ "name": "client", "type": "durableClient" }""";
    private const string Queue = """{ "name": "message", "type": "queueTrigger", "queueName": "orders" }""";

    [Fact]
    public void Read_TriggerClientAndOutput_KeepsWhatTheHostNeeds()
    {
        var function = Assert.Single(Function.Read([Described("Start", Client, Http, Answer)], _ => false));

        Assert.Equal(("Start", "httpTrigger", "request"), (function.Name, function.Trigger.Type, function.Trigger.Name));
        Assert.Equal("client", Assert.Single(function.Clients));
        Assert.Equal(["get"], function.Trigger.List("METHODS"));
    }

    [Fact]
    public void Read_TriggersThatItDoesNotHave_NamesEveryFunctionAndWhatToDo()
    {
        var refused = Assert.Throws<HostStartException>(
            () => Function.Read([Described("One", Queue), Described("Two", Queue), Described("Three", Http)], _ => false));

        var lines = refused.Message.Split(Environment.NewLine);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("Function 'One' has a binding of type 'queueTrigger'. This host has: httpTrigger, timerTrigger,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("Switch the function off (AzureWebJobs.Two.Disabled=true), or run the app on Azure's host.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FunctionWithoutATrigger_IsRefusedAndNamed() =>
        Assert.StartsWith(
            "Function 'Idle' has no trigger.",
            Assert.Throws<HostStartException>(() => Function.Read([Described("Idle", Answer)], _ => false)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Read_RetryPolicy_IsRefused()
    {
        var described = Described("Again", Http);
        described.RetryOptions = new RpcRetryOptions { MaxRetryCount = 3 };

        var refused = Assert.Throws<HostStartException>(() => Function.Read([described], _ => false));

        Assert.Equal(
            "Function 'Again' has a retry policy, which this host does not keep. Retry inside the function, or run it on Azure's host.",
            refused.Message);
    }

    [Fact]
    public void Read_FunctionThatIsSwitchedOff_IsLeftOutWhateverItAsksFor() =>
        Assert.Equal(["On"], Function.Read([Described("Off", Queue), Described("On", Http)], name => name == "Off").Select(function => function.Name));

    private static RpcFunctionMetadata Described(string name, params string[] bindings)
    {
        var described = new RpcFunctionMetadata { Name = name };
        described.RawBindings.AddRange(bindings);
        return described;
    }
}
