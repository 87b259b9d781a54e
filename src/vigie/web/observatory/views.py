"""The views of the figures, each with the permission it asks for.

What they are made with (DuckDB, the charts) is loaded when first asked for: a hospital that reads no figure pays for none.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vigie.web.permissions import Permission, public, requires


@requires(Permission.FIGURES_READ)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """The key figures, and every table."""
    from vigie.web.observatory import dashboard

    return dashboard.overview(request)


@requires(Permission.FIGURES_READ)
@require_safe
def table(request: HttpRequest, table: str) -> HttpResponseBase:
    """One table: what it says, its charts, its numbers, its definition."""
    from vigie.web.observatory import dashboard

    return dashboard.table(request, table)


@requires(Permission.FIGURES_READ)
@require_safe
def download(request: HttpRequest, table: str, form: str) -> HttpResponseBase:
    """A table as a file."""
    from vigie.web.observatory import dashboard

    return dashboard.download(request, table, form)


@requires(Permission.FIGURES_PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponseBase:
    """Show an edition to everybody: given, checked, then confirmed."""
    from vigie.web.observatory import publishing

    return publishing.publish(request)


@requires(Permission.FIGURES_PUBLISH)
@require_POST
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """Take the published edition back."""
    from vigie.web.observatory import publishing

    return publishing.withdraw(request)


@public
@require_safe
def public_overview(request: HttpRequest) -> HttpResponseBase:
    """The published edition: key figures, and every table."""
    from vigie.web.observatory import published

    return published.overview(request)


@public
@require_safe
def public_table(request: HttpRequest, table: str) -> HttpResponseBase:
    """One table of the published edition."""
    from vigie.web.observatory import published

    return published.table(request, table)


@public
@require_safe
def public_csv(request: HttpRequest, table: str) -> HttpResponseBase:
    """One table of the published edition, as CSV."""
    from vigie.web.observatory import published

    return published.csv(request, table)


@public
@require_safe
def public_figures(request: HttpRequest) -> HttpResponseBase:
    """The published edition itself."""
    from vigie.web.observatory import published

    return published.figures(request)
