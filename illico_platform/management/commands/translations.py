"""manage.py translations: bring the English catalogue up to what code and templates say, and compile it.

It reads the sources itself, so that no gettext tools are needed; what has no English yet is counted.
"""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
PACKAGES = ("illico_platform", "numbers", "agents", "billing")
# Function: positions of message, plural and context among its arguments.
CALLS: dict[str, tuple[int, int | None, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (0, None, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, None, 0)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (1, 2, 0)),
}
Message = tuple[str, str, str]  # context, message, plural


class Command(BaseCommand):
    help = "Mettre à jour le catalogue anglais et le compiler."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="print what has no English yet")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = updated(polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else _new())
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(CATALOGUE))
        catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
        missing = untranslated(catalogue)
        if options["list"]:
            for entry in missing:
                self.stdout.write(entry.msgid)
        self.stdout.write(f"{len(catalogue)} textes, {len(missing)} sans anglais")


def updated(catalogue: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the messages of the sources, in their order; known translations are kept."""
    kept = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    catalogue.clear()
    for (context, message), (plural, places) in messages().items():
        entry = kept.get((context, message)) or polib.POEntry(msgid=message, msgctxt=context or None)
        entry.occurrences = [(place, "") for place in places]
        entry.obsolete = False
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)s", message) else []
        catalogue.append(entry)
    return catalogue


def untranslated(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Entries that have no English, in one of their forms."""
    return [
        entry
        for entry in catalogue
        if not (all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr.strip())
    ]


def messages() -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Every message of code and templates: (context, message) to its plural form and the files it stands in."""
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    base = Path(settings.BASE_DIR)
    for path in sources(base):
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else templatize(text, origin=str(path))
        extracted = from_python(text) if path.suffix == ".py" else from_template(code)
        for context, message, plural in extracted:
            known = found.setdefault((context, message), (plural, []))
            name = str(path.relative_to(base))
            if name not in known[1]:
                known[1].append(name)
            if plural and not known[0]:
                found[context, message] = (plural, known[1])
    return found


def sources(base: Path) -> list[Path]:
    """Our modules and templates."""
    modules = [
        path for package in PACKAGES for path in (base / package).rglob("*.py") if "migrations" not in path.parts
    ]
    templates = [path for path in (base / "templates").rglob("*.*") if path.suffix in {".html", ".txt"}]
    return sorted(modules) + sorted(templates)


def from_python(text: str) -> Iterator[Message]:
    """Messages of a module, by its syntax tree; functions are known by the names that it imports them under."""
    tree = ast.parse(text)
    imports = (each for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names)
    called = {each.asname: each.name for each in imports if each.asname}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        name = called.get(name, name)
        if name not in CALLS:
            continue
        texts = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        message, plural, context = (
            texts[place] if place is not None and place < len(texts) else "" for place in CALLS[name]
        )
        if isinstance(message, str) and message:
            yield str(context or ""), message, str(plural or "")


_TEMPLATE_CALL = re.compile(
    r"""\b(?P<name>_|gettext|ngettext|pgettext|npgettext)\(\s*(?P<args>(?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\"\"\"(?:.|\n)*?\"\"\")\s*,?\s*)+)""",
)


def from_template(code: str) -> Iterator[Message]:
    """Messages of a template, from the calls that Django makes of its tags."""
    for found in _TEMPLATE_CALL.finditer(code):
        texts = list(ast.literal_eval(f"({found['args'].strip().rstrip(',')},)"))
        message, plural, context = (
            texts[place] if place is not None and place < len(texts) else "" for place in CALLS[found["name"]]
        )
        yield context, message, plural


def _new() -> polib.POFile:
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue
