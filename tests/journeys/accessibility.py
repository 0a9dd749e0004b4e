"""What a state of a page must keep that the walk over all pages (tests/walk) does not reach: errors, menus, dialogs.

`check_page(page, url)` asserts no axe violation, no sideways scroll, targets to hit and a silent console.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 390, 1280)
# axe takes most of the time: at the narrowest and the widest layout. Sideways scroll and targets are for every width.
AXE_WIDTHS = (WIDTHS[0], WIDTHS[-1])
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "preload": False,
}
# Contrast is two thirds of axe's work: it is judged on two texts of each look, not on every row of a list. A look is
# colour, size and what is painted behind; what is taken out of the flow may lie over anything: a look of its own.
MARK_LOOKS = """() => {
  const behind = new Map([[null, ""]]), seen = new Map();
  const ground = (one) => {
    if (!behind.has(one)) {
      const style = getComputedStyle(one), own = [style.backgroundColor, style.backgroundImage, style.opacity];
      const is_plain = own.join() === "rgba(0, 0, 0, 0),none,1";
      const alone = ["absolute", "fixed", "sticky"].includes(style.position) ? `#${behind.size}` : "";
      behind.set(one, ground(one.parentElement) + (is_plain ? "" : `|${own}`) + alone);
    }
    return behind.get(one);
  };
  for (const one of document.querySelectorAll("body, body *")) {
    one.removeAttribute("data-look");
    const says = one.matches("input, select, textarea")
      || [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says || !one.getClientRects().length) continue;
    const style = getComputedStyle(one);
    const is_off = Boolean(one.closest(":disabled, [aria-disabled=true]"));
    const look = [ground(one), style.color, style.fontSize, style.fontWeight, style.textShadow, is_off].join();
    seen.set(look, (seen.get(look) ?? 0) + 1);
    if (seen.get(look) <= 2) one.dataset.look = "";
  }
}"""
LOOKS_ONLY = "axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })"
# Buttons, navigation and choices are for thumbs: 44 px. Everything else falls under axe's 24 px rule.
THUMBS = ".button, .nav__link, .menu > summary, .menu__list a, .menu__list button, .choice, .tabs a, .pagination a"
SMALL_TARGETS = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.height < 43.5 && !one.closest(".filters");
}).map((one) => one.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table") && !one.closest(".sr-only")
).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


@contextmanager
def silent_console(page: Page) -> Iterator[None]:
    """Fail when the page says anything on the console or throws; a missing file and a CSP refusal both do."""
    said: list[str] = []

    def on_console(message: object) -> None:
        said.append(f"{message.type}: {message.text}")  # type: ignore[attr-defined]

    def on_error(error: Exception) -> None:
        said.append(f"thrown: {error}")

    page.on("console", on_console)
    page.on("pageerror", on_error)
    try:
        yield
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)
    assert not said, f"console of {page.url}: {said}"


def axe_violations(page: Page) -> list[str]:
    """axe's findings, one a line; its script goes into the page once only, because that takes as long as a run."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(f"{AXE_SCRIPT};{LOOKS_ONLY}")
    page.evaluate(MARK_LOOKS)
    violations = page.evaluate("(options) => axe.run(options).then((result) => result.violations)", RULES)
    return [
        f"axe {violation['id']}: {violation['help']} – {node['html'][:160]} – {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def problems(page: Page, *, with_axe: bool = True) -> list[str]:
    """Everything wrong with the page as it stands, at its present width and in its present state."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    found = [f"{width}px {text}" for text in axe_violations(page)] if with_axe else []
    scroll = page.evaluate("document.documentElement.scrollWidth")
    if scroll > width:
        found.append(f"{width}px sideways scroll to {scroll}: {page.evaluate(TOO_WIDE)}")
    found += [f"{width}px target under 44 px: {html}" for html in page.evaluate(SMALL_TARGETS, THUMBS)]
    return found


def check_page(
    page: Page,
    url: str,
    *,
    widths: tuple[int, ...] = WIDTHS,
    prepare: Callable[[Page], None] | None = None,
    status: int = 200,
) -> None:
    """Open ``url``, bring it into a state with ``prepare`` if given, and assert that at each width nothing is wrong."""
    found: list[str] = []
    page.set_viewport_size({"width": widths[0], "height": 900})
    # Browsers write failed page loads on the console themselves, so an error page cannot be silent.
    with silent_console(page) if status < 400 else nullcontext():
        response = page.goto(url)
        assert response is not None
        assert response.status == status, f"{url}: {response.status}"
        found += first_stop(page)
        if prepare:
            prepare(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += problems(page, with_axe=width in AXE_WIDTHS or len(widths) == 1)
    assert not found, "\n".join([url, *dict.fromkeys(found)])


def first_stop(page: Page) -> list[str]:
    """The first Tab reaches the skip link, unless the page put the focus on its error summary."""
    if page.evaluate("document.activeElement !== document.body"):
        return []
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.evaluate("document.activeElement.blur()")
    return [] if first == "skip" else [f"the first Tab stop is {first!r}, not the skip link"]
