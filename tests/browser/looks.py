"""What every page must be: readable with every aid, whole on a small screen, titled, and quiet.

axe is slow, and most pages are made of parts that it judged a moment ago. So it judges what is new to this run: each
element whose tag, classes, attributes and place it has not seen before, with everything in it and around it. So every
template is judged once in each scheme, and so is whatever only one page has. FULL=1 judges every page as a whole.
"""

from __future__ import annotations

import os
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FULL = os.environ.get("FULL") == "1"
PHONE, ZOOMED, DESK = 390, 320, 1280  # 320 is also a window of 1280 at 400 %
TAP = 44  # CSS pixels: what is tapped often is as high, at least
TABLETS = (768, 1024)  # upright and on its side
_OPTIONS = {
    # WCAG 2.2, levels A and AA.
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    # A fault is shown by its HTML; finding a selector for each takes long on a list of hundreds.
    "selectors": False,
    # Without this, axe would load imported styles anew, from wrong addresses.
    "preload": False,
}
# Each element of the page by its shape: where it stands, what it is, which attributes it has (not what they say, except
# role and type), and whether it has words. The admin's body has classes of its own at each address.
_SHAPES = """
    const classes = node => node.localName === "body" ? [] : [...node.classList].sort();
    const styled = node => node.localName + classes(node).map(name => "." + name).join("");
    const attribute = (node, name) =>
        ["role", "type"].includes(name) ? `[${name}=${node.getAttribute(name)}]` : `[${name}]`;
    const whole = node => styled(node)
        + node.getAttributeNames().sort().map(name => attribute(node, name)).join("")
        + (node.textContent.trim() ? "" : " (no words)");
    const shapes = new Map();
    const walk = (node, place) => {
        for (const child of node.children) {
            const shape = `${place} > ${whole(child)}`;
            if (!shapes.has(shape)) shapes.set(shape, child);
            walk(child, `${place} > ${styled(child)}`);
        }
    };
    walk(document, "");
"""
# As one text: a list of hundreds takes the driver longer to hand over than to find.
_ALL_SHAPES = f"() => {{ {_SHAPES} return [...shapes.keys()].join('\\n'); }}"
_JUDGE = f"""async ([names, options]) => {{
    {_SHAPES}
    const wanted = names ? names.split("\\n") : [];
    // With what is judged by what is in it: a list or a table, whatever has its name from its words, a region that scrolls,
    // and the controls beside a new one, which may lie too near.
    const scrolls = node => node && node !== document.scrollingElement && node.scrollWidth > node.clientWidth
        && ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
    const region = node => !node || scrolls(node) ? node : region(node.parentElement);
    const held = node => [node, node.closest("table, dl, ul, ol, [role]"), region(node.parentElement),
        node.matches("a, button, input, select, textarea, summary, label, [tabindex]") ? node.parentElement
            : node.parentElement?.closest("a, button, label, summary, select, fieldset, video, audio, object")];
    // What lies within another of them is judged with it: named as well, every rule would look for it once more.
    const every = new Set(wanted.flatMap(shape => held(shapes.get(shape))).filter(Boolean));
    const lies = node => Boolean(node) && (every.has(node) || lies(node.parentElement));
    const include = [...every].filter(node => !lies(node.parentElement));
    // What sticks to an edge of the window lies on whatever stands there just now, by chance of a line more or less
    // above it. A reader scrolls it free, and scroll-padding keeps what has the focus clear of it: judged where it belongs.
    const stuck = [...document.querySelectorAll("*")].filter(node => getComputedStyle(node).position === "sticky");
    for (const node of stuck) node.style.cssText += "; position: relative !important; inset: auto !important";
    const found = await axe.run(wanted.length ? {{include}} : document, options);
    for (const node of stuck) {{
        node.style.removeProperty("position");
        node.style.removeProperty("inset");
        if (!node.style.length) node.removeAttribute("style"); // its shape is as before
    }}
    return found.violations.flatMap(({{id, nodes}}) => nodes.map(({{html, failureSummary}}) =>
        `${{id}}: ${{html.slice(0, 160)}} (${{failureSummary.slice(0, 400)}})`));
}}"""
_WHOLE = (
    """[matchMedia("(scripting: enabled)").matches, document.querySelectorAll("h1").length, document.title]"""
)
# Columns of a list that begin or end outside its box: the desk's lists show all of theirs, whatever people wrote in them.
_OUT_OF_SIGHT = """() => [...document.querySelectorAll("#result_list thead th")]
    .filter(head => {
        const box = head.closest(".results, main");
        return head.getBoundingClientRect().right > box.getBoundingClientRect().right + 0.5;
    })
    .map(head => head.textContent.trim()).join(", ")"""
# Words that stand letter under letter, because what is beside them leaves no room. Not those for the ear alone, which
# stand in a box of one pixel or beside the page. Few boxes are so narrow: only theirs are looked at further.
_SQUEEZED = """() => {
    const isHidden = node => {
        for (let around = node; around; around = around.parentElement) {
            const box = around.getBoundingClientRect(), {overflow, clipPath} = getComputedStyle(around);
            if (box.right < 0 || clipPath !== "none" || (box.width <= 1.5 && overflow !== "visible")) return true;
        }
        return false;
    };
    const seen = node => {
        const copy = node.cloneNode(true);
        copy.querySelectorAll(".vh, .visually-hidden").forEach(part => part.remove());
        return copy.textContent.trim();
    };
    return [...document.querySelectorAll("dt, dd, th, td, label, legend, p, h1, h2, h3, button, a")]
        .filter(node => {
            const box = node.getBoundingClientRect();
            if (box.width <= 1 || box.height < 2 * box.width) return false;
            const letter = parseFloat(getComputedStyle(node).fontSize);
            return box.width < 1.5 * letter && box.height > 3 * letter
                && seen(node).length > 2 && !isHidden(node);
        })
        .map(node => node.innerText.trim().slice(0, 30).replaceAll("\\n", " ")).join(", ");
}"""
# Words that a drawing lies on, in lists and tables, where a drawing has its place beside them.
_DRAWN_OVER = """() => {
    const reach = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
    const isRead = text => text.data.trim() && !text.parentElement.closest(".vh") && text.parentElement.checkVisibility();
    const found = [], range = document.createRange();
    for (const drawing of document.querySelectorAll("main :is(tr, li) :is(img, .drawing)")) {
        const box = drawing.checkVisibility() && drawing.getBoundingClientRect();
        const texts = document.createTreeWalker(drawing.closest("tr, li"), NodeFilter.SHOW_TEXT);
        while (box && texts.nextNode()) {
            range.selectNodeContents(texts.currentNode);
            const lies = isRead(texts.currentNode) && [...range.getClientRects()].some(line => reach(line, box));
            if (lies) found.push(texts.currentNode.data.trim().slice(0, 30));
        }
    }
    return found.slice(0, 4).join(", ");
}"""
# Everything about one width in one question.
_AT_A_WIDTH = f"""isTablet => [document.documentElement.scrollWidth, isTablet ? ({_DRAWN_OVER})() : "", ({_SQUEEZED})()]"""
_SCRIPT: str = Axe().axe_script
# The shapes that axe has judged in each scheme, in this process.
Judged = dict[str, set[str]]
_judged: Judged = {"light": set(), "dark": set()}


def faults(page: Page, dark: bool = True, *, judged: Judged = _judged) -> list[str]:
    """What is wrong with the page as it stands, at five widths, light and dark. Empty if nothing is.

    `dark=False` leaves out the dark scheme, for pages made of parts that other pages show as well. The browser must run
    scripts: in one without, axe would wait for its timers for ever.
    """
    page.wait_for_load_state()
    runs_scripts, headings, title = page.evaluate(_WHOLE)
    assert runs_scripts, "open this page with scripts=True"
    found = []
    if headings != 1:
        found.append(f"{headings} headings of the first rank")
    if not title.strip() or title.startswith(("-", "·")):
        found.append(f"no title: {title!r}")
    for width in (*TABLETS, ZOOMED, PHONE):
        _resize(page, width)
        wide, covered, squeezed = page.evaluate(_AT_A_WIDTH, width in TABLETS)
        if wide > width:
            found.append(f"scrolls sideways at {width}: {wide} wide, because of {_too_wide(page, width)}")
        if covered:
            found.append(f"a drawing lies on words at {width}: {covered}")
        if squeezed:
            found.append(f"letter under letter at {width}: {squeezed}")
    shapes = set(page.evaluate(_ALL_SHAPES).split("\n"))
    found += _axe(page, "phone, light", shapes, judged["light"])
    _resize(page, DESK)
    hidden = page.evaluate(_OUT_OF_SIGHT)
    if hidden:
        found.append(f"out of sight at {DESK}: {hidden}")
    if dark and (FULL or shapes - judged["dark"]):
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
        found += _axe(page, "desk, dark", shapes, judged["dark"])
        page.emulate_media(color_scheme="light")
    return [f"{page.url}: {fault}" for fault in found]


def hrefs(page: Page, selector: str) -> list[str]:
    """The addresses, as written, of the links that this CSS selector finds: one question to the browser for all of them."""
    script = "links => links.map(link => link.getAttribute('href'))"
    return [str(href) for href in page.locator(selector).evaluate_all(script)]


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})


def _axe(page: Page, where: str, shapes: set[str], judged: set[str]) -> list[str]:
    """Judge what is new among `shapes`, which are all that the page has. From then on it is no longer new."""
    new = [] if FULL else sorted(shapes - judged)
    if not new and not FULL:
        return []
    judged |= shapes
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT)
    found: list[Any] = page.evaluate(_JUDGE, ["\n".join(new), _OPTIONS])
    return [f"{where}: {fault}" for fault in found]


def _too_wide(page: Page, width: int) -> str:
    return str(
        page.evaluate(
            """width => [...document.querySelectorAll("body *")]
                .filter(node => node.getBoundingClientRect().right > width + 0.5)
                .slice(0, 3).map(node => node.outerHTML.slice(0, 120)).join(" | ")""",
            width,
        )
    )


def lowest(page: Page, what: str) -> float:
    """How high the lowest of these is that can be seen. There must be one."""
    found = page.locator(f"{what}:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    return float(min(found))
