"""In English no page says anything in French: every page is read word by word, but for what people typed."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import polib
import pytest
import time_machine
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from billing.models import Account, Entry, Finding, Journal, JournalYear, Line
from illico_platform.management.commands.translations import CATALOGUE
from numbers.models import User
from tests.addresses import addresses
from tests.admin_rows import fill
from tests.cast import Cast, give_second_factor
from tests.edges.portal import THAT_NIGHT

pytestmark = pytest.mark.django_db
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
# Marks that English never writes: accents, guillemets, a space before a colon, a semicolon or a percent sign.
MARKS = re.compile(r"[éèêëàâçùûîïôœ«»]|[ \u00a0\u202f][:;?!%€](?=\s|$)", re.IGNORECASE)
# Names, and words that both languages write: what the cast typed, the law's and the payroll's own terms.
DATA = re.compile(
    r"Allô Conseil|Français|Kbis trop ancien|\bcomplet\b|\bConseil\b|\bdouze\b|\bvu\b"
    r"|bail\.pdf|[Pp]aie\.csv|[Nn]ovembre\.dsn"
    r"|ARCEP, décision .*|Loi 2016-1321, art.*|Code du travail L\. .*"
    r"|SMIC, d’après openfisca-france|60 % v1|^(?:Name: )?60 %$|RETAIL_HT"
    r"|(?:America|Asia)/[\w -]+|Service \d,\d\d\s€/min \+ prix appel|https?://\S+",
)
# The books are kept in French, as the law wants.
BOOKS = (Account, Journal, JournalYear, Entry, Line)


def french_words() -> frozenset[str]:
    """Words of the French texts that stand in no English one."""
    french, english = set(), set()
    for entry in polib.pofile(str(CATALOGUE)):
        french |= _words(" ".join([entry.msgid, entry.msgid_plural]))
        english |= _words(" ".join([entry.msgstr, *entry.msgstr_plural.values()]))
    return frozenset(french - english)


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(re.sub(r"%\(\w+\)s|\{\w+\}|<[^>]+>", " ", text)) if len(word) > 1}


class Reading(HTMLParser):
    """The texts of a page as a person sees or hears them: words in between tags, labels, hints, titles.

    What the page itself says to be French, by ``lang``, is left out.
    """

    SILENT = frozenset({"script", "style", "template", "svg"})
    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "col", "wbr", "source"})
    SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-simplebar-aria-label")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in self.SILENT - {"svg"} or given.get("lang") == "fr" or self._is_silent
        if not silent:
            self.texts += [text for name in self.SPOKEN if (text := given.get(name))]
            if tag == "input" and given.get("type") in ("submit", "button") and given.get("value"):
                self.texts.append(given["value"] or "")
            if tag == "meta" and given.get("name") == "description":
                self.texts.append(given.get("content") or "")
        if tag not in self.VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        for rank in range(len(self._open) - 1, -1, -1):
            if self._open[rank][0] == tag:
                del self._open[rank:]
                return

    def handle_data(self, data: str) -> None:
        if not self._is_silent and data.strip():
            self.texts.append(" ".join(data.split(" \n")).strip())

    @property
    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def french_in(page: str, words: frozenset[str]) -> list[str]:
    """The texts of a page that are French, or written as French is."""
    found = []
    for text in Reading(page).texts:
        own = DATA.sub("", text)
        if MARKS.search(own) or _words(own) & words:
            found.append(" ".join(text.split()))
    return list(dict.fromkeys(found))


def pages(cast: Cast, user: User | None) -> Iterator[tuple[str, str]]:
    """Name and source of every page that answers this person in English, empty forms sent once included."""
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "en"
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses():
        if address.name.startswith("admin:"):
            continue
        try:
            url = address.of(cast.company)
        except LookupError:
            continue
        for answer in (client.get(url), client.post(url, {})):
            if answer.get("Content-Type", "").startswith("text/html"):
                yield f"{address.name} ({answer.status_code}) {url}", answer.content.decode()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>The calls of November</p>", []),
        ("<p>Les appels de novembre</p>", ["Les appels de novembre"]),
        ("<p>12 calls : kept</p>", ["12 calls : kept"]),
        ('<p lang="fr">Les appels</p><p>Calls</p>', []),
        ('<a aria-label="Voir les appels">Calls</a>', ["Voir les appels"]),
        ('<input placeholder="Rechercher"><script>les appels</script>', ["Rechercher"]),
        ("<p>64 % of calls</p>", ["64 % of calls"]),
    ],
)
def test_french_is_seen(page: str, found: list[str]) -> None:
    assert french_in(page, french_words() | {"rechercher"}) == found


def fill_with_facts(cast: Cast) -> None:
    """The filled cast, its findings with what their checks keep."""
    fill(cast)
    for finding in Finding.objects.all():
        finding.detail |= {"month": "2026-11", "calls": 3, "name": "A001", "employee_number": "A001"}
        finding.save()


def admin_pages(cast: Cast) -> Iterator[tuple[str, str]]:
    """The operator's first page, and the list and the latest row of every model of ours."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    urls = [reverse("admin:index"), reverse("admin:numbers_intake_import"), reverse("admin:billing_run_start")]
    for each in site._registry.values():
        # The page of a user lists permissions, which the framework keeps by their French names.
        if each.opts.app_label not in ("numbers", "agents", "billing") or each.model in BOOKS:
            continue
        name = f"admin:{each.opts.app_label}_{each.opts.model_name}"
        urls.append(reverse(f"{name}_changelist"))
        row = each.model._default_manager.order_by("-pk").first()
        if row is not None and each.model is not User:
            urls.append(reverse(f"{name}_change", args=[row.pk]))
    for url in urls:
        yield url, client.get(url).content.decode()


def test_no_page_of_the_admin_speaks_french_to_who_reads_english(cast: Cast) -> None:
    fill_with_facts(cast)
    give_second_factor(cast.admin)
    words = french_words()
    with time_machine.travel(THAT_NIGHT, tick=False), override("en"):
        faults = [f"{url}: {text}" for url, page in admin_pages(cast) for text in french_in(page, words)]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("who", ["anonymous", "owner"])
def test_no_page_speaks_french_to_who_reads_english(cast: Cast, who: str) -> None:
    fill_with_facts(cast)
    give_second_factor(cast.owner)
    words = french_words()
    with time_machine.travel(THAT_NIGHT, tick=False), override("en"):
        faults = [
            f"{name}: {text}" for name, page in pages(cast, getattr(cast, who, None)) for text in french_in(page, words)
        ]
    assert faults == [], "\n".join(faults)
