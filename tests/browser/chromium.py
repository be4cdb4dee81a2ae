"""Finding a Chromium, and what is asked of every page that is opened in it."""

import os
import shutil

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The console shows violations as well, but not each with the element and the rule.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`);
});
"""
# Axe leaves the one rule of WCAG 2.2 AA out unless it is asked for. To preload is to put style
# sheets into the page, which its policy refuses; no rule that runs here reads them.
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
    "preload": False,
}


class NoChromium(Exception):
    pass


def find_chromium() -> str:
    named = os.environ.get("CHROMIUM")
    names = [named] if named else NAMES
    for path in map(shutil.which, names):
        if path:
            return path
    if named:
        raise NoChromium(f"CHROMIUM names {named}, which is no program.")
    raise NoChromium(f"None of {', '.join(NAMES)} is installed, and CHROMIUM is not set.")


def launch_flags() -> list[str]:
    # Chromium's sandbox refuses to work for root, as whom containers run.
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def record_problems(page: Page, problems: list[str], *, origin: str) -> None:
    """Notes console errors, script errors, policy violations and requests to other hosts."""

    def on_console(message: ConsoleMessage) -> None:
        # Browsers ask for this one unbidden, on pages that name no icon.
        is_favicon = message.location["url"].endswith("/favicon.ico")
        if message.type == "error" and not is_favicon:
            problems.append(f"{page.url}: console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((origin + "/", "data:", "blob:", "about:")):
            problems.append(f"{page.url}: asks another host: {request.url}")

    page.add_init_script(REPORT_VIOLATIONS)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: script: {error}"))
    page.on("request", on_request)


def assert_accessible(page: Page) -> None:
    """Axe's rules for WCAG 2.2 AA and its best practices find nothing on the page as it stands.

    The script is evaluated through the debugging protocol, which the page's own
    Content-Security-Policy does not govern, so the page under test is the real one.
    """
    results = Axe().run(page, options=AXE_OPTIONS)
    lines = [
        f"- {violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}\n      {node['html'][:200]}\n"
            f"      {node['failureSummary']}"
            for node in violation["nodes"]
        )
        for violation in results.response["violations"]
    ]
    assert not lines, f"{page.url} is not accessible:\n" + "\n".join(lines)
