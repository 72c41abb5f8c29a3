using LznPipeline.GpuJob.Jobs;

NativeThreads.WaitAsleep();
NativeMemory.KeepFreed();
return await CommandLine.InvokeAsync(args);
