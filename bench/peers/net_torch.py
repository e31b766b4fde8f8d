"""PyTorch's side of `npm run bench -- net`: python net_torch.py W1 64 2 DEVICE; a line in, a step, milliseconds out."""

import json
import resource
import sys
import time

import torch
from net_workloads import loss_of, make

name, batch, threads, device = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
model, x, target = make(name, batch)
model, x, target = model.to(device), x.to(device), target.to(device)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
print(json.dumps({"version": torch.__version__.split("+")[0]}), flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    optimiser.zero_grad()
    loss = loss_of(model, model(x), target)
    loss.backward()
    optimiser.step()
    value = loss.item()  # waits for a GPU
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {"ms": wall * 1e3, "cpuMs": cpu * 1e3, "loss": value, "peakMegabytes": peak}
    print(json.dumps(answer), flush=True)
