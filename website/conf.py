"""How Sphinx makes the site from the pages that website/assemble.py has put together. Nothing is fetched."""

import re
import shutil
import sys
from pathlib import Path

import yaml
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sim  # noqa: E402

PLACES = yaml.safe_load((Path(__file__).parent / "places.yaml").read_text(encoding="utf-8"))

project, author, copyright = "driftback", "the driftback authors", "the driftback authors"
release = version = sim.__version__
html_title = "driftback"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are run by the tests, and stored with what they show
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
add_module_names = False
python_maximum_signature_line_length = 88

html_theme = "pydata_sphinx_theme"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "navbar_align": "left",
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
}
if tags.has("page"):  # noqa: F821  # Sphinx gives it
    templates_path = ["templates"]
    html_theme_options["navbar_end"] = ["page-link", "theme-switcher"]


def aims() -> dict[str, str]:
    """Return what the reader of each page will be able to do, by the page's name."""
    by_page = {name: f"you will {section['aim']}" for name, section in PLACES.items()}
    for section in PLACES.values():
        by_page |= {page: f"after this page you can {aim}" for page, aim in section["pages"].items()}
    return by_page


def say_the_aim(app, doctree):
    """Put what the reader will be able to do below the title."""
    aim = aims().get(app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if aim and title is not None:
        title.parent.insert(1, nodes.paragraph("", aim[:1].upper() + aim[1:], classes=["aim"]))


class ShowPages(SphinxTransform):
    """Link to a page of HTML of our own, such as the slides, instead of offering it as a download."""

    default_priority = 5  # before Sphinx collects what is downloaded

    def apply(self, **kwargs):
        """Put a plain link where a download stands, and the page where the link leads."""
        for node in list(self.document.findall(addnodes.download_reference)):
            if node["reftarget"].endswith(".html"):
                link = nodes.reference("", "", *node.children, refuri=node["reftarget"])
                node.replace_self(link)


def copy_pages(app, exception):
    """Copy the pages of HTML that other pages link to; Sphinx itself copies pictures and downloads only."""
    if exception is None:
        for path in Path(app.srcdir).rglob("*.html"):
            target = Path(app.outdir) / path.relative_to(app.srcdir)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _mathml(tex: str, display: bool) -> str:
    """Return an equation in MathML, which every browser of today sets by itself; names of many letters as one word."""
    marked = re.sub(r"\\math(it|sf)\{([^{}]*)\}", lambda m: f"\\text{{{m[1]}:{m[2]}}}".replace("\\ ", " "), tex)
    made = re.sub(r">\s+<", "><", tex2mathml(marked, as_block=display))
    return re.sub(r"<mtext>(it|sf):", r'<mtext class="\1">', made)


def _inline(translator, node):
    translator.body.append(_mathml(node.astext(), display=False))
    raise nodes.SkipNode


def _display(translator, node):
    translator.body.append(f'<div class="equation" tabindex="0">{_mathml(node.astext(), display=True)}</div>')
    raise nodes.SkipNode


def setup(app):
    """Add the renderer of equations, the aims, and the pages that are shown as they are."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.connect("doctree-read", say_the_aim)
    app.add_transform(ShowPages)
    app.connect("build-finished", copy_pages)
