"""The compiled loops over blocks of solutions: gates, then scores, the dear components only where they still matter.

Compiled by numba when first called and kept in its cache folder; nothing imports this module but `compiled.load`.
The figures choose a shortlist, they are never shown: `exact` scores what is chosen with the engine itself.
"""

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from matching.machine.kernel_gates import FOCUS_FAILS, GONE, concerned, gates
from matching.machine.kernel_parts import (
    BUDGET,
    CLAIM,
    CONCEPTS,
    EVIDENCE,
    FOCUS,
    GEOGRAPHY,
    MEANING,
    MODEL,
    SCALE,
    SUBJECT,
    TIMING,
    WISHES,
    WORDING,
    add_claims,
    add_evidence,
    add_focus,
    add_geography,
    add_meaning,
    add_models,
    add_scale,
    add_shares,
    add_wishes,
    add_within,
    add_wording,
    curve,
    spread_concepts,
    spread_subject,
)

__all__ = [
    "bound_block",
    "ceilings",
    "concerned",
    "gates",
    "headroom",
    "keep_best",
    "pick",
    "score_block",
    "score_rows",
    "widen",
]

MEANT = 64
NOT = -np.inf
LEVELS = 16
STAGES = 6


@intrinsic
def _single(context, bits):
    """The number that 16 bits stand for in half precision: one machine instruction where the processor has it."""

    def generate(context, builder, signature, arguments):
        return builder.fpext(builder.bitcast(arguments[0], ir.HalfType()), ir.FloatType())

    return types.float32(types.uint16), generate


@njit(cache=True)
def widen(half, rows, out):
    """Some rows of a matrix of half precision, given as bit patterns (uint16), in single precision."""
    for k in range(len(rows)):
        source, target = half[rows[k]], out[k]
        for c in range(len(target)):
            target[c] = _single(source[c])


@njit(cache=True)
def _keep(count, score, need, rows, places, head, more):
    """Drop whatever stays below its need even if all that is not added yet were at its best."""
    kept = 0
    for c in range(count):
        if score[c] + head[rows[c]] + more >= need[c]:
            score[kept], need[kept], rows[kept], places[kept] = score[c], need[c], rows[c], places[c]
            kept += 1
    return kept


@njit(cache=True)
def _keep_surely(count, score, need, rows, places, more):
    """`_keep` after claims and references have been added."""
    kept = 0
    for c in range(count):
        if score[c] + more >= need[c]:
            score[kept], need[kept], rows[kept], places[kept] = score[c], need[c], rows[c], places[c]
            kept += 1
    return kept


@njit(cache=True)
def _add_readings(a, o, r, i, count, rows, score, rule):
    """Concepts and subject, which only demands of which something was read take part in."""
    first, last = a.concept_start[i], a.concept_start[i + 1]
    if first < last and count > 0:
        table, named = np.zeros(len(r.payment)), np.zeros(len(r.payment), np.bool_)
        spread_concepts(a.concept_ids[first:last], a.concept_shares[first:last], table)
        for k in range(first, last):
            named[a.concept_ids[k]] = r.payment[a.concept_ids[k]] != 0
        held = (o.concept_start, o.concept_ids, o.concept_shares, (named, r.payment_share))
        add_shares(count, score, rows, CONCEPTS, table, *held, rule)
    first, last = a.subject_start[i], a.subject_start[i + 1]
    if first < last and count > 0:
        table = np.zeros(len(r.topic_area))
        ids, shares = a.subject_ids[first:last], a.subject_shares[first:last]
        spread_subject(ids, shares, r.topic_area, r.subject_area_share, table)
        held = (o.subject_start, o.subject_ids, o.subject_shares, (np.zeros(0, np.bool_), 0.0))
        add_shares(count, score, rows, SUBJECT, table, *held, rule)


@njit(cache=True)
def _score(a, o, r, i, count, rows, places, cosine, need, score, most, head, marks):
    """Scores of demand i with rows[:count] by weighed cosine; returns how many are left that may reach their need.

    rows, places, need and score come back with those left in front. most: a row of `ceilings`; head: of `headroom`.
    """
    rule = (r.weight, r.neutral, r.curve_x, r.curve_y)
    items, asks = slice(a.item_start[i], a.item_start[i + 1]), slice(a.req_start[i], a.req_start[i + 1])
    for c in range(count):
        score[c] = r.base
    add_meaning(count, score, cosine, r.cosine_x, r.cosine_y, r.weight, r.neutral, r.curve_x, r.curve_y)
    count = _keep(count, score, need, rows, places, head, most[0])
    # They may add most, and to few: known early, they spare the others nearly everything else.
    _add_readings(a, o, r, i, count, rows, score, rule)
    count = _keep(count, score, need, rows, places, head, most[5])
    add_focus(
        *(count, score, rows, a.item_topic[items], a.item_area[items], a.guessed[i] != 0),
        *(o.flags, o.topics, o.topic_areas, o.areas, r.focus, rule),
    )
    count = _keep(count, score, need, rows, places, head, most[1])
    least = math.log(1e-9)
    add_within(
        *(count, score, rows, o.cost_low_log, o.cost_high_log, 0.0, least, a.budget_log[i], r.budget_width, BUDGET),
        rule,
    )
    add_within(
        *(count, score, rows, o.lead_log, o.lead_log, r.days_per_month_log, least, a.days_log[i], r.timing_width),
        *(TIMING, rule),
    )
    add_scale(
        *(count, score, rows, a.people_log[i], a.quantity_log[i], a.quantity_unit[i], o.city_low_log, o.city_high_log),
        *(o.quantity_low_log, o.quantity_high_log, o.quantity_unit, r.scale_width, rule),
    )
    add_geography(
        *(count, score, rows, a.country[i], a.subregion[i], o.flags, o.countries),
        *((o.ref_start, o.ref_country, o.ref_subregion), r.geography, rule),
    )
    count = _keep(count, score, need, rows, places, head, most[2])
    add_wishes(
        *(count, score, rows, a.req_group[asks], a.req_kind[asks], a.req_index[asks], a.req_a[asks], a.req_b[asks]),
        *(o.yes, o.no, o.numbers, rule),
    )
    add_models(count, score, rows, a.models[:, i], o.models, o.flags, rule)
    count = _keep(count, score, need, rows, places, head, most[3])
    add_claims(count, score, rows, o.claims, r.grades, rule)
    add_evidence(
        *(count, score, rows, (a.decades[i], a.koppen[i], a.income[i], a.subregion[i])),
        (o.ref_start, o.ref_grade, o.ref_status, o.ref_decades, o.ref_koppen, o.ref_income, o.ref_subregion),
        (
            *(r.grades, r.credits, r.likeness, r.likeness_unknown, r.population_decades, r.prior_won, r.prior_lost),
            *(r.koppen, r.income),
        ),
        rule,
    )
    count = _keep_surely(count, score, need, rows, places, most[3])
    add_wording(
        *(count, score, rows, a.language[i], a.term_count[i], a.term_ids[a.term_start[i] : a.term_start[i + 1]]),
        *(o.language, o.term_count, o.term_start, o.term_ids, marks, rule),
    )
    return count


@njit(cache=True)
def _part(r, component, value):
    return r.weight[component] * (curve(value, component, r.curve_x, r.curve_y) - r.neutral[component])


@njit(cache=True)
def _most(r, component):
    """The most a component can add, 0 where it may be unknown."""
    top = r.curve_y[component, r.curve_y.shape[1] - 1]
    return max(0.0, r.weight[component] * (top - r.neutral[component]))


@njit(cache=True)
def headroom(o, r, order, most):
    """most[j]: the most that claims (exactly) and references (at best) can add to solution j, whatever the demand.

    order: kinds of references, the best first.
    """
    for j in range(len(most)):
        sure = best = 0.0
        for d in range(3):
            if o.claims[d, j] != 0:
                sure += _part(r, CLAIM + d, r.grades[o.claims[d, j] - 1])
        won, total = r.prior_won, r.prior_won + r.prior_lost
        # The share is highest where cities are alike for the references that went best, and for no others.
        for status in order:
            for k in range(o.ref_start[j], o.ref_start[j + 1]):
                if o.ref_status[k] == status:
                    total += r.grades[o.ref_grade[k]]
                    won += r.grades[o.ref_grade[k]] * r.credits[status]
                    best = max(best, _part(r, EVIDENCE, won / total))
        most[j] = sure + best


@njit(cache=True)
def ceilings(a, r, first, most):
    """most[k, stage]: the most that the components not yet added can add for demand first + k.

    Stages: after meaning; after focus; after figures and places; all but wording; as the first, for solutions that
    share no focus with the demand; after concepts and subject.
    """
    for k in range(most.shape[0]):
        i = first + k
        wording = _most(r, WORDING) if a.language[i] >= 0 else 0.0
        wishes = 0.0
        for q in range(a.req_start[i], a.req_start[i + 1]):
            if a.req_group[q] == 2:
                wishes = _most(r, WISHES)
        model = 0.0
        for w in range(a.models.shape[0]):
            if a.models[w, i] != 0:
                model = _most(r, MODEL)
        figures = _most(r, SCALE)
        figures += 0.0 if math.isnan(a.budget_log[i]) else _most(r, BUDGET)
        figures += 0.0 if math.isnan(a.days_log[i]) else _most(r, TIMING)
        place = _most(r, GEOGRAPHY) if a.country[i] >= 0 else 0.0
        focus = _most(r, FOCUS) if a.item_start[i] < a.item_start[i + 1] else 0.0
        most[k, 3] = wording
        read = _most(r, CONCEPTS) if a.concept_start[i] < a.concept_start[i + 1] else 0.0
        read += _most(r, SUBJECT) if a.subject_start[i] < a.subject_start[i + 1] else 0.0
        most[k, 2] = wording + wishes + model
        most[k, 1] = most[k, 2] + figures + place
        most[k, 5] = most[k, 1] + focus
        most[k, 0] = most[k, 5] + read
        # Outside its field the focus is known beforehand.
        most[k, 4] = most[k, 1] + read + (_part(r, FOCUS, 0.0) if a.item_start[i] < a.item_start[i + 1] else 0.0)


@njit(cache=True)
def _reach(y, component, xs, ys):
    """The smallest x from which a curve is at least y."""
    last = xs.shape[1] - 1
    if y <= ys[component, 0]:
        return NOT
    for k in range(last):
        low, high = ys[component, k], ys[component, k + 1]
        if high >= y > low:
            return xs[component, k] + (xs[component, k + 1] - xs[component, k]) * (y - low) / (high - low)
    return -NOT


@njit(cache=True)
def _cosines_needed(r, need, most, wording, tops, needed):
    """needed[spoken, level]: the least cosine by which a solution of that headroom and language may reach `need`.

    One comparison then spares nearly all pairs; what passes is bounded again with its own figures.
    """
    weight = r.weight[MEANING]
    for spoken in range(2):
        for level in range(LEVELS):
            lacking = need - r.base - most - tops[level] + (0.0 if spoken else wording) - 1e-6
            value = NOT
            if weight > 0:
                value = _reach(lacking / weight + r.neutral[MEANING], MEANING, r.curve_x, r.curve_y)
            elif lacking > 0:
                value = -NOT
            found = value
            if value > NOT and value < -NOT:
                found = _reach(value, 0, r.cosine_x, r.cosine_y)
            needed[spoken, level] = found - 1e-6


@njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _weigh(products, tails, block_tails, first, last, share, out):
    """The weighed cosine of each column: row `first` is the whole text, the rows up to `last` are sentences.

    The mean of the best two sentences counts, or of the only one, or the whole again. To each product comes the
    product of tails, where there are any: what the dimensions left out of it may add.
    """
    n, bounded = len(out), len(block_tails) > 0
    if last == first:
        return
    best, second = np.full(n, np.float32(-9)), np.full(n, np.float32(-9))
    for s in range(first, last):
        row = products[s]
        if bounded:
            tail = tails[s]
            for j in range(n):
                row[j] += tail * block_tails[j]
        if s > first:
            for j in range(n):
                lower = min(best[j], row[j])
                best[j] = max(best[j], row[j])
                second[j] = max(second[j], lower)
    whole = products[first]
    if last - first == 1:
        for j in range(n):
            out[j] = whole[j]
        return
    one = last - first == 2
    for j in range(n):
        mean = best[j] if one else (best[j] + second[j]) / np.float32(2)
        out[j] = np.float32(1 - share) * whole[j] + np.float32(share) * mean


@njit(cache=True)
def keep_best(heap, value):
    """Put a value among the best so far (unsorted; heap[0] is the lowest of them)."""
    if value <= heap[0]:
        return
    heap[0] = value
    k = 0
    while True:
        child = 2 * k + 1
        if child >= len(heap):
            return
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            return
        heap[k], heap[child] = heap[child], value
        k = child


@njit(cache=True)
def score_block(a, o, r, products, block, offset, fails, most, heads, best, missed, scores, marks):
    """Score a block of solutions for all demands of a chunk.

    products (float32, (queries, block)): vectors of demands times those of `block`, rows of solutions. heads: what
    `headroom` found, its level of each solution and the levels' tops. best, missed: per demand the highest scores so
    far of eligible ones and of those that fail one gate. scores (m, field): what was found, from column `offset` on;
    NOT where it cannot matter any more.
    """
    head, level, tops = heads
    size, margin = len(block), 2 * r.slack
    cosines, cosine, floors = np.empty(size, np.float32), np.empty(size), np.empty((2, 2, LEVELS))
    rows, places = np.empty(size, np.int64), np.empty(size, np.int64)
    need, score, none = np.empty(size), np.empty(size), np.empty(0, np.float32)
    for k in range(fails.shape[0]):
        begin, end = a.query_start[k], a.query_start[k + 1]
        _weigh(products, none, none, begin, end, r.sentence_share, cosines)
        to_miss = missed[k, 0] - margin
        to_rank = min(to_miss, best[k, 0] - margin, r.floor - margin)
        _cosines_needed(r, to_rank, most[k, 0], most[k, 3], tops, floors[0])
        _cosines_needed(r, to_miss, most[k, 0], most[k, 3], tops, floors[1])
        count = 0
        for p in range(size):
            j = block[p]
            failing = fails[k, j]
            scores[k, offset + p] = NOT
            if failing & (failing - 1) != 0 or failing == GONE:
                continue
            near = 0 if failing == 0 else 1
            meant = end > begin and o.flags[j] & MEANT != 0
            if meant and cosines[p] < floors[near, 1 if o.language[j] == a.language[k] else 0, level[j]]:
                continue
            rows[count], places[count] = j, p
            need[count] = to_rank if near == 0 else to_miss
            cosine[count] = cosines[p] if meant else math.nan
            count += 1
        count = _score(a, o, r, k, count, rows, places, cosine, need, score, most[k], head, marks)
        for c in range(count):
            scores[k, offset + places[c]] = score[c]
            keep_best(best[k] if fails[k, rows[c]] == 0 else missed[k], score[c])


@njit(cache=True)
def bound_block(a, o, r, near, tails, block, block_tails, fails, most, heads, missed, bounds, marks):
    """Bounds from above for solutions that can only be near misses.

    near: products of the first few dimensions; what the others may add is at most the product of the tails' lengths.
    """
    head, level, tops = heads
    size = len(block)
    cosines, cosine, floors = np.empty(size, np.float32), np.empty(size), np.empty((2, 2, LEVELS))
    rows, places = np.empty(size, np.int64), np.empty(size, np.int64)
    need, score = np.empty(size), np.empty(size)
    for k in range(fails.shape[0]):
        begin, end = a.query_start[k], a.query_start[k + 1]
        _weigh(near, tails, block_tails, begin, end, r.sentence_share, cosines)
        to_miss = missed[k, 0] - 2 * r.slack
        _cosines_needed(r, to_miss, most[k, 0], most[k, 3], tops, floors[0])
        _cosines_needed(r, to_miss, most[k, 4], most[k, 3], tops, floors[1])
        count = 0
        for p in range(size):
            j = block[p]
            bounds[k, p] = NOT
            failing = fails[k, j]
            if failing == 0 or failing & (failing - 1) != 0 or failing == GONE:
                continue
            meant, afar = end > begin and o.flags[j] & MEANT != 0, 1 if failing == FOCUS_FAILS else 0
            if meant and cosines[p] < floors[afar, 1 if o.language[j] == a.language[k] else 0, level[j]]:
                continue
            rows[count], places[count], need[count] = j, p, to_miss
            cosine[count] = cosines[p] if meant else math.nan
            count += 1
        count = _score(a, o, r, k, count, rows, places, cosine, need, score, most[k], head, marks)
        for c in range(count):
            bounds[k, places[c]] = score[c]


@njit(cache=True)
def score_rows(a, o, r, i, products, wanted, most, head, least, scores, marks):
    """Demand i with a few solutions: products (float32, (queries of i, rows)) → scores, NOT for those below `least`."""
    size = len(wanted)
    cosines, cosine, places = np.empty(size, np.float32), np.empty(size), np.arange(size)
    rows, need, score, none = wanted.copy(), np.full(size, least), np.empty(size), np.empty(0, np.float32)
    queries = products.shape[0]
    _weigh(products, none, none, 0, queries, r.sentence_share, cosines)
    for p in range(size):
        scores[p] = NOT
        cosine[p] = cosines[p] if queries > 0 and o.flags[wanted[p]] & MEANT != 0 else math.nan
    count = _score(a, o, r, i, size, rows, places, cosine, need, score, most, head, marks)
    for c in range(count):
        scores[places[c]] = score[c]


@njit(cache=True)
def score_pairs(a, o, r, demands, query_start, products, fails, most, head, needs, scores, marks):
    """Some demands against a few solutions: products (float32, (queries of these demands, solutions)) → scores.

    needs (m, 2): from which score on a pair matters, eligible or failing one gate; NOT for pairs that stay below.
    """
    size = products.shape[1]
    cosines, none = np.empty(size, np.float32), np.empty(0, np.float32)
    rows, places, cosine = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    need, score = np.empty(size), np.empty(size)
    for k in range(len(demands)):
        i = demands[k]
        begin, end = query_start[k], query_start[k + 1]
        _weigh(products, none, none, begin, end, r.sentence_share, cosines)
        count = 0
        for j in range(size):
            scores[k, j] = NOT
            failing = fails[i, j]
            if failing & (failing - 1) == 0 and failing != GONE:
                rows[count] = places[count] = j
                need[count] = needs[i, 0 if failing == 0 else 1]
                cosine[count] = cosines[j] if end > begin and o.flags[j] & MEANT != 0 else math.nan
                count += 1
        count = _score(a, o, r, i, count, rows, places, cosine, need, score, most[i], head, marks)
        for c in range(count):
            scores[k, places[c]] = score[c]


@njit(cache=True)
def pick(scores, rows, fails, wanted, need, found_rows, found_scores):
    """The rows of which the gates' pattern is single (wanted 1) or empty (wanted 0) and the score at least `need`."""
    count = 0
    for p in range(len(rows)):
        if scores[p] > NOT and scores[p] >= need and (fails[rows[p]] != 0) == (wanted != 0):
            found_rows[count] = rows[p]
            found_scores[count] = scores[p]
            count += 1
    return count
