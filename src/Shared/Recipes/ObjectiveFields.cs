using System.Text.Json;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>Fields that belong to some objectives only.</summary>
internal static class ObjectiveFields
{
    /// <summary>Demands a field or section of the objectives that use it, and refuses it elsewhere, where it would seem to do something.</summary>
    internal static void ForObjective(this Problems problems, string field, object? given, Objective objective, params ReadOnlySpan<Objective> users)
    {
        var used = users.Contains(objective);
        problems.Unless(!used || given is not null, field, given: null, $"it must be given, because objective is {Word(objective)}");
        problems.Unless(used || given is null, field, new JsonText("given"), $"leave it out or null, because objective is {Word(objective)}");
    }

    private static string Word(Objective objective) => JsonNamingPolicy.CamelCase.ConvertName(objective.ToString());
}
