"""The work of `cargo bench -p heldout-ranking --bench leaderboard` by numpy: the same sizes, the same machine.

200 teams, 5,000 items, 999 replicates of a mean: draws, replicates, percentile intervals, standard errors of all pairs, and
simultaneous rank sets by the largest studentised difference, stepped down. Run beside the benchmark; see leaderboard.sh.
"""

import time

import numpy

TEAMS, ITEMS, COUNT, LEVEL = 200, 5_000, 999, 0.05


def main() -> None:
    random = numpy.random.default_rng(5)
    hardness = random.random(ITEMS)
    skill = numpy.linspace(0.5, 0.6, TEAMS)[:, None]
    scores = (random.random((TEAMS, ITEMS)) * 0.5 + hardness * 0.5 < skill).astype(float)
    values = scores.mean(axis=1)

    begun = time.perf_counter()
    counts = numpy.empty((COUNT, ITEMS))
    for replicate in range(COUNT):
        counts[replicate] = numpy.bincount(random.integers(0, ITEMS, ITEMS), minlength=ITEMS)
    replicates = scores @ counts.T / ITEMS
    drawn = time.perf_counter()
    numpy.percentile(replicates, [100 * LEVEL / 2, 100 * (1 - LEVEL / 2)], axis=1)
    rank_sets(values, replicates)
    done = time.perf_counter()
    print(f"numpy: replicates of all {1e3 * (drawn - begun):9.1f} ms")
    print(f"numpy: intervals and rank sets {1e3 * (done - drawn):9.1f} ms")
    print(f"numpy: the whole leaderboard {1e3 * (done - begun):9.1f} ms")


def rank_sets(values: numpy.ndarray, replicates: numpy.ndarray) -> numpy.ndarray:
    """The best and worst rank of every team."""
    differences = values[:, None] - values[None, :]
    covariance = numpy.cov(replicates)
    variance = numpy.diag(covariance)
    errors = numpy.sqrt(numpy.maximum(variance[:, None] + variance[None, :] - 2 * covariance, 0))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        statistics = numpy.where(errors > 0, differences / errors, -numpy.inf)
    open_pairs = errors > 0
    centred = replicates - values[:, None]
    rejected = numpy.zeros_like(open_pairs)
    while open_pairs.any():
        first, second = numpy.nonzero(open_pairs)
        largest = numpy.full(replicates.shape[1], -numpy.inf)
        for some in numpy.array_split(numpy.arange(len(first)), max(1, len(first) // 2_000)):
            of = (centred[first[some]] - centred[second[some]]) / errors[first[some], second[some]][:, None]
            numpy.maximum(largest, of.max(axis=0), out=largest)
        limit = numpy.sort(largest)[int(numpy.ceil((1 - LEVEL) * (COUNT + 1))) - 1]
        newly = open_pairs & (statistics > limit)
        if not newly.any():
            break
        rejected |= newly
        open_pairs &= ~newly
    return numpy.stack([1 + rejected.sum(axis=0), TEAMS - rejected.sum(axis=1)])


main()
