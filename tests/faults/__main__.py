"""`python -m tests.faults smoke|whole [F1 …]`: faults one after the other on one stand, and a report of each.

Exits with 0 when all is well.
"""

import sys
import time

from tests.faults.stand import Stand, prepare, wait_until

PATIENCE = 360.0


def main(arguments: list[str]) -> int:
    with Stand() as stand:
        began = time.monotonic()
        prepare()
        return play(stand, arguments, began)


def play(stand: Stand, arguments: list[str], began: float) -> int:
    from django.db import connection

    from tests.faults import faults, findings, poison  # noqa: F401  (kinds are known once poison is imported)
    from tests.faults.load import Load

    chosen = [
        fault
        for fault in (faults.SMOKE if arguments[0] == "smoke" else faults.WHOLE)
        if not arguments[1:] or fault.name.split()[0] in arguments[1:]
    ]
    stand.add_worker()
    stand.add_sweeper()
    load, is_good = Load(), True
    print(f"stand ready after {time.monotonic() - began:.0f} s", flush=True)
    for fault in chosen:
        with load:
            stand.pause(2)
            fault.harm(stand, load, fault.times)
        connection.close()  # it may be from before a restart
        owed = findings.unfinished()
        try:
            took = wait_until(lambda: not findings.unfinished(), PATIENCE, stand.look_after)
        except TimeoutError:
            took = float("inf")
        found = findings.everything(load.ledger, has_poison=fault.has_poison)
        is_good &= took <= (fault.goal or PATIENCE) and all(finding.is_good for finding in found)
        goal = f" (goal {fault.goal:.0f} s)" if fault.goal else ""
        print(f"\n{fault.name} ×{fault.times}: {owed} jobs owed, recovered in {took:.1f} s{goal}")
        print(f"  slowest act {load.ledger.slowest:.1f} s, {load.ledger.refused_by_faults} refused by the fault")
        print("\n".join(f"  {finding}" for finding in found), flush=True)
        if stand.deaths:
            print(f"  ended by themselves and started again: {stand.deaths}")
            stand.deaths.clear()
        if load.ledger.broken:
            print("\n".join(f"  ! {line}" for line in load.ledger.broken[:5]))
        print("\n".join(f"  last: {line}" for line in findings.last_to_finish()), flush=True)
        clear()
        load = Load(seed=len(fault.name))
    print(f"\n{'all well' if is_good else 'NOT WELL'} after {time.monotonic() - began:.0f} s")
    if not is_good:
        for service in [*stand.workers, *stand.sweepers]:
            print(f"\nThe end of {service.log}:\n{service.last_lines(40)}")
    return 0 if is_good else 1


def clear() -> None:
    """The next fault finds an empty portal, so that its figures are its own."""
    from tests.emptying import empty_filled_tables

    empty_filled_tables()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
