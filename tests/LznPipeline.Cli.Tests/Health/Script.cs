namespace LznPipeline.Cli.Tests.Health;

/// <summary>A program that a test writes.</summary>
internal static class Script
{
    internal static void Write(string file, string script)
    {
        File.WriteAllText(file, $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
