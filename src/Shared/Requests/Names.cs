using System.Text.RegularExpressions;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Requests;

/// <summary>Names that become part of blob names and URLs.</summary>
internal static partial class Names
{
    internal static void Validate(Problems problems, string field, string name) =>
        problems.Unless(Allowed().IsMatch(name), field, name, "1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
