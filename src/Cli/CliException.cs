namespace LznPipeline.Cli;

/// <summary>Ends a command with one line for its user; the message says what was wrong and what to do.</summary>
public sealed class CliException(string message, Exception? cause = null) : Exception(message, cause);
