using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;

var command = CommandLine.Parse(args);
NativeThreads.Settle(GroupOptions.ProcessesKnown(command));
NativeMemory.KeepFreed();
return await CommandLine.InvokeAsync(command);
