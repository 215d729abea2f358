"""The rows that a registration writes: Preview ─rows_of→ Rows, new ones with their numbers, changed ones
with their fields.

Nothing is written here but the numbers are taken, so this runs inside the registration's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Model

from bihuan.audit.actor import Actor
from bihuan.core.draft_faults import day_of
from bihuan.core.draft_words import folded
from bihuan.core.drafting import Node
from bihuan.core.findings import TODO
from bihuan.documents.models import Draft
from bihuan.findings.actions.inserting import give_numbers
from bihuan.findings.importing.preview import SKIP, UPDATE, Preview, joint_names
from bihuan.findings.models import (
    Aspect,
    Declared,
    Finding,
    Inspection,
    Institution,
    JointUnit,
    Passage,
    Problem,
    Task,
    TaskState,
)
from bihuan.orgs.models import Unit, UnitLink

Changed = tuple[Any, list[str]]
FACTS_OF_INSPECTION = (
    "authority",
    "team",
    "subject",
    "starts_on",
    "ends_on",
    "feedback_on",
    "notice_title",
    "signed_by",
    "signed_on",
    "published_on",
    "phone",
    "post",
    "email",
)


@dataclass(slots=True)
class Rows:
    """What is to be written: `made` by table in an order in which rows come after what they name."""

    inspection: Inspection
    units: list[Unit] = field(default_factory=list)
    links: list[UnitLink] = field(default_factory=list)
    made: list[Sequence[Model]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    removed: list[JointUnit] = field(default_factory=list)


class Builder:
    """Makes the rows of one registration; each table's numbers are taken with one statement."""

    def __init__(self, draft: Draft, seen: Preview, actor: Actor) -> None:
        self.draft, self.seen, self.actor = draft, seen, actor
        self.nodes = seen.nodes
        self.pks: dict[str, int] = {node_id: row.pk for node_id, row in seen.there.items()}
        self.by_id = {node.id: node for node in seen.tree.nodes}
        self.texts = {number: text for number, text, *_ in draft.lines}
        self.units = dict(seen.units)

    def rows(self) -> Rows:
        """Return everything that the draft makes and changes."""
        target = self.seen.target
        whole = self.seen.tree.mode != "tasks"
        fresh = whole and (target is None or self.seen.choice not in (UPDATE, SKIP))
        inspection = self._inspection() if fresh or target is None else target
        self.found = Rows(inspection)
        self._units()
        if fresh:
            give_numbers([inspection])
            self.found.made.append([inspection])
        elif whole:
            self._change(inspection, {name: self.seen.tree.root.fact(name) for name in FACTS_OF_INSPECTION})
        if whole:
            self._aspects(inspection)
            self._findings(inspection)
            self._problems(inspection)
            self._declared(inspection)
            if fresh:
                self._passages(inspection)
        self._tasks(inspection)
        if whole:
            self._institutions(inspection, fresh=fresh)
        return self.found

    def new(self, kind: str) -> list[Node]:
        """Return the nodes of a kind that are not in the register."""
        return [node for node in self.nodes if node.kind == kind and node.id not in self.seen.there]

    def keep(self, nodes: Sequence[Node], rows: Sequence[Model]) -> None:
        """Number the rows of one table and remember which node each came from."""
        give_numbers(rows)
        self.found.made.append(rows)
        self.pks.update({node.id: row.pk for node, row in zip(nodes, rows, strict=True)})

    def _change(self, row: Any, values: Mapping[str, Any]) -> None:
        """Note the fields that differ; what the document does not say is not erased."""
        fields = [
            name for name, value in values.items() if value not in ("", None) and getattr(row, name) != value
        ]
        if not fields:
            return
        for name in fields:
            setattr(row, name, values[name])
        row.revision += 1
        self.found.changed.append((row, fields))

    def _inspection(self) -> Inspection:
        root = self.seen.tree.root
        return Inspection(
            organisation_id=self.draft.organisation_id,
            kind_id=self.seen.kind_id,
            mode=self.seen.tree.mode,
            title=root.title,
            document_id=self.draft.document_id,
            created_at=self.actor.at,
            **{name: root.fact(name) for name in FACTS_OF_INSPECTION},
        )

    def _units(self) -> None:
        """Make the units that were ticked, below the organisation, with their places in the tree."""
        names = self.seen.new_units
        if not names:
            return
        organisation = self.draft.organisation_id
        last = Unit.objects.filter(parent_id=organisation).aggregate(last=Max("position"))["last"] or 0
        rows = [
            Unit(parent_id=organisation, name=name, kind="department", position=last + at)
            for at, name in enumerate(names, 1)
        ]
        give_numbers(rows)
        above = list(UnitLink.objects.filter(descendant_id=organisation))
        links = [UnitLink(ancestor_id=row.pk, descendant_id=row.pk, depth=0) for row in rows]
        links += [
            UnitLink(ancestor_id=up.ancestor_id, descendant_id=row.pk, depth=up.depth + 1)
            for row in rows
            for up in above
        ]
        give_numbers(links)
        self.units |= {row.name: row.pk for row in rows}
        self.found.units, self.found.links = rows, links

    def _aspects(self, inspection: Inspection) -> None:
        nodes = self.new("aspect")
        there = {
            folded(row.title): row.pk
            for row in Aspect.objects.filter(inspection_id=inspection.pk, withdrawn=False)
        }
        self.pks |= {node.id: there[folded(node.title)] for node in nodes if folded(node.title) in there}
        fresh = [node for node in nodes if node.id not in self.pks]
        last = len(there)
        self.keep(
            fresh,
            [
                Aspect(inspection_id=inspection.pk, position=last + at, title=node.title)
                for at, node in enumerate(fresh, 1)
            ],
        )

    def _findings(self, inspection: Inspection) -> None:
        nodes, last = self.new("finding"), self._last(Finding, inspection)
        rows = [
            Finding(
                inspection_id=inspection.pk,
                organisation_id=self.draft.organisation_id,
                aspect_id=self.pks.get(node.parent),
                position=last + at,
                number=node.number,
                title=node.title,
                quote=node.text or self.texts.get(node.line, ""),
                line=node.line,
                document_id=self.draft.document_id,
            )
            for at, node in enumerate(nodes, 1)
        ]
        self.keep(nodes, rows)
        for node in self._there("finding"):
            self._change(self.seen.there[node.id], {"title": node.title})

    def _problems(self, inspection: Inspection) -> None:
        nodes, last = self.new("problem"), self._last(Problem, inspection)
        rows = [
            Problem(
                finding_id=self.pks[node.parent],
                inspection_id=inspection.pk,
                organisation_id=self.draft.organisation_id,
                position=last + at,
                number=node.number,
                title=node.title,
                text=node.text,
                line=node.line,
                document_id=self.draft.document_id,
                response=node.response,
                response_line=node.response_line,
                declared_state=node.fact("state"),
            )
            for at, node in enumerate(nodes, 1)
        ]
        self.keep(nodes, rows)
        for node in self._there("problem"):
            values = {
                "title": node.title,
                "text": node.text,
                "response": node.response,
                "declared_state": node.fact("state"),
            }
            self._change(self.seen.there[node.id], values)

    def _there(self, kind: str) -> list[Node]:
        return [node for node in self.nodes if node.kind == kind and node.id in self.seen.there]

    def _last(self, model: Any, inspection: Inspection) -> int:
        return model.objects.filter(inspection_id=inspection.pk).aggregate(last=Max("position"))["last"] or 0

    def _declared(self, inspection: Inspection) -> None:
        there = set(
            Declared.objects.filter(
                inspection_id=inspection.pk, document_id=self.draft.document_id, withdrawn=False
            ).values_list("key", flat=True)
        )
        nodes = [node for node in self.new("declared") if node.fact("key") not in there]
        rows = [
            Declared(
                inspection_id=inspection.pk,
                document_id=self.draft.document_id,
                key=node.fact("key"),
                value=int(node.fact("value")),
                as_of=node.fact("as_of"),
                quote=node.text,
                line=node.line,
            )
            for node in nodes
        ]
        self.keep(nodes, rows)

    def _passages(self, inspection: Inspection) -> None:
        nodes = self.new("passage")
        rows = [
            Passage(
                inspection_id=inspection.pk,
                part=node.fact("part"),
                position=at,
                text=node.text,
                line=node.line,
            )
            for at, node in enumerate(nodes, 1)
        ]
        self.keep(nodes, rows)

    def _institutions(self, inspection: Inspection, *, fresh: bool) -> None:
        there = set()
        if not fresh:
            held = Institution.objects.filter(inspection_id=inspection.pk, withdrawn=False)
            there = {folded(title) for title in held.values_list("title", flat=True)}
        nodes = [node for node in self.new("institution") if folded(node.title) not in there]
        rows = [
            Institution(
                organisation_id=self.draft.organisation_id,
                inspection_id=inspection.pk,
                problem_id=self.pks.get(node.parent),
                title=node.title,
                document_number=node.fact("document_number"),
                issued_on=node.fact("issued_on"),
                line=node.line,
                document_id=self.draft.document_id,
            )
            for node in nodes
        ]
        self.keep(nodes, rows)

    def _tasks(self, inspection: Inspection) -> None:
        nodes = self.new("task")
        last = self._last(Task, inspection) if nodes else 0
        self.keep(nodes, [self._task(node, inspection, last + at) for at, node in enumerate(nodes, 1)])
        declared_day = day_of(self.seen.tree.root.fact("as_of")) or self.actor.today
        since = min(declared_day, self.actor.today)
        states = [
            TaskState(
                task_id=self.pks[node.id],
                inspection_id=inspection.pk,
                state=self._state(node),
                effective_on=since if self._state(node) != TODO else self.actor.today,
                recorded_at=self.actor.at,
            )
            for node in nodes
        ]
        self.keep(nodes, states) if states else None
        joint = [
            JointUnit(task_id=pk, unit_id=unit)
            for node, pk in [(node, states[at].task_id) for at, node in enumerate(nodes)]
            for unit in self._joint(node)
        ]
        give_numbers(joint)
        self.found.made.append(joint)
        if self.seen.choice == UPDATE:
            self._change_tasks()

    def _state(self, node: Node) -> str:
        return node.fact("state") or TODO if self.seen.tree.mode == "archive" else TODO

    def _joint(self, node: Node) -> list[int]:
        lead = self.units.get(node.fact("unit"))
        found = dict.fromkeys(self.units[name] for name in joint_names(node) if name in self.units)
        return [unit for unit in found if unit != lead]

    def _task(self, node: Node, inspection: Inspection, position: int) -> Task:
        due = day_of(node.fact("due_on"))
        return Task(
            problem_id=self._problem_of(node),
            inspection_id=inspection.pk,
            organisation_id=self.draft.organisation_id,
            position=position,
            state=self._state(node),
            number=node.number,
            first_due_on=due,
            due_on=due,
            document_id=self.draft.document_id,
            line=node.line,
            created_at=self.actor.at,
            **self._task_values(node),
        )

    def _problem_of(self, node: Node) -> int:
        above = self.by_id[node.parent]
        return self.pks[above.id] if above.kind == "problem" else int(node.fact("problem_id"))

    def _task_values(self, node: Node) -> dict[str, Any]:
        return {
            "title": node.title,
            "measures": node.measures,
            "unit_id": self.units.get(node.fact("unit")),
            "leader": node.fact("leader"),
            "category": node.fact("category")[:20],
            "expected": node.fact("expected"),
            "remark": node.fact("remark"),
        }

    def _change_tasks(self) -> None:
        """Change what differs in tasks that are there; the first due date and the state are never touched."""
        nodes = self._there("task")
        held: dict[int, dict[int, JointUnit]] = {}
        for joint in JointUnit.objects.filter(task_id__in=[self.seen.there[node.id].pk for node in nodes]):
            held.setdefault(joint.task_id, {})[joint.unit_id] = joint
        added: list[JointUnit] = []
        for node in nodes:
            task = self.seen.there[node.id]
            due: date | None = day_of(node.fact("due_on"))
            self._change(task, {**self._task_values(node), "due_on": due})
            wanted, has = self._joint(node), held.get(task.pk, {})
            if wanted and set(wanted) != set(has):
                added += [JointUnit(task_id=task.pk, unit_id=unit) for unit in wanted if unit not in has]
                self.found.removed += [joint for unit, joint in has.items() if unit not in wanted]
        give_numbers(added)
        self.found.made.append(added)
