using Spectre.Console;

namespace LznPipeline.Cli;

/// <summary>Where output goes to a file or another program: no colours, and lines as long as they are.</summary>
public static class PlainConsole
{
    private const int Width = 1000;

    public static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = Width;
        return console;
    }
}
