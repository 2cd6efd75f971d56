"""Plain statements of the metrics of two tasks which the independent statement lacks; used by differential.py."""

import statistics

import numpy

SINGLE = numpy.float32


def aligned(points, target):
    """The points after the turn, scale and shift that bring them closest to the target, by singular values."""
    centre, goal = points.mean(0), target.mean(0)
    spread = ((points - centre) ** 2).sum()
    left, sizes, right = numpy.linalg.svd((points - centre).T @ (target - goal))
    if numpy.linalg.det(left @ right) < 0:
        left[:, -1] *= -1
        sizes[-1] *= -1
    return sizes.sum() / spread * (points - centre) @ left @ right + goal


def hand_pose(annotations, submission):
    """Every annotated hand counts the same."""
    plain, procrustes = [], []
    for take, frames in annotations.items():
        for frame, hands in frames.items():
            for side in ("right", "left"):
                if not hands[f"{side}_hand_3d"]:
                    continue
                valid = numpy.array(hands[f"{side}_hand_valid_3d"])
                target = 1000 * numpy.array(hands[f"{side}_hand_3d"])[valid]
                points = 1000 * numpy.array(submission[take][frame][f"{side}_hand_3d"])[valid]
                plain.append(numpy.linalg.norm(points - target, axis=1).mean())
                procrustes.append(numpy.linalg.norm(aligned(points, target) - target, axis=1).mean())
    return {"MPJPE": numpy.mean(plain), "PA-MPJPE": numpy.mean(procrustes)}


def on_the_ground(text):
    """The first place of every frame, seen along the normal of the ground; 32 bits where the public code has them."""
    numbers = [SINGLE(word) for word in text.split()]
    up, samples = numpy.array(numbers[:3]), numpy.array(numbers[4:], dtype=SINGLE).reshape(-1, 6)
    squared = SINGLE(0)
    for axis in up:
        squared = SINGLE(squared + SINGLE(axis * axis))
    down = -up / SINGLE(numpy.sqrt(squared))
    forward = numpy.array([0.0, 0.0, 1.0]) - (down[2] * down).astype(float)
    forward /= numpy.linalg.norm(forward)
    right = numpy.cross(down.astype(float), forward)
    right /= numpy.linalg.norm(right)
    places = {}
    for frame, *place in samples[:, :4]:
        from_ground = (numpy.array(place, dtype=SINGLE) - up).astype(float)
        places.setdefault(float(frame), numpy.array([right @ from_ground, forward @ from_ground]))
    return places


def locomotion(annotations, submission):
    """Instances without a trajectory, or without a common frame, are passed over."""
    whole, first, missing = [], [], 0
    for key, truth in annotations.items():
        if key not in submission:
            missing += 1
            continue
        ours, theirs = on_the_ground(truth["traj"]), on_the_ground(submission[key]["traj"])
        common = [frame for frame in range(1, 151) if frame in ours and frame in theirs]
        distances = [numpy.linalg.norm(ours[frame] - theirs[frame]) for frame in common]
        if common:
            whole.append(numpy.mean(distances))
            first.append(numpy.mean([d for d, frame in zip(distances, common) if frame < common[0] + 70]))
    return {
        "mean": numpy.mean(whole),
        "median": statistics.median(whole),
        "mean_firstN": numpy.mean(first),
        "median_firstN": statistics.median(first),
        "num_missing": missing,
    }
