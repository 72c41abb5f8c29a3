using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;

namespace LznPipeline.LocalHost.Functions;

/// <summary>A function as the worker describes it.</summary>
/// <param name="Trigger">The binding that starts it.</param>
/// <param name="Clients">Names of its durable client parameters.</param>
internal sealed record Function(string Name, Binding Trigger, ImmutableArray<string> Clients)
{
    private const string Client = "durableClient";

    private static readonly string[] KnownTriggers = [Triggers.Http, Triggers.Timer, Triggers.Orchestration, Triggers.Activity, Triggers.Entity];
    private static readonly string[] Outputs = ["http"];

    /// <summary>The functions that are not switched off.</summary>
    /// <exception cref="HostStartException">Functions ask for what this host does not have; every one is named.</exception>
    internal static ImmutableArray<Function> Read(IEnumerable<RpcFunctionMetadata> described, Predicate<string> isDisabled)
    {
        var problems = new List<string>();
        ImmutableArray<Function> functions = [.. described.Where(each => !isDisabled(each.Name)).Select(each => Read(each, problems)).OfType<Function>()];
        return problems.Count == 0 ? functions : throw new HostStartException(string.Join(Environment.NewLine, problems));
    }

    private static Function? Read(RpcFunctionMetadata described, List<string> problems)
    {
        var bindings = described.RawBindings.Select(Binding.Parse).ToList();
        if (described.RetryOptions is not null)
            problems.Add(
                $"Function '{described.Name}' has a retry policy, which this host does not keep. Retry inside the function, or run it on Azure's host.");
        problems.AddRange(bindings
            .Where(binding => !KnownTriggers.Contains(binding.Type) && !Outputs.Contains(binding.Type) && binding.Type != Client)
            .Select(binding =>
                $"Function '{described.Name}' has a binding of type '{binding.Type}'. This host has: {string.Join(", ", [.. KnownTriggers, Client])}. "
                + $"Switch the function off (AzureWebJobs.{described.Name}.Disabled=true), or run the app on Azure's host."));
        if (bindings.Find(binding => KnownTriggers.Contains(binding.Type)) is { } trigger)
            return new Function(described.Name, trigger, [.. bindings.Where(binding => binding.Type == Client).Select(binding => binding.Name)]);
        if (bindings.TrueForAll(binding => Outputs.Contains(binding.Type) || binding.Type == Client))
            problems.Add($"Function '{described.Name}' has no trigger.");
        return null;
    }
}

/// <summary>A binding, with what its JSON says; names of settings in any case.</summary>
internal sealed record Binding(JsonObject Settings)
{
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    internal string Type => this["type"] ?? "nothing";

    /// <summary>The parameter's.</summary>
    internal string Name => this["name"] ?? string.Empty;

    /// <summary>A setting's text, or null where it is left out.</summary>
    internal string? this[string setting] => Settings[setting]?.ToString();

    internal static Binding Parse(string json) => new(JsonNode.Parse(json, AnyCase)!.AsObject());      // the worker sends an object

    internal bool Flag(string setting, bool standard) => bool.TryParse(this[setting], out var given) ? given : standard;

    /// <summary>A setting that is a list of texts; empty where it is left out.</summary>
    internal string[] List(string setting) => Settings[setting] is JsonArray list ? [.. list.Select(item => $"{item}")] : [];
}

/// <summary>The triggers that this host has, as bindings name them.</summary>
internal static class Triggers
{
    internal const string Http = "httpTrigger";
    internal const string Timer = "timerTrigger";
    internal const string Orchestration = "orchestrationTrigger";
    internal const string Activity = "activityTrigger";
    internal const string Entity = "entityTrigger";
}
