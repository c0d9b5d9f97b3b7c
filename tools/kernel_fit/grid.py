"""Least-squares fit of a trilinear grid over log2 axes."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve


def _position(nodes, values):
    nodes = np.asarray(nodes, float)
    x = np.clip(np.log2(values), nodes[0], nodes[-1])
    if len(nodes) == 1:
        return np.zeros(len(x), int), np.zeros(len(x))
    low = np.clip(np.searchsorted(nodes, x, side="right") - 1, 0, len(nodes) - 2)
    return low, (x - nodes[low]) / (nodes[low + 1] - nodes[low])


def basis(axes, quantities):
    """Sparse matrix of interpolation weights: rows = points, columns = grid nodes, last axis fastest."""
    shape = [len(a) for a in axes]
    places = [_position(a, np.asarray(q, float)) for a, q in zip(axes, quantities)]
    count = len(places[0][0])
    rows, columns, weights = [], [], []
    for corner in range(8):
        bits = [(corner >> i) & 1 for i in range(3)]
        if any(b and n == 1 for b, n in zip(bits, shape)):
            continue
        index, weight = np.zeros(count, int), np.ones(count)
        for bit, n, (low, fraction) in zip(bits, shape, places):
            index = index * n + np.minimum(low + bit, n - 1)
            weight = weight * (fraction if bit else (1 - fraction if n > 1 else 1.0))
        rows.append(np.arange(count)), columns.append(index), weights.append(weight)
    shape_matrix = (count, int(np.prod(shape)))
    return sparse.csr_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape_matrix)


def _differences(shape):
    """First differences along each axis: the smoothness penalty."""
    parts = []
    for axis, n in enumerate(shape):
        if n < 2:
            continue
        one = sparse.diags([-np.ones(n - 1), np.ones(n - 1)], [0, 1], shape=(n - 1, n))
        before = sparse.identity(int(np.prod(shape[:axis])))
        after = sparse.identity(int(np.prod(shape[axis + 1:])))
        parts.append(sparse.kron(sparse.kron(before, one), after))
    return sparse.vstack(parts)


def fit(axes, quantities, targets, smooth=0.05):
    """Node values that minimise the squared relative error plus `smooth` x squared differences of neighbours."""
    return solve(axes, basis(axes, quantities), targets, smooth)


def solve(axes, matrix, targets, smooth=0.05):
    """As `fit`, for measurements that are any linear function of the nodes.
    Two passes: the second lowers the weight of points off by more than 15 %."""
    targets = np.asarray(targets, float)
    penalty = _differences([len(a) for a in axes])
    penalty = smooth * (penalty.T @ penalty) + 1e-9 * sparse.identity(matrix.shape[1])
    weight = 1.0 / targets
    for _ in range(2):
        scaled = sparse.diags(weight) @ matrix
        nodes = spsolve((scaled.T @ scaled + penalty).tocsc(), scaled.T @ (weight * targets))
        off = np.abs(matrix @ nodes / targets - 1)
        weight = np.where(off > 0.15, np.sqrt(0.15 / np.maximum(off, 0.15)), 1.0) / targets
    return np.maximum(nodes, 0.1)


def at(axes, nodes, quantities):
    return basis(axes, quantities) @ nodes
