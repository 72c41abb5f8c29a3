using System.Text.Json;
using LznPipeline.Cli.Health;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Tests.Infrastructure;

/// <summary>What <c>infra/</c> describes, compiled.</summary>
public sealed class BicepTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bicep");

    [BicepFact]
    public async Task Build_EveryFile_GivesATemplateWithoutAWarning()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "infra"), "*.bicep");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var built = await BuildAsync(file, Target(file));

            Assert.Equal((0, "", ""), (built.ExitCode, built.Output, built.Errors));
            using var template = JsonDocument.Parse(await File.ReadAllTextAsync(Target(file)));
            Assert.EndsWith("/deploymentTemplate.json#", template.RootElement.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        }
    }

    [BicepFact]
    public async Task Build_UnusedParameter_IsAWarning()
    {
        var file = Path.Combine(_folder.FullName, "unused.bicep");
        await File.WriteAllTextAsync(file, "param unused string\n");

        Assert.Contains("no-unused-params", (await BuildAsync(file, Target(file))).Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Target(string file) => Path.Combine(_folder.FullName, Path.ChangeExtension(Path.GetFileName(file), "json"));

    // The attribute has looked for the program.
    private async Task<Answer> BuildAsync(string file, string target) =>
        (await Answer.OfAsync(BicepFactAttribute.Program!, ["build", file, "--outfile", target], _folder.FullName, default))!;
}
