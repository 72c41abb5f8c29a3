"""The same calls as DispatchBenchmark.cs, from Python. Prints one JSON object: microseconds per call, and milliseconds per product."""
import json
import time

import torch

torch.manual_seed(0)
THREADS = torch.get_num_threads()


def microseconds(call, warmup=2000, calls=20000, rounds=7):
    for _ in range(warmup):
        call()
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, (time.perf_counter() - start) / calls)
    return best * 1e6


def main():
    a, b = torch.randn(4), torch.randn(4)
    g = torch.randn(4, requires_grad=True)
    x, y = torch.randn(1024, 1024), torch.randn(1024, 1024)
    results = {}
    with torch.no_grad():
        results["add"] = microseconds(lambda: a + b)
        results["add_"] = microseconds(lambda: a.add_(b, alpha=1e-9))
        results["view"] = microseconds(lambda: a.view(2, 2))
        results["sum"] = microseconds(lambda: a.sum())
    results["add, recorded"] = microseconds(lambda: g + b)
    with torch.no_grad():
        results["matmul 1024"] = microseconds(lambda: x.mm(y), warmup=2, calls=3, rounds=5) / 1e3
    print(json.dumps({"version": torch.__version__, "threads": THREADS, "results": results}))


if __name__ == "__main__":
    main()
