namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Entry point of a functions program.</summary>
public static class FunctionsApplication
{
    /// <summary>A builder with the generic host's defaults, local.settings.json, environment variables and command line as configuration.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
