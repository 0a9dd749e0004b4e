"""Compiled: which gates a pair fails. What cannot be told does not fail; matching.engine.gates says why."""

from __future__ import annotations

import numpy as np
from numba import njit

STATUS_FAILS, FOCUS_FAILS, REGION_FAILS, CERTIFICATE_FAILS, MUST_FAILS, LANGUAGE_FAILS, GONE = (
    1 << b for b in range(7)
)
GUESSED, FOCUSED, WORLDWIDE, REGIONAL, SPEAKS = (1 << b for b in range(5))
GATES = 6


@njit(cache=True)
def _shared_into(ask_words, i, words, found):
    """found[j] becomes not 0 where row j shares a bit with the demand."""
    for w in range(min(ask_words.shape[0], words.shape[0])):
        wanted = ask_words[w, i]
        if wanted != 0:
            for j in range(words.shape[1]):
                found[j] |= words[w, j] & wanted


@njit(cache=True)
def gate(a, o, i, today, fails, shared):
    """The gates that each solution fails for demand i, as bits into fails (uint8, n); shared is scratch (uint64, n)."""
    n = len(fails)
    for j in range(n):
        shared[j] = 0
    _shared_into(a.areas, i, o.areas, shared)
    _shared_into(a.topics, i, o.topics, shared)
    ask_live, ask_guessed, ask_focused = a.live[i] != 0, a.guessed[i] != 0, a.focused[i] != 0
    for j in range(n):
        flags = o.flags[j]
        failing = np.uint8(0)
        if not (ask_live and o.live[j] != 0 and o.expires[j] >= today):
            failing |= np.uint8(STATUS_FAILS)
        if shared[j] == 0 and ask_focused and not ask_guessed and flags & FOCUSED != 0 and flags & GUESSED == 0:
            failing |= np.uint8(FOCUS_FAILS)
        if o.alive[j] == 0:
            failing |= np.uint8(GONE)
        fails[j] = failing
    country = a.country[i]
    if country >= 0:
        w, bit = country >> 6, np.uint64(country & 63)
        inside = w < o.countries.shape[0]
        for j in range(n):
            flags = o.flags[j]
            served = inside and (o.countries[w if inside else 0, j] >> bit) & np.uint64(1) != 0
            if flags & REGIONAL != 0 and flags & WORLDWIDE == 0 and not served:
                fails[j] |= np.uint8(REGION_FAILS)
    if a.insists[i] != 0:
        for j in range(n):
            shared[j] = 0
        _shared_into(a.speaks, i, o.speaks, shared)
        for j in range(n):
            if shared[j] == 0 and o.flags[j] & SPEAKS != 0:
                fails[j] |= np.uint8(LANGUAGE_FAILS)
    for r in range(a.req_start[i], a.req_start[i + 1]):
        if a.req_group[r] < 2:
            _require(a, o, r, np.uint8(CERTIFICATE_FAILS if a.req_group[r] == 0 else MUST_FAILS), fails)


@njit(cache=True)
def _require(a, o, r, bit, fails):
    index, first, last = a.req_index[r], a.req_a[r], a.req_b[r]
    if a.req_kind[r] == 0:
        w, place = index >> 6, np.uint64(index & 63)
        if first == 0 and w < o.yes.shape[0]:
            for j in range(len(fails)):
                if (o.yes[w, j] >> place) & np.uint64(1) != 0:
                    fails[j] |= bit
        if last == 0 and w < o.no.shape[0]:
            for j in range(len(fails)):
                if (o.no[w, j] >> place) & np.uint64(1) != 0:
                    fails[j] |= bit
    elif a.req_kind[r] == 1:
        for j in range(len(fails)):
            code = o.numbers[index, j]
            if code != 0 and (code < first or code > last):
                fails[j] |= bit


@njit(cache=True)
def gates(a, o, first, today, fails, counts):
    """`gate` for the demands from `first` on, one row of fails (uint8, (m, n)) each.

    counts (int64, (m, 2 + GATES)): candidates in the right field, eligible ones, failures of each gate in the field.
    """
    shared = np.empty(fails.shape[1], np.uint64)
    for k in range(fails.shape[0]):
        gate(a, o, first + k, today, fails[k], shared)
        tally = np.zeros(128, np.int64)
        for j in range(fails.shape[1]):
            tally[fails[k, j]] += 1
        counts[k, :] = 0
        for pattern in range(64):
            if pattern & FOCUS_FAILS == 0:
                counts[k, 0] += tally[pattern]
                for g in range(GATES):
                    if pattern >> g & 1:
                        counts[k, 2 + g] += tally[pattern]
        counts[k, 1] = tally[0]


@njit(cache=True)
def concerned(fails, passes, misses):
    """Marks (uint8, n) the solutions that pass all gates for one of the demands, and those that fail a single one."""
    for k in range(fails.shape[0]):
        row = fails[k]
        for j in range(len(row)):
            failing = row[j]
            passes[j] |= np.uint8(failing == 0)
            misses[j] |= np.uint8((failing != 0) & (failing & (failing - 1) == 0) & (failing != GONE))
