"""PyTorch's side of `npm run bench -- deepknet`: trains the PointNet (W1 of net_workloads) on the rows in a folder."""

import json
import math
import os
import sys

import numpy as np
import torch
from net_workloads import W1
from torch.nn import functional as F

folder = sys.argv[1]
with open(os.path.join(folder, "settings.json")) as file:
    settings = json.load(file)
points, epochs, batch = settings["points"], settings["epochs"], settings["batch"]
channels, euler_range = settings["channels"], math.radians(settings["eulerRangeDeg"])
torch.set_num_threads(settings["threads"])
torch.manual_seed(settings["seed"])


def read(name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype=dtype)


clouds = torch.from_numpy(read("clouds.f32", np.float32).reshape(-1, points, 4)[..., :channels].copy())
label = torch.from_numpy(read("label.i32", np.int32).astype(np.int64))
train, val, test = (torch.from_numpy(read(f"{part}.u32", np.uint32).astype(np.int64)) for part in ("train", "val", "test"))


def turned(x, generator):
    """Each cloud turned by three Euler angles within the range, its points in random order."""
    a, b, c = ((torch.rand(3, len(x), generator=generator) * 2 - 1) * euler_range).unbind(0)
    sa, ca, sb, cb, sc, cc = a.sin(), a.cos(), b.sin(), b.cos(), c.sin(), c.cos()
    rows = [
        [cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
        [sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
        [-sb, cb * sa, cb * ca],
    ]
    turn = torch.stack([torch.stack(row, -1) for row in rows], -2)
    position = torch.einsum("bij,bpj->bpi", turn, x[..., :3])
    x = torch.cat([position, x[..., 3:]], -1)
    order = torch.rand(len(x), points, generator=generator).argsort(1)
    return torch.gather(x, 1, order[..., None].expand_as(x))


def logits_of(model, rows, generator=None):
    model.eval()
    with torch.no_grad():
        parts = [
            model(clouds[own] if generator is None else turned(clouds[own], generator))
            for own in rows.split(256)
        ]
    return torch.cat(parts)


model = W1(channels)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
steps = len(train) // batch * epochs
schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
generator = torch.Generator().manual_seed(settings["seed"])
kept = os.path.join(folder, "torch.pt")
epoch, best, best_loss = 0, None, math.inf
if os.path.exists(kept):
    state = torch.load(kept, weights_only=False)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    generator.set_state(state["generator"])
    epoch, best, best_loss = state["epoch"], state["best"], state["best_loss"]
while epoch < epochs:
    model.train()
    order = torch.randperm(len(train), generator=generator)
    for own in train[order].split(batch):
        if len(own) < batch:
            continue
        optimiser.zero_grad()
        F.cross_entropy(model(turned(clouds[own], generator)), label[own]).backward()
        optimiser.step()
        schedule.step()
    loss = F.cross_entropy(logits_of(model, val), label[val]).item()
    if loss < best_loss:
        best_loss, best = loss, {key: value.clone() for key, value in model.state_dict().items()}
    epoch += 1
    print(f"torch {epoch}/{epochs} validation loss {loss:.4f}", flush=True)
    state = {
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        "generator": generator.get_state(),
        "epoch": epoch,
        "best": best,
        "best_loss": best_loss,
    }
    torch.save(state, f"{kept}.new")
    os.replace(f"{kept}.new", kept)
model.load_state_dict(best)
generator = torch.Generator().manual_seed(1)
total = sum(logits_of(model, test, generator) for _ in range(settings["passes"])) / settings["passes"]
answer = {"version": torch.__version__.split("+")[0], "margins": (total[:, 1] - total[:, 0]).tolist()}
with open(os.path.join(folder, "torch.json"), "w") as file:
    json.dump(answer, file)
