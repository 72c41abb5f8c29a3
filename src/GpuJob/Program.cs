using LznPipeline.GpuJob.Jobs;

NativeThreads.Settle();
NativeMemory.KeepFreed();
return await CommandLine.InvokeAsync(args);
