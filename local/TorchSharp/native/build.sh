#!/usr/bin/env bash
# Builds liblzn_torch.so beside the given path, against the libtorch it finds. Usage: build.sh OUTPUT.so
# Rebuilds only when a source, this script or the libtorch changes.
set -euo pipefail

sources=$(cd "$(dirname "$0")" && pwd)
output=$1
work=$(dirname "$output")
mkdir -p "$work"
exec 9>"$work/lock" && flock 9

installed_pytorch() {
  python3 -c 'import importlib.util, os; s = importlib.util.find_spec("torch"); print(os.path.dirname(s.origin) if s else "")' 2>/dev/null || true
}

fail() {
  echo "error LZN0001: $1" >&2
  exit 1
}

debian=/usr/include/torch/csrc/api/include
if [[ -n "${LIBTORCH:-}" ]]; then
  root=$LIBTORCH
  [[ -f "$root/include/torch/csrc/api/include/torch/version.h" ]] || fail "LIBTORCH is '$LIBTORCH', but it has no include/torch/csrc/api/include; unpack libtorch there or unset LIBTORCH"
else
  root=$(installed_pytorch)
fi

if [[ -n "$root" && -f "$root/include/torch/csrc/api/include/torch/version.h" ]]; then
  api=$root/include/torch/csrc/api/include
  includes=(-isystem "$root/include" -isystem "$api")
  libraries=$root/lib
elif [[ -f "$debian/torch/version.h" ]]; then
  api=$debian
  includes=(-isystem "$api")
  libraries=/usr/lib/$(uname -m)-linux-gnu
else
  fail "no libtorch found. Install one: 'apt-get install libtorch-dev libopenblas0-pthread', or 'pip install torch', or set LIBTORCH to an unpacked libtorch"
fi
command -v g++ >/dev/null || fail "no C++ compiler found. Install one: 'apt-get install g++'"

library=$(readlink -f "$libraries/libtorch_cpu.so")

# Process groups: libtorch's headers include those of Gloo, NCCL and CUDA, which must be the ones that it was built with.
first_with() {
  local header=$1 folder
  shift
  for folder in "$@"; do
    if [[ -f "$folder/$header" ]]; then echo "$folder" && return; fi
  done
}
if [[ "$library" == /usr/lib/*-linux-gnu/* ]]; then
  groups=(/usr/include)
else
  groups=("$root/include" "$root"/../nvidia/*/include "${CUDA_HOME:-/usr/local/cuda}/include")
fi
gloo=$(first_with gloo/context.h "${groups[@]}")
nccl= cuda=
if [[ -f "$libraries/libtorch_cuda.so" ]]; then
  nccl=$(first_with nccl.h "${groups[@]}" /usr/include)
  cuda=$(first_with crt/host_config.h "${groups[@]}")              # wheels have the other headers of CUDA without this one
fi

stamp=$(cat "$sources"/*.cpp "$sources"/*.h "$0" | sha256sum | cut -d' ' -f1)-$library-$(stat -c %s-%Y "$library")-gloo:$gloo-nccl:$nccl-cuda:$cuda
if [[ -f "$output" && "$(cat "$work/stamp" 2>/dev/null)" == "$stamp" ]]; then exit 0; fi

# Newer libtorch headers need C++20, the old ones were not written for it.
version=$(g++ "${includes[@]}" -E -dM -x c++ "$api/torch/version.h" | sed -nE 's/^#define TORCH_VERSION_(MAJOR|MINOR) /\1 /p' | sort | cut -d' ' -f2 | paste -sd.)
standard=c++17
[[ $(printf '%s\n' 2.9 "$version" | sort -V | head -1) == 2.9 ]] && standard=c++20
flags=(-std=$standard -O2 -fPIC -fvisibility=hidden -w)
# PyTorch's own wheels before 2.7 use the old string ABI; the library's symbols tell.
exports() { [[ $(nm -DC --defined-only "$1" 2>/dev/null | grep -c "$2") -gt 0 ]]; }
exports "$libraries/libc10.so" std::__cxx11::basic_string || flags+=(-D_GLIBCXX_USE_CXX11_ABI=0)

if [[ -n "$gloo" ]] && exports "$library" c10d::ProcessGroupGloo::ProcessGroupGloo; then
  flags+=(-DUSE_C10D_GLOO)
  includes+=(-idirafter "$gloo")
fi
if [[ -n "$nccl" && -n "$cuda" ]] && exports "$libraries/libtorch_cuda.so" c10d::ProcessGroupNCCL::ProcessGroupNCCL; then
  flags+=(-DUSE_C10D_NCCL)
  includes+=(-idirafter "$nccl" -idirafter "$cuda")
fi

objects=()
running=0
for source in "$sources"/*.cpp; do
  object=$work/$(basename "$source" .cpp).o
  objects+=("$object")
  if ((running == $(nproc))); then wait -n; running=$((running - 1)); fi
  echo "lzn_torch: compiling $(basename "$source")"
  g++ "${flags[@]}" "${includes[@]}" -c "$source" -o "$object" &
  running=$((running + 1))
done
for ((; running > 0; running--)); do wait -n; done

libs=(-ltorch_cpu -lc10)
[[ -f "$libraries/libtorch_cuda.so" ]] && libs+=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda -Wl,--as-needed)
g++ -shared -o "$output.new" "${objects[@]}" -L"$libraries" -Wl,-rpath,"$libraries" "${libs[@]}"
mv "$output.new" "$output"
rm -f "${objects[@]}"
echo "$stamp" >"$work/stamp"
