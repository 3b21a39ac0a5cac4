"""Reads the project's own Python with `ast`: which module imports which, and where a status is written."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("clinic", "content", "bookings")

Tree = Mapping[str, ast.Module]
"""Every module of the three apps by its dotted name; a package goes by its own name."""


@cache
def project() -> Tree:
    """The apps as they stand. Migrations are left out: Django writes them."""
    files = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return {
        module_name(path.relative_to(ROOT)): parsed(path) for path in files if "migrations" not in path.parts
    }


def sample(**sources: str) -> Tree:
    """A tree made of sources in a test; `__` in a name stands for a dot."""
    return {name.replace("__", "."): ast.parse(source) for name, source in sources.items()}


@cache
def parsed(path: Path) -> ast.Module:
    """A file, parsed once for all who ask."""
    return ast.parse(path.read_text(), str(path))


@cache
def nodes(body: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a module, walked once for all who ask."""
    return tuple(ast.walk(body))


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# --- definitions ------------------------------------------------------------------------------------------------------


def defines(body: ast.Module, name: str) -> bool:
    """Whether a module defines `name`: a class, a function or a variable anywhere in it. Of "A.b", both must be."""
    return all(part in _defined(body) for part in name.split("."))


@cache
def _defined(body: ast.Module) -> set[str]:
    found = nodes(body)
    return {
        *(n.name for n in found if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)),
        *(n.id for n in found if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)),
    }


# --- imports ----------------------------------------------------------------------------------------------------------


def imports(tree: Tree) -> set[tuple[str, str]]:
    """Every (importing module, imported module) within the project, those under TYPE_CHECKING included."""
    packages = {name.rpartition(".")[0] for name in tree}
    return {
        (module, target)
        for module, body in tree.items()
        for node in nodes(body)
        for target in _targets(module, node, tree, packages)
        if target != module
    }


def _targets(module: str, node: ast.AST, tree: Tree, packages: Collection[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            is_package = module in packages
            parts = module.split(".")[: len(module.split(".")) - node.level + is_package]
            base = ".".join([*parts, *filter(None, [base])])
        # `from bookings import links` names a module, `from bookings.models import Note` a thing inside one.
        names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in tree else base for alias in node.names]
    else:
        return
    yield from (name for name in names if name.split(".")[0] in APPS)


def inner_imports(tree: Tree) -> list[str]:
    """Imports inside a function, and imports by a call. The one place for them is `ready` of an AppConfig."""
    return [
        f"{module}:{node.lineno} ({function.name})"
        for module, body in tree.items()
        for function in _functions(body)
        if not (function.name == "ready" and module.rpartition(".")[2] == "apps")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ] + [
        f"{module}:{node.lineno} ({called})"
        for module, body in tree.items()
        for node in nodes(body)
        if isinstance(node, ast.Call) and (called := _called(node)) in ("import_module", "__import__")
    ]


def dotted_strings(tree: Tree, *, starting: str) -> set[str]:
    """Modules that name something of another app in a string, as Django's settings do."""
    return {
        module
        for module, body in tree.items()
        for node in nodes(body)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(starting)
    }


def cycle(arrows: Iterable[tuple[str, str]]) -> list[str]:
    """The names on one round trip, or an empty list."""
    ahead: dict[str, set[str]] = {}
    for start, end in arrows:
        ahead.setdefault(start, set()).add(end)
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for following in sorted(ahead.get(name, ())):
            if found := walk(following, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(ahead) if (found := walk(name, []))), [])


# --- writes -----------------------------------------------------------------------------------------------------------

_CREATING = {"create", "get_or_create", "update_or_create"}
_WRITING = _CREATING | {"save", "delete", "update", "bulk_create", "bulk_update"}


STATUS = frozenset({"status"})
PUBLICATION = frozenset({"is_published", "live"})
# New rows of these may be given what is looked for.
_ROWS = {"ConsultationRequest", "Page", "Treatment", "Suitability", "ExamplePlan"}


def status_writes(body: ast.Module) -> list[tuple[int, str]]:
    """(line, code) of what gives a request a status: assignment, setattr, update, bulk_update, save, or a new row."""
    return writes(body, STATUS)


def publication_writes(body: ast.Module) -> list[tuple[int, str]]:
    """The same for what readers see: a document's `is_published` and `live`."""
    return writes(body, PUBLICATION)


def writes(body: ast.Module, fields: frozenset[str]) -> list[tuple[int, str]]:
    """(line, code) of everything that sets one of these fields of a row."""
    return [
        (node.lineno, ast.unparse(node))
        for node in nodes(body)
        if isinstance(node, ast.stmt | ast.expr) and _sets(node, fields)
    ]


def _sets(node: ast.AST, fields: frozenset[str]) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_one(part, fields) for target in targets for part in ast.walk(target))
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return _is_one(target, fields)
        case ast.Call(args=args, keywords=keywords):
            return _call_sets(_called(node), args, keywords, fields)
    return False


def _call_sets(name: str, args: list[ast.expr], keywords: list[ast.keyword], fields: frozenset[str]) -> bool:
    given = {part.arg for part in keywords}
    # `update(**{"status": ...})` and `update_or_create(defaults={"status": ...})`
    keys = {
        key.value
        for part in keywords
        if isinstance(part.value, ast.Dict)
        for key in part.value.keys
        if isinstance(key, ast.Constant)
    }
    if name in ("update", "create", "get_or_create", "update_or_create") or name in _ROWS:
        return bool(fields & (given | keys))
    if name in ("setattr", "__setattr__"):
        # A name that is not written out may be any name.
        return any(not (isinstance(arg, ast.Constant) and arg.value not in fields) for arg in args[-2:-1])
    if name in ("bulk_update", "save"):
        values = [*args, *(part.value for part in keywords)]
        return any(
            isinstance(part, ast.Constant) and part.value in fields
            for value in values
            for part in ast.walk(value)
        )
    return False


def _is_one(node: ast.AST, fields: frozenset[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in fields and isinstance(node.ctx, ast.Store)


def row_writes(body: ast.AST) -> list[tuple[int, str]]:
    """(line, words) of every call that writes rows: on a manager or a queryset, or `save` and `delete` of one row."""
    found = []
    for node in ast.walk(body):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name not in _WRITING:
            continue
        receiver = ast.unparse(node.func.value)
        on_rows = ".objects" in receiver or ".filter(" in receiver or ".all()" in receiver
        if name not in {"create", "update"} or on_rows:
            found.append((node.lineno, f"{receiver}.{name}"))
    return found


def forms(body: ast.Module) -> list[ast.ClassDef]:
    """The classes that are forms or form fields, judged by their own and their bases' names."""
    return [
        node
        for node in nodes(body)
        if isinstance(node, ast.ClassDef)
        and any(
            name.endswith(("Form", "FormSet", "Field"))
            for name in (
                node.name,
                *(ast.unparse(base).rpartition(".")[2].split("[")[0] for base in node.bases),
            )
        )
    ]


def _functions(body: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
