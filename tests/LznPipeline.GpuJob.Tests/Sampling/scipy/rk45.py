"""Writes rk45.json: what SciPy's solve_ivp(method="RK45") does with small problems, smooth and stiff. Needs python3-scipy (made with 1.10.1).

Beside each answer stands how far rounding moves it: the greatest relative change under 20 runs whose velocities are off by 1e-15. A problem in which rounding changes the number of
evaluations is refused, since a count could then not be asked of another program.
"""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp


def rotation(t, x):
    return np.array([(1 + t) * x[1], -(1 + t) * x[0]])


def logistic(t, x):
    return 4 * x * (1 - x)


def flame(t, x):
    return x**2 - x**3


def relaxation(t, x):
    return -300 * (x - np.cos(t))


def van_der_pol(t, x):
    return np.array([x[1], 10 * (1 - x[0] ** 2) * x[1] - x[0]])


def two_points(t, x):
    """Rectified flow from N(0, 1) to the points 2 and -1, each blurred by 0.2: E[x1 - x0 | xt]."""
    variance = (0.2 * t) ** 2 + (1 - t) ** 2
    far, near = (x - 2 * t) / variance, (x + t) / variance
    share = 1 / (1 + np.exp((far * (x - 2 * t) - near * (x + t)) / 2))
    slope = 0.04 * t - (1 - t)
    return share * (2 + slope * far) + (1 - share) * (-1 + slope * near)


PROBLEMS = [
    (rotation, 0, 3, [1, 0.5], 1e-5),
    (rotation, 3, 0, [1, 0.5], 1e-5),
    (rotation, 0, 3, [1, 0.5], 1e-9),
    (logistic, 0, 5, [0.01, 0.2, 1.5], 1e-6),
    (logistic, 2, 0, [0.3, 0.99, 0.999], 1e-6),
    (two_points, 1e-3, 1, [-1.2, -0.1, 0.35, 0.9, 2.1], 1e-5),
    (two_points, 1, 1e-3, [-1.3, -0.9, 1.7, 2.2], 1e-5),
    (flame, 0, 400, [0.01], 1e-5),
    (relaxation, 0, 2, [0], 1e-5),
    (van_der_pol, 0, 20, [2, 0], 1e-5),
    (van_der_pol, 2, 0, [1.5, -0.1], 1e-5),
]


def solve(f, begin, end, start, tolerance):
    done = solve_ivp(f, (begin, end), start, method="RK45", rtol=tolerance, atol=tolerance)
    assert done.success, done.message
    return done.nfev, done.y[:, -1]


answers = []
for f, begin, end, start, tolerance in PROBLEMS:
    nfev, y = solve(f, begin, end, start, tolerance)
    moved = 0.0
    for seed in range(20):
        noise = np.random.default_rng(seed)
        other, z = solve(lambda t, x: f(t, x) * (1 + 1e-15 * noise.standard_normal(len(x))), begin, end, start, tolerance)
        assert other == nfev, f"{f.__name__}: rounding changes {nfev} evaluations to {other}"
        moved = max(moved, np.max(np.abs(z - y) / np.abs(y)))
    answers.append({"problem": f.__name__, "from": begin, "to": end, "start": start, "tolerance": tolerance, "evaluations": nfev, "end": y.tolist(), "rounding": moved})
    print(f.__name__, begin, end, nfev, y, moved)

(pathlib.Path(__file__).parent / "rk45.json").write_text("[\n" + ",\n".join("  " + json.dumps(each) for each in answers) + "\n]\n")
