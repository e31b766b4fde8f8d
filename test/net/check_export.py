"""A check outside the product: an exported file passes onnx.checker and answers in Python's onnxruntime.

python check_export.py MODEL.onnx INPUT_NAME SHAPE(1,5,..) : prints as JSON the metadata and the outputs
for the input 0.1·sin(i), in batches of 1 and 3.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

path, name, shape = sys.argv[1], sys.argv[2], [int(n) for n in sys.argv[3].split(",")]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(path)
result = {"metadata": {p.key: p.value for p in model.metadata_props}, "outputs": []}
for batch in (1, 3):
    size = batch * int(np.prod(shape))
    x = (0.1 * np.sin(np.arange(size))).astype(np.float32).reshape(batch, *shape)
    outputs = session.run(None, {name: x})
    names = [o.name for o in session.get_outputs()]
    result["outputs"].append({n: [o.shape, o.ravel().tolist()] for n, o in zip(names, outputs)})
print(json.dumps(result))
