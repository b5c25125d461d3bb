"""What a migration may do while the code of the release before still serves (docs/adr/0008).

A release adds; what nothing uses any more goes in a later one, by a migration that says so (`contract = "why nothing uses
it"`). Read `objections`: each row of its answer is a sentence about one operation.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import models
from django.db.migrations import operations
from django.db.models import NOT_PROVIDED

BASELINE = {
    ("accounts", "0001_initial"),
    ("approvals", "0001_initial"),
    ("approvals", "0002_initial"),
    ("casework", "0001_extensions"),
    ("casework", "0002_initial"),
    ("casework", "0003_errands"),
    ("children", "0001_initial"),
    ("exchange", "0001_initial"),
    ("placements", "0001_initial"),
    ("visits", "0001_initial"),
}
"""The first release. Nothing ran before it."""

BIG = {
    "approvals.recordversion",
    "approvals.signature",
    "casework.answeredpost",
    "casework.casefile",
    "casework.duty",
    "casework.event",
    "casework.notification",
    "casework.outgoingmail",
    "casework.reading",
    "children.allocation",
    "children.careperiod",
    "children.child",
    "children.childname",
    "children.legalstatus",
    "children.lookedafterreview",
    "children.teamholding",
    "exchange.importedplacement",
    "exchange.sourcerow",
    "placements.placement",
    "placements.placementfact",
    "placements.presentstanding",
    "visits.visit",
}
"""Tables that grow with every child, visit or reading: a lock for as long as one of them is read stops the authority."""

TAKEN_AWAY = (operations.RemoveField, operations.DeleteModel)
RENAMED = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
UNDONE = "cannot be undone: give it a way back, and be it one that does nothing"


def objections(migration, state):
    """Why a migration must not run while old code serves; none where it may. `state` is the project's before it."""
    state = state.clone()
    made_here, found = set(), []
    for operation in _each(migration.operations):
        if isinstance(operation, operations.CreateModel):
            made_here.add(operation.name_lower)
        where = f"{migration.app_label}.{migration.name}: {operation.describe()}"
        found += [f"{where}: {sentence}." for sentence in _about(operation, migration, state, made_here)]
        operation.state_forwards(migration.app_label, state)
    if _moves_data(migration) and migration.atomic and len(migration.operations) > 1:
        found.append(
            f"{migration.app_label}.{migration.name}: rows are changed in a migration of their own, not atomic."
        )
    return found


def _each(found):
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _each(operation.database_operations)
        else:
            yield operation


def _about(operation, migration, state, made_here):
    if isinstance(operation, RENAMED):
        yield "the old code knows it by the old name: add the new one, move, and take the old away in a later release"
    elif isinstance(operation, TAKEN_AWAY) and not getattr(migration, "contract", ""):
        yield "the old code still asks for it: take it away in a later release, and say in `contract` why nothing uses it"
    elif isinstance(operation, operations.RunPython | operations.RunSQL) and not operation.reversible:
        yield UNDONE
    elif getattr(operation, "model_name_lower", None) in made_here:
        return  # nobody uses a table that is made here
    elif isinstance(operation, operations.AddField):
        yield from _about_new(operation.field, _is_big(operation, migration))
    elif isinstance(operation, operations.AlterField):
        model = state.models[migration.app_label, operation.model_name_lower]
        yield from _about_changed(model.fields[operation.name], operation.field, _is_big(operation, migration))
    elif _is_big(operation, migration):
        yield from _about_locks(operation)


def _about_new(field, is_big):
    has_default = field.db_default is not NOT_PROVIDED
    if not (field.null or has_default or field.many_to_many or field.generated):
        yield "the old code does not fill it in: let it be null, or give it a `db_default`"
    if field.generated and field.db_persist and is_big:
        yield "every row of a big table is written anew: fill in an ordinary field by and by"
    if is_big and (field.unique or field.db_index):
        yield "its index locks a big table: add the field with `db_index=False`, the index by AddIndexConcurrently"


def _about_changed(before, after, is_big):
    if before.null and not after.null:
        yield "the old code may still leave it empty: ask that of the table in a later release"
    if type(before).__mro__[:-1] != type(after).__mro__[:-1] and not _is_longer_text(before, after):
        yield "another type writes every row anew: add a field beside it"
    elif (before.max_length or 0) > (after.max_length or 0) > 0 or (after.max_length and before.max_length is None):
        yield "the old code may still write longer texts"
    if is_big and (after.unique, after.db_index) > (before.unique, before.db_index):
        yield "its index locks a big table: AddIndexConcurrently"
    if before.db_default is not NOT_PROVIDED and after.db_default is NOT_PROVIDED:
        yield "the old code may rely on the default of the database"


def _is_longer_text(before, after):
    return isinstance(before, models.CharField) and isinstance(after, models.TextField)


def _about_locks(operation):
    if isinstance(operation, (AddIndexConcurrently, RemoveIndexConcurrently, AddConstraintNotValid)):
        return
    if isinstance(operation, operations.AddIndex):
        yield "it locks a big table for as long as it takes: AddIndexConcurrently"
    elif isinstance(operation, operations.AddConstraint):
        yield "it reads a big table under lock: AddConstraintNotValid here, ValidateConstraint in a migration after it"
    elif isinstance(operation, (operations.AlterUniqueTogether, operations.AlterIndexTogether)):
        yield "its index locks a big table"


def _is_big(operation, migration):
    name = getattr(operation, "model_name_lower", None) or getattr(operation, "name_lower", None)
    return f"{migration.app_label}.{name}" in BIG


def _moves_data(migration):
    return any(isinstance(operation, operations.RunPython) for operation in _each(migration.operations))
