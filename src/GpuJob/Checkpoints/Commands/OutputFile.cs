using LznPipeline.GpuJob.Jobs;

namespace LznPipeline.GpuJob.Checkpoints.Commands;

/// <summary>A file that is there as a whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes aside, then renames.</summary>
    /// <param name="replace">Whether a file of that name may go.</param>
    /// <exception cref="BadInputException">There is one, and it may not.</exception>
    internal static void Write(string path, bool replace, Action<Stream> write)
    {
        if (!replace && Path.Exists(path))
            throw new BadInputException($"'{path}' is there already. Name another file with --output, or replace it with --force.");
        var aside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = File.Create(aside))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, replace);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
