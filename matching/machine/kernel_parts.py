"""Compiled: each component of one demand for a list of solutions, as matching.engine.components has them.

Everywhere: rows[c] is a solution and score[c] what it has so far, for c below count; `rule` holds weights, neutral
values and the points of all curves. tests/machine compares every score with the engine's.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

MEANING, WORDING, FOCUS, GEOGRAPHY, BUDGET, SCALE, TIMING, WISHES, EVIDENCE, MODEL, CLAIM = range(11)
CONCEPTS, SUBJECT = CLAIM + 3, CLAIM + 4
GUESSED, FOCUSED, WORLDWIDE, REGIONAL, SPEAKS, MODELLED = (1 << b for b in range(6))


@njit(cache=True)
def bit(words, number, row):
    if number < 0 or number >= words.shape[0] * 64:
        return False
    return (words[number >> 6, row] >> np.uint64(number & 63)) & np.uint64(1) != 0


@njit(cache=True)
def curve(x, component, xs, ys):
    """numpy.interp on one row of padded points."""
    last = xs.shape[1] - 1
    if x >= xs[component, last]:
        return ys[component, last]
    if x <= xs[component, 0]:
        return ys[component, 0]
    k = 0
    while xs[component, k + 1] <= x:
        k += 1
    low = ys[component, k]
    return low + (ys[component, k + 1] - low) * (x - xs[component, k]) / (xs[component, k + 1] - xs[component, k])


@njit(cache=True)
def add_meaning(count, score, cosine, cosine_x, cosine_y, weight, neutral, xs, ys):
    for c in range(count):
        if not math.isnan(cosine[c]):
            value = curve(cosine[c], 0, cosine_x, cosine_y)
            score[c] += weight[MEANING] * (curve(value, MEANING, xs, ys) - neutral[MEANING])


@njit(cache=True)
def add_focus(count, score, rows, topic, area, guessed, flags, topics, topic_areas, areas, levels, rule):
    """topic, area: the demand's items. rule: (weight, neutral, points of the curve)."""
    weight, neutral, xs, ys = rule
    if len(topic) == 0:
        return
    for c in range(count):
        j = rows[c]
        if flags[j] & FOCUSED == 0:
            continue
        best = total = 0.0
        for k in range(len(topic)):
            close = 0.0
            if topic[k] >= 0 and bit(topics, topic[k], j):
                close = levels[0]
            elif topic[k] >= 0 and bit(topic_areas, area[k], j):
                close = levels[2]
            elif bit(areas, area[k], j):
                close = levels[1]
            total += close
            best = max(best, close)
        value = (best + total / len(topic)) / 2
        if value > 0 or not (guessed or flags[j] & GUESSED != 0):
            score[c] += weight[FOCUS] * (curve(value, FOCUS, xs, ys) - neutral[FOCUS])


@njit(cache=True)
def add_geography(count, score, rows, country, subregion, flags, countries, refs, levels, rule):
    weight, neutral, xs, ys = rule
    ref_start, ref_country, ref_region = refs
    if country < 0:
        return
    for c in range(count):
        j = rows[c]
        if flags[j] & REGIONAL == 0:
            continue
        named = bit(countries, country, j)
        value = 0.0
        if named or flags[j] & WORLDWIDE != 0:
            value = levels[2] if named else levels[3]
            near = False
            for k in range(ref_start[j], ref_start[j + 1]):
                if ref_country[k] == country:
                    value = levels[0]
                    near = False
                    break
                near |= subregion >= 0 and ref_region[k] == subregion
            if near:
                value = levels[1]
        score[c] += weight[GEOGRAPHY] * (curve(value, GEOGRAPHY, xs, ys) - neutral[GEOGRAPHY])


@njit(cache=True)
def _ramp_area(x):
    on_ramp = min(max(x, 0.0), 1.0)
    return min(x, 0.0) + on_ramp - on_ramp * on_ramp / 2


@njit(cache=True)
def add_within(count, score, rows, low, high, shift, least, limit, width, component, rule):
    """Budget and timing: the logarithms low and high, moved by shift and not below least, against a limit."""
    weight, neutral, xs, ys = rule
    if math.isnan(limit):
        return
    for c in range(count):
        j = rows[c]
        if math.isnan(low[j]):
            continue
        start = (max(low[j] + shift, least) - limit) / width
        end = (max(high[j] + shift, least) - limit) / width
        value = 1 - end
        if end - start > 1e-6:
            value = (_ramp_area(end) - _ramp_area(start)) / (end - start)
        value = min(max(value, 0.0), 1.0)
        score[c] += weight[component] * (curve(value, component, xs, ys) - neutral[component])


@njit(cache=True)
def _inside(x, low, high, width):
    """NaN where both ends are unknown, as the amount itself may be."""
    if math.isnan(x) or (math.isnan(low) and math.isnan(high)):
        return math.nan
    distance = 0.0
    if low - x > distance:
        distance = low - x
    if x - high > distance:
        distance = x - high
    return max(1 - distance / width, 0.0)


@njit(cache=True)
def add_scale(count, score, rows, people, amount, unit, city_low, city_high, low, high, units, width, rule):
    weight, neutral, xs, ys = rule
    if math.isnan(people) and (math.isnan(amount) or unit < 0):
        return
    for c in range(count):
        j = rows[c]
        value = _inside(people, city_low[j], city_high[j], width)
        if unit >= 0 and units[j] == unit:
            fits = _inside(amount, low[j], high[j], width)
            if math.isnan(value) or fits < value:
                value = fits
        if not math.isnan(value):
            score[c] += weight[SCALE] * (curve(value, SCALE, xs, ys) - neutral[SCALE])


@njit(cache=True)
def add_claims(count, score, rows, claims, grades, rule):
    weight, neutral, xs, ys = rule
    for d in range(3):
        for c in range(count):
            grade = claims[d, rows[c]]
            if grade != 0:
                value = curve(grades[grade - 1], CLAIM + d, xs, ys)
                score[c] += weight[CLAIM + d] * (value - neutral[CLAIM + d])


@njit(cache=True)
def add_evidence(count, score, rows, city, refs, r, rule):
    """city: what is known of the demand's (powers of ten of its population, …); refs: the columns of references."""
    weight, neutral, xs, ys = rule
    decades, koppen, income, subregion = city
    start, ref_grade, ref_status, ref_decades, ref_koppen, ref_income, ref_region = refs
    grades, credits, shares, unknown, span, won_before, lost_before, koppen_alike, income_alike = r
    for c in range(count):
        won = total = 0.0
        for k in range(start[rows[c]], start[rows[c] + 1]):
            known = weighed = 0.0
            if not math.isnan(decades) and not math.isnan(ref_decades[k]):
                known += shares[0]
                weighed += shares[0] * max(1 - abs(ref_decades[k] - decades) / span, 0.0)
            if koppen >= 0 and ref_koppen[k] >= 0:
                known += shares[1]
                weighed += shares[1] * koppen_alike[koppen, ref_koppen[k]]
            if income >= 0 and ref_income[k] >= 0:
                known += shares[2]
                weighed += shares[2] * income_alike[income, ref_income[k]]
            if subregion >= 0 and ref_region[k] >= 0:
                known += shares[3]
                weighed += shares[3] * (subregion == ref_region[k])
            like = weighed / known if known > 0 else unknown
            total += grades[ref_grade[k]] * like
            won += grades[ref_grade[k]] * like * credits[ref_status[k]]
        if total > 0:
            value = (won_before + won) / (won_before + lost_before + total)
            score[c] += weight[EVIDENCE] * (curve(value, EVIDENCE, xs, ys) - neutral[EVIDENCE])


@njit(cache=True)
def add_wishes(count, score, rows, group, kind, index, first, last, yes, no, numbers, rule):
    """group … last: the demand's requirements, of which only wishes count here."""
    weight, neutral, xs, ys = rule
    for c in range(count):
        j = rows[c]
        met = decided = 0
        for k in range(len(group)):
            if group[k] != 2 or kind[k] == 2:
                continue
            if kind[k] == 1:
                code = numbers[index[k], j]
                decided += code != 0
                met += code != 0 and first[k] <= code <= last[k]
            elif bit(yes, index[k], j):
                decided += 1
                met += first[k]
            elif bit(no, index[k], j):
                decided += 1
                met += last[k]
        if decided > 0:
            score[c] += weight[WISHES] * (curve(met / decided, WISHES, xs, ys) - neutral[WISHES])


@njit(cache=True)
def add_models(count, score, rows, wanted, models, flags, rule):
    weight, neutral, xs, ys = rule
    if not wanted.any():
        return
    for c in range(count):
        j = rows[c]
        if flags[j] & MODELLED != 0:
            value = 0.0
            for w in range(min(len(wanted), models.shape[0])):
                if wanted[w] & models[w, j] != 0:
                    value = 1.0
            score[c] += weight[MODEL] * (curve(value, MODEL, xs, ys) - neutral[MODEL])


@njit(cache=True)
def add_wording(count, score, rows, language, size, tokens, languages, sizes, start, ids, marks, rule):
    """tokens: those of the demand; marks is scratch, a bit for each token there is, and comes back as it went: zero."""
    weight, neutral, xs, ys = rule
    if language < 0:
        return
    for token in tokens:
        marks[token >> 6] |= np.uint64(1) << np.uint64(token & 63)
    for c in range(count):
        j = rows[c]
        if languages[j] != language:
            continue
        shared = 0
        for k in range(start[j], start[j + 1]):
            shared += (marks[ids[k] >> 6] >> np.uint64(ids[k] & 63)) & np.uint64(1)
        value = shared / max(math.sqrt(size * max(sizes[j], 1)), 1.0)
        score[c] += weight[WORDING] * (curve(value, WORDING, xs, ys) - neutral[WORDING])
    for token in tokens:
        marks[token >> 6] = 0


@njit(cache=True)
def spread_concepts(ids, shares, table):
    """What each concept counts for a demand, into a table of all concepts."""
    for k in range(len(ids)):
        table[ids[k]] = shares[k]


@njit(cache=True)
def spread_subject(ids, shares, topic_area, area_share, table):
    """What each topic counts for a demand: its own share, and the share of its focus area."""
    for k in range(len(ids)):
        table[ids[k]] += (1 - area_share) * shares[k]
        area = topic_area[ids[k]]
        if area >= 0:
            for topic in range(len(topic_area) - 1):
                if topic_area[topic] == area:
                    table[topic] += area_share * shares[k]


@njit(cache=True)
def add_shares(count, score, rows, component, table, start, ids, shares, paying, rule):
    """Concepts and subject: the sum of products with what `table` holds; unknown where a solution has none.

    paying: of each code whether naming it too says how both want to pay, and what that counts; empty for the subject.
    """
    weight, neutral, xs, ys = rule
    named, share = paying
    for c in range(count):
        first, last = start[rows[c]], start[rows[c] + 1]
        if first < last:
            value = 0.0
            paid = 0.0
            for k in range(first, last):
                value += shares[k] * table[ids[k]]
                if len(named) > 0 and named[ids[k]] and shares[k] > 0:
                    paid = 1.0
            value = (1 - share) * min(max(value, 0.0), 1.0) + share * paid
            score[c] += weight[component] * (curve(value, component, xs, ys) - neutral[component])
