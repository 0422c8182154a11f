"""The inbox against viewflow's queue at 1,000,000 tasks, and flat while a million files are closed behind it."""

import sys

from bench.running import options_of, running


def main() -> int:
    options = options_of(str(__doc__))
    with running():
        from bench.ground import MINE, province
        from bench.measuring import Report, in_turn, plan_of_sql, statements
        from bench.peers import queue
        from permissions import grants
        from workflows.inbox import inbox

        report = Report()
        size = max(int(1_000_000 * options.scale), 2_000)
        with province(size - MINE) as ground:
            report.say(f"{size:,} open files and tasks; sides in turn, medians of {options.rounds} rounds")
            for name, officer in ground.readers.items():
                held = grants.units_by_right(officer)

                def ours(officer=officer, held=held) -> list:
                    return inbox(officer, held=held)

                waiting, theirs = len(ours()), len(queue(officer))
                report.fact(f"{name}: the same {waiting} files as the peer", waiting == theirs)
                found = in_turn(
                    {"ours": ours, "peer": lambda officer=officer: queue(officer)}, options.rounds
                )
                asked = statements(ours)
                report.fact(f"{name}: {len(asked)} statement", len(asked) <= 1)
                for sql in asked:
                    plan = plan_of_sql(sql)
                    big = plan.scanned & {
                        "nominations_nomination",
                        "nominations_nominee",
                        "nominations_handling",
                    }
                    report.fact(
                        f"{name}: served by indexes ({plan.milliseconds:.2f} ms in the database)", not big
                    )
                report.say(f"         {name}: {found['ours']:.2f} ms against {found['peer']:.2f} ms")
                report.figure(
                    f"{name}: how many times faster", found["peer"] / found["ours"], "×", 20, at_least=True
                )
        with province() as ground:
            report.say(f"{ground.open:,} open files held constant while closed ones are added")
            before: dict[str, float] = {}
            for closed in (int(10_000 * options.scale), size):
                ground.grow(closed)
                for name, officer in ground.readers.items():
                    held = grants.units_by_right(officer)
                    found = in_turn(
                        {"ours": lambda officer=officer, held=held: inbox(officer, held=held)}, options.rounds
                    )
                    if name in before and before[name] > 0.05:
                        report.figure(
                            f"{name}: growth to {closed:,} closed files",
                            found["ours"] / before[name],
                            "×",
                            1.5,
                        )
                    before.setdefault(name, found["ours"])
    return min(report.missed, 1)


if __name__ == "__main__":
    sys.exit(main())
