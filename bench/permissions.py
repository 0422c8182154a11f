"""A page of the list of files for readers with one, 50 and 3,000 grants and of the whole province, against guardian."""

import sys

from bench.running import options_of, running

LIMIT = 10.0  # milliseconds in the database, planning and execution


def main() -> int:
    options = options_of(str(__doc__))
    with running():
        from bench import peers
        from bench.ground import province
        from bench.measuring import Report, in_turn, plan_of, plan_of_sql, statements
        from nominations.newest import newest
        from permissions import grants

        report = Report()
        with province() as ground:
            before: dict[str, tuple[float, float]] = {}
            for closed in (10_000, 180_000, 1_000_000):
                ground.grow(max(int(closed * options.scale), 1_000))
                files = ground.open + ground.closed
                report.say(
                    f"{files:,} files, {ground.closed:,} of them closed; medians of {options.rounds} rounds"
                )
                for name, officer in ground.readers.items():
                    held = grants.units_by_right(officer)

                    def ours(officer=officer, held=held) -> list:
                        return newest(officer, held, limit=25)

                    asked = statements(ours)
                    plan = plan_of_sql(asked[0], options.rounds)
                    whole = in_turn({"ours": ours}, options.rounds)["ours"]
                    if closed == 10_000:
                        before[name] = (whole, plan.milliseconds)
                        continue
                    if closed == 1_000_000:
                        told = f"{before[name][1]:.2f} ms, then {plan.milliseconds:.2f} ms in the database"
                        report.say(f"         {name}: {told}")
                        report.figure(
                            f"{name}: growth from 10,000 closed files", whole / before[name][0], "×", 1.5
                        )
                        continue
                    report.fact(f"{name}: {len(asked)} statement", len(asked) == 1)
                    report.fact(
                        f"{name}: served by an index",
                        not plan.scanned & {"nominations_nomination", "nominations_reach"},
                    )
                    report.figure(f"{name}: a page of 25 in the database", plan.milliseconds, "ms", LIMIT)
                    rows = peers.permit(officer, held)
                    theirs = peers.objects(officer)
                    report.fact(f"{name}: the same page as the peer", ours() == [file.pk for file in theirs])
                    found = in_turn(
                        {"ours": ours, "peer": lambda officer=officer: list(peers.objects(officer))},
                        options.rounds,
                    )
                    report.say(
                        f"         {name}: {found['ours']:.2f} ms in all against {found['peer']:.2f} ms of the peer with "
                        f"{rows:,} permissions ({plan_of(theirs).milliseconds:.2f} ms in the database)"
                    )
                    report.figure(f"{name}: time against the peer", found["ours"] / found["peer"], "×", 1.0)
    return min(report.missed, 1)


if __name__ == "__main__":
    sys.exit(main())
