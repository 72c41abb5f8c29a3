using Microsoft.Extensions.Configuration;

namespace Lzn.Functions.Configuration;

/// <summary>Texts in attributes and host.json that name an app setting as <c>%Name%</c>.</summary>
internal static class AppSetting
{
    /// <summary>The text itself, or the setting it names.</summary>
    /// <param name="problems">Takes a line when the setting is missing; the result is then null.</param>
    public static string? Resolve(IConfiguration app, string text, string where, ICollection<string> problems)
    {
        if (text is not ['%', .. { Length: > 0 } name, '%'])
            return text;
        if (app[name] is { Length: > 0 } value)
            return value;
        problems.Add($"{where} is '{text}', but there is no app setting '{name}'. Add it to local.settings.json (Values) or to the environment.");
        return null;
    }

    /// <summary>True when <c>AzureWebJobs.{function}.Disabled</c> switches the function off.</summary>
    public static bool IsDisabled(IConfiguration app, string function) => app[$"AzureWebJobs.{function}.Disabled"] is "1" or "true" or "True";
}
