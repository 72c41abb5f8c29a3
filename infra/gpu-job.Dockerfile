# lzn-gpu for NVIDIA GPUs: docker build -f infra/gpu-job.Dockerfile -t lzn-gpu .
# For processors alone, and much smaller: --build-arg DEVICE=cpu
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG DEVICE=cuda
WORKDIR /source
COPY . .
RUN dotnet publish src/GpuJob/LznPipeline.GpuJob.csproj -c Release -p:Device=$DEVICE -o /app

FROM mcr.microsoft.com/dotnet/runtime:10.0
WORKDIR /app
COPY --from=build /app .
# libtorch and CUDA's libraries come with the packages; the driver comes from the machine.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER $APP_UID
ENTRYPOINT ["./lzn-gpu"]
