using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Runtime;

var command = CommandLine.Parse(args);
NativeThreads.Settle(GroupOptions.ProcessesKnown(command));
NativeMemory.KeepFreed();
if (CommandLine.Computes(command))
    GarbageCollections.PutOff();
return await CommandLine.InvokeAsync(command);
