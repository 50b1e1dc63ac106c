"""What search engines are told to read: the directory and every number in service."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from billing import selectors_public

Address = tuple[str, datetime | None]


class NumbersSitemap(Sitemap):
    """The home page first, then one page a number."""

    changefreq = "daily"

    def items(self) -> Iterable[Address]:
        return [("", None), *selectors_public.addresses()]

    def location(self, item: Address) -> str:
        return reverse("public_number", args=[item[0]]) if item[0] else reverse("home")

    def lastmod(self, item: Address) -> datetime | None:
        return item[1]
