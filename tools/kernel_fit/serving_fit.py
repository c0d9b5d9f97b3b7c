"""A roofline of few parameters and two correction grids: what all serving kernels share."""

import numpy as np
from scipy.optimize import isotonic_regression, least_squares

from . import data, grid

FOLDS = 5
CAP = (0.2, 20.0)  # of measured / modelled time


def overlap(compute, memory):
    return np.sqrt(np.sqrt(compute**4 + memory**4))


def parameters(model, start, low, high, seconds, weight=None):
    """Robust least squares on the log of the time. `model(x, chosen)` answers for a slice of the rows."""
    chosen = slice(None, None, max(1, len(seconds) // 4000))
    log_time = np.log(seconds[chosen])
    scale = 1.0 if weight is None else weight[chosen]
    found = least_squares(lambda x: scale * (np.log(model(x, chosen)) - log_time), start, bounds=(low, high),
                          x_scale=start, loss="soft_l1", f_scale=0.1, max_nfev=60)
    return [float(v) for v in found.x]


def growing(axes, nodes, model, along):
    """Nodes such that node x model does not fall along the axes `along`; `model`: modelled time at each node."""
    shape = [len(a) for a in axes]
    log_model = np.log(np.broadcast_to(model, shape))
    cube = np.log(nodes.reshape(shape)) + log_model
    for _ in range(3):
        for axis in along:
            cube = np.apply_along_axis(lambda line: isotonic_regression(line).x, axis, cube)
    return np.exp(cube - log_model).ravel()


class Table:
    """A product of correction grids. `grids`: one or more of (axes, quantities), the first of which carries most;
    `reference`: modelled time at the nodes of the first; its product with all grids does not fall along the axes
    `along`, the later grids taken at the quantities `usual` that go with each node of the first. `later`: the same of
    later grids: (modelled time at its nodes, axes, quantities of every grid at its nodes)."""

    def __init__(self, grids, reference, along, smooth, later_smooth=1.0, usual=(), later=()):
        self.grids, self.reference, self.along = grids, reference, along
        self.usual, self.later = usual, later
        self.smooth = [smooth] + [later_smooth] * (len(grids) - 1)
        self.nodes = None

    def train(self, ratio, chosen):
        """Fits each grid to what the others leave, the first again at the end. Least squares of relative errors lie
        low where measurements scatter, so that the first is raised until the median error is zero."""
        ratio = np.clip(ratio[chosen], *CAP)
        quantities = [[q[chosen] for q in quantities] for _, quantities in self.grids]
        factors = [np.ones_like(ratio) for _ in self.grids]
        nodes = [None for _ in self.grids]
        order = list(range(len(self.grids)))
        for i in order if len(order) == 1 else 2 * order + [0]:
            rest = ratio / np.prod([f for j, f in enumerate(factors) if j != i], axis=0)
            axes = self.grids[i][0]
            found = grid.fit(axes, quantities[i], rest, self.smooth[i])
            if i == 0:
                found = growing(axes, found, self.reference * self._later(nodes), self.along)
            elif i <= len(self.later) and all(n is not None for j, n in enumerate(nodes) if j != i):
                model, along, at = self.later[i - 1]
                for j, others in enumerate(at):
                    if j != i:
                        each = np.broadcast_arrays(*others, model)[:3]
                        model = model * grid.at(self.grids[j][0], nodes[j], [q.ravel() for q in each]).reshape(model.shape)
                found = growing(axes, found, model, along)
            nodes[i] = np.clip(found, 0.1, 20.0)
            factors[i] = grid.at(axes, nodes[i], quantities[i])
        nodes[0] = nodes[0] / np.median(np.prod(factors, axis=0) / ratio)
        return nodes

    def _later(self, nodes):
        """Product of the later grids at the nodes of the first."""
        product = 1.0
        for (axes, _), found, usual in zip(self.grids[1:], nodes[1:], self.usual):
            if found is not None:
                each = np.broadcast_arrays(*usual, self.reference)[:3]
                product = product * grid.at(axes, found, [q.ravel() for q in each]).reshape(self.reference.shape)
        return product

    def at(self, nodes, chosen):
        return np.prod([grid.at(axes, n, [q[chosen] for q in quantities])
                        for n, (axes, quantities) in zip(nodes, self.grids)], axis=0)

    def fit(self, seconds, model, least, fold):
        """Held-out prediction of every row; keeps the nodes fitted on all rows."""
        held = np.empty(len(seconds))
        for i in range(FOLDS):
            out = fold == i
            if out.any():
                held[out] = np.maximum(model[out] * self.at(self.train(seconds / model, ~out), out), least[out])
        self.nodes = self.train(seconds / model, slice(None))
        return held


def result(table, names, x, held, model, seconds, rejected, regions):
    """What `serving_write` needs. `regions`: name -> mask of rows whose errors are told apart."""
    errors = {"all": data.errors(held, seconds), "shape": data.errors(model, seconds)}
    for name, mask in regions.items():
        errors[name] = data.errors(held, seconds, mask)
    return {"parameters": dict(zip(names, x)), "table": table, "errors": errors, "rows": len(seconds),
            "rejected": rejected}
