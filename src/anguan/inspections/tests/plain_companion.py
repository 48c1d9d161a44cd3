"""Experts and the steps after a draw once more, written from docs/draw-companion.md alone: the second opinion.

It shares no line with `anguan.inspections.draws`, keeps no running counts and works every team out from the whole past.
"""

from typing import Any

from anguan.inspections.tests.plain_draw import h


def order(bundle: dict[str, Any], tag: str, target: str, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seed = bundle["result"]["seed"]
    return sorted(people, key=lambda one: (h(bundle["hash"], seed, tag, target, one["id"]), one["id"]))


def tasks(teams: dict[str, list[str]], name: str) -> int:
    return sum(name in team for team in teams.values())


def experts_for(
    bundle: dict[str, Any], plan: dict[str, Any], teams: dict[str, list[str]], target: str, wanted: int,
    absent: set[str], recused: set[tuple[str, str]],
) -> tuple[list[str], list[dict[str, str]]]:  # fmt: skip
    recused = recused | {(row["expert"], row["target"]) for row in plan["recusals"]}
    taken: list[str] = []
    skipped: list[dict[str, str]] = []
    for expert in order(bundle, "E", target, plan["experts"]):
        name = expert["id"]
        if len(taken) == wanted:
            break
        if name in teams.get(target, []):
            continue
        if name in absent:
            skipped.append({"expert": name, "reason": "absent"})
        elif (name, target) in recused:
            skipped.append({"expert": name, "reason": "recusal"})
        elif plan["speciality"] and plan["speciality"] not in expert["specialities"]:
            skipped.append({"expert": name, "reason": "speciality"})
        elif tasks(teams, name) >= expert["capacity"]:
            skipped.append({"expert": name, "reason": "capacity"})
        else:
            taken.append(name)
    return taken, skipped


def expert_teams(bundle: dict[str, Any], plan: dict[str, Any]) -> list[dict[str, Any]]:
    teams: dict[str, list[str]] = {}
    rows = []
    for row in bundle["result"]["targets"]:
        if row["unstaffed"]:
            continue
        taken, skipped = experts_for(bundle, plan, teams, row["id"], plan["per_target"], set(), set())
        teams[row["id"]] = taken
        rows.append({"target": row["id"], "experts": taken, "skipped": skipped})
    return rows


def staff(
    bundle: dict[str, Any], teams: dict[str, list[str]], target: str, stay: list[str],
    absent: set[str], barred: set[tuple[str, str]],
) -> tuple[list[str], list[dict[str, str]]]:  # fmt: skip
    places = bundle["result"]["targets"] + bundle["result"]["alternates"]
    stratum = next(row["stratum"] for row in places if row["id"] == target)
    needs = next(row["speciality"] for row in bundle["spec"]["strata"] if row["id"] == stratum)
    size = bundle["spec"]["officers_per_target"]
    leaders = {officer["id"] for officer in bundle["officers"] if officer["leader"]}
    barred = barred | {(row["officer"], row["target"]) for row in bundle["conflicts"]}
    team, skipped = list(stay), []
    for officer in order(bundle, "O", target, bundle["officers"]):
        name = officer["id"]
        if len(team) == size and leaders & set(team):
            break
        if name in stay:
            continue
        if name in absent:
            skipped.append({"officer": name, "reason": "absent"})
        elif (name, target) in barred:
            skipped.append({"officer": name, "reason": "conflict"})
        elif needs and needs not in officer["specialities"]:
            skipped.append({"officer": name, "reason": "speciality"})
        elif tasks(teams, name) >= officer["capacity"]:
            skipped.append({"officer": name, "reason": "capacity"})
        elif len(team) < size:
            team.append(name)
        elif name in leaders:
            team[-1] = name
    return (team if len(team) == size and leaders & set(team) else []), skipped


def steps(bundle: dict[str, Any], plan: dict[str, Any] | None, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every step in full, from its kind, target, person and reason."""
    teams = {row["id"]: row["officers"] for row in bundle["result"]["targets"]}
    experts = {row["target"]: row["experts"] for row in expert_teams(bundle, plan)} if plan else {}
    left = list(bundle["result"]["alternates"])
    stratum_of = {row["id"]: row["stratum"] for row in bundle["result"]["targets"] + left}
    absent: set[str] = set()
    experts_absent: set[str] = set()
    barred: set[tuple[str, str]] = set()
    recused: set[tuple[str, str]] = set()
    done: list[dict[str, Any]] = []
    for number, ask in enumerate(asked, start=1):
        target = ask["target"]
        step = {"number": number, **ask}
        if ask["kind"] == "target":
            del teams[target]
            experts.pop(target, None)
            stratum = stratum_of[target]
            nexts = sorted((row for row in left if row["stratum"] == stratum), key=lambda row: row["rank"])
            step |= {"replacement": None, "officers": [], "skipped": [], "unstaffed": False}
            step |= {"experts": [], "experts_skipped": []}
            if nexts:
                new = nexts[0]["id"]
                left.remove(nexts[0])
                team, skipped = staff(bundle, teams, new, [], absent, barred)
                teams[new] = team
                step |= {"replacement": new, "officers": team, "skipped": skipped, "unstaffed": not team}
                if team and plan:
                    size = plan["per_target"]
                    found, passed = experts_for(bundle, plan, experts, new, size, experts_absent, recused)
                    experts[new] = found
                    step |= {"experts": found, "experts_skipped": passed}
        elif ask["kind"] == "officer":
            if ask["reason"] == "conflict":
                barred.add((ask["officer"], target))
            else:
                absent.add(ask["officer"])
            stay = [name for name in teams.pop(target) if name != ask["officer"]]
            team, skipped = staff(bundle, teams, target, stay, absent, barred)
            teams[target] = team
            if not team:
                experts.pop(target, None)
            new_one = [name for name in team if name not in stay]
            step |= {"replacement": new_one[0] if new_one else None, "officers": team, "skipped": skipped}
        else:
            assert plan is not None
            if ask["reason"] == "conflict":
                recused.add((ask["expert"], target))
            else:
                experts_absent.add(ask["expert"])
            experts[target] = [name for name in experts[target] if name != ask["expert"]]
            found, passed = experts_for(bundle, plan, experts, target, 1, experts_absent, recused)
            experts[target] = experts[target] + found
            step |= {"replacement": found[0] if found else None, "experts": experts[target], "skipped": passed}
        done.append(step)
    return done
