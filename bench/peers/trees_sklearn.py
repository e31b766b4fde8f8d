"""scikit-learn's side of `npm run bench -- trees`."""

import json
import os
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score

folder, settings = sys.argv[1], json.loads(sys.argv[2])


def read(part):
    x = np.fromfile(os.path.join(folder, f"{part}.f32"), dtype=np.float32).reshape(-1, settings["bars"])
    return x, np.fromfile(os.path.join(folder, f"{part}.u8"), dtype=np.uint8)


(x, labels), (test, truth) = read("train"), read("test")
models = {
    "forest": RandomForestClassifier(settings["trees"], n_jobs=1, random_state=settings["seed"]),
    "boosting": HistGradientBoostingClassifier(
        max_iter=settings["trees"],
        max_depth=6,
        max_leaf_nodes=None,
        min_samples_leaf=20,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=settings["seed"],
    ),
}
answer = {"version": sklearn.__version__}
for key, model in models.items():
    start = time.process_time()
    model.fit(x, labels)
    seconds = time.process_time() - start
    answer[key] = {"auc": roc_auc_score(truth, model.predict_proba(test)[:, 1]), "cpuSeconds": seconds}
with open(os.path.join(folder, "sklearn.json"), "w") as file:
    json.dump(answer, file)
