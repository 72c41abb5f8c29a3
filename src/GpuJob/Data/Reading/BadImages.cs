using System.Collections.Concurrent;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Decides what a broken image does, and keeps account of all.</summary>
internal sealed class BadImages(BadImagePolicy policy, ILogger log)
{
    private readonly ConcurrentDictionary<int, string> _found = new();

    /// <summary>How many different images could not be used.</summary>
    internal int Count => _found.Count;

    /// <summary>Returns if the image is to be left out. It is named once.</summary>
    /// <exception cref="BadInputException">It is not to be left out, or all have been.</exception>
    internal void Add(PictureSet pictures, int number, BadImageException bad)
    {
        var path = pictures.PathOf(number);
        if (policy is BadImagePolicy.Fail)
            throw new BadInputException($"Image '{path}' cannot be used: {bad.Message}. Repair or remove it and prepare the data anew, or set dataset.onBadImage to skip.", bad);
        if (_found.TryAdd(number, path))
            log.ImageReplaced(path, bad.Message, _found.Count);
        if (_found.Count == pictures.Count)
            throw new BadInputException($"None of the {pictures.Count} images can be used; the last is '{path}': {bad.Message}.", bad);
    }
}
