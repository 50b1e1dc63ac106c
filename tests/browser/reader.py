"""Somebody who reads the site in a browser: what they do in one verb each, and what they trip over."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

WIDTHS = {1280: 900, 360: 740}
NARROWEST = 320
PATIENCE_MS = 15_000
TABS = 150
# What has the focus: its name, whether one types or ticks there, and whether anything is drawn because of it.
FOCUS = """() => {
    const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
    const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
    const outlined = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
    return {
        name: (e.getAttribute('aria-label') || label || e.innerText || e.value || '').trim(),
        is_field: ['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName),
        is_drawn: r.width > 0 && r.height > 0 && r.bottom > 0 && (outlined || s.boxShadow !== 'none'),
    }
}"""
# Chromium notes in the console that a page was refused; the test looks at the answer itself.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Reader:
    """One person at one screen.

    Args:
        site: scheme, host and port; faults: what went wrong by itself: scripts, the policy, other hosts, 500.
    """

    site: str
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        # Listened for from the start: a chooser that opens while listening is being set up is never heard of.
        self.page.on("filechooser", lambda chooser: None)

    def open(self, path: str) -> Response:
        """Go to an address of the site."""
        response = self.page.goto(self.site + path)
        assert response is not None
        return response

    def press(self, name: str) -> None:
        """Press the button, or follow the link, of this name."""
        self._one(name).click()

    def go_to(self, place: str) -> None:
        """Follow the menu of the space; on a phone it is opened first."""
        menu = self.page.get_by_role("navigation", name=re.compile("^(Espace|Workspace)$"))
        link = menu.get_by_role("link", name=place).locator("visible=true")
        if not link.count():
            menu.locator("summary").click()
        link.first.click()

    def fill(self, label: str, value: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_label(label, exact=False).first.fill(value)

    def tick(self, label: str) -> None:
        """Choose a tick box or one of several."""
        self.page.get_by_label(label, exact=False).first.check()

    def sees_ticked(self, label: str) -> None:
        """Wait until a tick box is ticked."""
        expect(self.page.get_by_label(label, exact=False).first).to_be_checked(timeout=PATIENCE_MS)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def bring(self, label: str, path: str) -> None:
        """Choose a file."""
        files = self.page.locator("input[type=file]")
        self.page.get_by_label(label, exact=False).and_(files).first.set_input_files(path)

    def sees(self, text: str) -> None:
        """Wait until the text stands on the page, narrow spaces or not."""
        expect(self.page.locator("body")).to_contain_text(_spaced(text), timeout=PATIENCE_MS)

    def reads(self, term: str, value: str) -> None:
        """Wait until a list of facts gives this value for a term."""
        beside = self.page.locator("dt", has_text=_spaced(term)).first.locator("xpath=following-sibling::dd[1]")
        expect(beside).to_have_text(_spaced(value), timeout=PATIENCE_MS)

    def sees_title(self, text: str) -> None:
        """Wait until the page's heading holds the text."""
        expect(self.page.locator("h1")).to_contain_text(_spaced(text), timeout=PATIENCE_MS)

    def tab_to(self, name: str, *, is_field: bool = False) -> None:
        """Press Tab until the link, button or field of this name has the focus, and shows it."""
        self.page.wait_for_load_state()
        for _ in range(TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            if _spaced(name).match(focus["name"]) and (focus["is_field"] or not is_field):
                assert focus["is_drawn"], f"{name} has the focus and does not show it"
                return
        raise AssertionError(f"Tab never reaches « {name} » on {self.page.url}")

    def key(self, name: str) -> None:
        """Reach the button or link of this name, and press Enter."""
        self.tab_to(name)
        self.enter()

    def enter(self) -> None:
        """Press Enter where the focus is, and wait for the page that follows."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def type_into(self, label: str, value: str) -> None:
        """Reach the field of this label and type over what is in it."""
        self.tab_to(label, is_field=True)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)

    def mark(self, label: str) -> None:
        """Reach a tick box, or one of several, and press Space."""
        self.tab_to(label, is_field=True)
        self.page.keyboard.press("Space")

    def bring_by_key(self, label: str, path: str) -> None:
        """Reach the field of a file and press Enter; the chooser that opens is the system's, not the page's."""
        self.tab_to(label, is_field=True)
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press("Enter")
        opened.value.set_files(path)

    def look(self) -> list[str]:
        """What axe finds wrong on the page as it is."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']][:3]}" for each in found]

    def overflows(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def at_width(self, width: int) -> None:
        """Hold the window to a width."""
        self.page.set_viewport_size({"width": width, "height": WIDTHS.get(width, 740)})

    def _one(self, name: str) -> Locator:
        """The button of this name; where there is none, the link: the door to a page stands on that page too."""
        exact = re.compile(rf"^\s*{re.escape(name)}")
        button, link = (self.page.get_by_role(role, name=exact).locator("visible=true") for role in ("button", "link"))
        expect(button.or_(link).first).to_be_visible(timeout=PATIENCE_MS)
        return (button if button.count() else link).first

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not ANSWERED.search(message.text):
            self.faults.append(f"{self.page.url}: {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https") and asked.netloc != urlsplit(self.site).netloc:
            self.faults.append(f"{self.page.url}: asks {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.faults.append(f"{response.url} answered {response.status}")


def sit_down(browser: Browser, site: str, *, width: int = 1280, language: str = "fr", dark: bool = False) -> Reader:
    """A reader with a browser of their own: no cookie yet, animations reduced."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 740)},
        color_scheme="dark" if dark else "light",
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
        reduced_motion="reduce",
    )
    return Reader(site, context.new_page())


def _spaced(text: str) -> re.Pattern[str]:
    """The text whatever spaces stand in it: thin, narrow, unbreakable or several."""
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))
