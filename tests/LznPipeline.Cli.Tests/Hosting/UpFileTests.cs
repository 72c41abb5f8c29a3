using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Tests.Hosting;

public sealed class UpFileTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("up").FullName;

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var up = Of(Environment.ProcessId);

        up.Write(_state);

        Assert.Equal(up, UpFile.Read(_state));
    }

    [Fact]
    public void IsRunning_ProcessOfAnotherProgramHasItsId_IsFalse()
    {
        // This process is alive, but it is not lzn.
        Assert.False(Of(Environment.ProcessId).IsRunning);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"pid\":1}")]
    public void Read_BrokenFile_IsAsIfThereWereNone(string content)
    {
        File.WriteAllText(Path.Combine(_state, "up.json"), content);

        Assert.Null(UpFile.Read(_state));
    }

    [Fact]
    public void TryTake_LockIsHeld_IsNullUntilItIsFree()
    {
        var path = Path.Combine(_state, "lock");

        using (LockFile.TryTake(path))
            Assert.Null(LockFile.TryTake(path));

        using var taken = LockFile.TryTake(path);
        Assert.NotNull(taken);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private static UpFile Of(int process) =>
        new(process, HostId: 2, AzuriteId: 3, new Uri("http://127.0.0.1:1/"), "storage", new AzuritePorts(4, 5, 6), DateTimeOffset.UnixEpoch);
}
