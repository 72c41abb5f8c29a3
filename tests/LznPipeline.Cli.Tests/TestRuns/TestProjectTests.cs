using LznPipeline.Cli.TestRuns;

namespace LznPipeline.Cli.Tests.TestRuns;

public sealed class TestProjectTests : IDisposable
{
    private readonly DirectoryInfo _tests = Directory.CreateTempSubdirectory("tests");

    [Fact]
    public void Below_ProjectsOfDifferentLength_BeginsWithWholeRunsAndThenTheLongest()
    {
        Write("Some.EndToEnd.Tests/Some.EndToEnd.Tests.csproj", 0);
        Write("A.Tests/A.Tests.csproj", 0);
        Write("A.Tests/Short.cs", 10);
        Write("A.Tests/obj/Generated.cs", 1000);
        Write("B.Tests/B.Tests.csproj", 0);
        Write("B.Tests/Folder/Long.cs", 100);
        Write("Testing/Shared.csproj", 0);

        Assert.Equal(["Some.EndToEnd.Tests", "B.Tests", "A.Tests"], TestProject.Below(_tests.FullName).Select(project => project.Name));
    }

    public void Dispose() => _tests.Delete(recursive: true);

    private void Write(string file, int length)
    {
        var path = Path.Combine(_tests.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);     // below the folder of the tests
        File.WriteAllText(path, new string(' ', length));
    }
}
