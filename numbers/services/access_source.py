"""The source under which a company's requests by video and text are stored as calls."""

from numbers.models import Company, Source


def access_source(company: Company) -> Source:
    """The company's own; made when it is first needed."""
    source, _created = Source.objects.get_or_create(
        company=company, kind=Source.Kind.ACCESS, defaults={"name": f"acces-{company.siren}"}
    )
    return source
