"""The communes of France as INSEE lists them: the operator loads the list, nobody writes it by hand."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.rules.commune import CommuneFault, commune_code, commune_fault, present_code

COMMUNE_FAULTS = {
    CommuneFault.FORM: _(
        "Un code INSEE a 5 signes : cinq chiffres, ou 2A et 2B en Corse (2A004), 971 à 978 outre-mer (97411)."
    ),
    CommuneFault.CORSICA: _("20 commence un code postal. Le code INSEE d’une commune de Corse commence par 2A ou 2B."),
    CommuneFault.ABROAD: _("99 désigne l’étranger : le lieu de travail doit être en France."),
    CommuneFault.DEPARTMENT: _(
        "Aucun département ne porte ce numéro. Les codes vont de 01 à 95, 2A et 2B en Corse, 971 à 978 outre-mer."
    ),
    CommuneFault.UNKNOWN: _("Aucune commune de la liste de l’INSEE ne porte ce code."),
}


class Commune(models.Model):
    """One code of INSEE's list. ``parent``: the whole city of a district, the present commune of a former one.

    ``is_listed`` is false once a newer list no longer has the code; what was proven for it stays proven.
    """

    class Kind(models.TextChoices):
        COMMUNE = "commune", _("commune")
        DISTRICT = "district", _("arrondissement")
        FORMER = "former", _("ancienne commune")

    class Zone(models.TextChoices):
        METRO = "metro", _("métropole")
        DROM = "drom", _("département d’outre-mer")
        COM = "com", _("collectivité d’outre-mer")

    code = models.CharField(_("code INSEE"), max_length=5, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    kind = models.CharField(_("nature"), max_length=8, choices=Kind.choices)
    zone = models.CharField(_("zone"), max_length=5, choices=Zone.choices, blank=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    parent = models.CharField(_("commune présente"), max_length=5, blank=True)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("codes postaux"), default=list)
    search_name = models.CharField(max_length=80, editable=False)
    is_listed = models.BooleanField(_("dans la liste"), default=True)

    class Meta:
        verbose_name = _("commune")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["search_name"], name="commune_name", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["postal_codes"], name="commune_postal"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @classmethod
    def known(cls, codes: Iterable[str]) -> dict[str, str] | None:
        """Those of the codes that the list has, each with the present commune's; None while no list is loaded."""
        rows = cls.objects.filter(code__in=set(codes), is_listed=True).values_list("code", "kind", "parent")
        found = {code: parent if kind == cls.Kind.FORMER else code for code, kind, parent in rows}
        return found if found or cls.objects.exists() else None

    @classmethod
    def checked(cls, written: str) -> str:
        """The code to keep for what a person wrote: of a former commune, the present one's.

        Raises:
            ValidationError: it is no commune in France, by the list, or by its form while none is loaded.
        """
        code = commune_code(written)
        known = cls.known([code])
        if fault := commune_fault(code, known):
            raise ValidationError(COMMUNE_FAULTS[fault], code=fault.value)
        return present_code(code, known)


class InCommune(models.Model):
    """A row that lies in a commune: forms over the model, such as the admin's, take only communes that exist.

    An old row keeps its code, whatever newer lists say: what it proved is not rewritten.
    """

    class Meta:
        abstract = True

    commune_insee: str

    def clean(self) -> None:
        super().clean()
        before = type(self)._default_manager.filter(pk=self.pk).values_list("commune_insee", flat=True).first()
        if self.commune_insee and self.commune_insee != before:
            try:
                self.commune_insee = Commune.checked(self.commune_insee)
            except ValidationError as error:
                raise ValidationError({"commune_insee": error.messages}) from error
