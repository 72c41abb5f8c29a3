using LznPipeline.Cli.Api;
using Parquet;
using Parquet.Schema;
using Spectre.Console;

namespace LznPipeline.Cli.Tests.Api;

public sealed class ParquetTableTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Write_ListsNullsAndText_ShowsSchemaAndFirstRows()
    {
        await WriteFileAsync();

        var text = await ShowAsync(rows: 2);

        Assert.Contains("3 rows in 1 row group(s)", text, StringComparison.Ordinal);
        Assert.Contains("maker = test", text, StringComparison.Ordinal);
        Assert.Matches(@"a\.png\s*│\s*7\s*│\s*\[0\.5, 1\]", text);
        Assert.Matches(@"b\.png\s*│\s*null\s*│\s*\[2, 3, 4, 5, … 5 values\]", text);
        Assert.DoesNotContain("c.png", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ColumnOfStructures_ShowsEachOfItsFields()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Api", "nested.parquet"), _file, overwrite: true);

        var text = await ShowAsync(rows: 1);

        Assert.Matches(@"image\s+structure of bytes: bytes, nullable, path: string, nullable", text);
        Assert.Matches(@"image\.bytes\s*│\s*image\.path\s*│\s*label", text);
        Assert.Matches(@"│ \d+ bytes\s*│", text);
    }

    public void Dispose() => File.Delete(_file);

    private async Task<string> ShowAsync(int rows)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        await ParquetTable.WriteAsync(console, _file, rows, default);
        return output.ToString();
    }

    private async Task WriteFileAsync()
    {
        var (id, label) = (new DataField<string>("id", nullable: false), new DataField<int?>("label"));
        var schema = new ParquetSchema(id, label, new ListField("embedding", new DataField<float>("element")));
        await using var file = File.Create(_file);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        writer.CustomMetadata = new Dictionary<string, string> { ["maker"] = "test" };
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(id, (string[])["a.png", "b.png", "c.png"]);
        await group.WriteAsync<int>(label, new int?[] { 7, null, 9 });
        await group.WriteAsync<float>(schema.DataFields[2], new float?[] { 0.5f, 1, 2, 3, 4, 5, 6, 7 }, new[] { 0, 1, 0, 1, 1, 1, 1, 0 });
    }
}
