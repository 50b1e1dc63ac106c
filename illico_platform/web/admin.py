"""Bases of admin pages: lists that stay fast, neighbours both ways, change history, and pages that only read."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from illico_platform.web.history import changes_of, is_tracked
from illico_platform.web.pages import CappedPaginator


class PlatformAdmin(ModelAdmin):
    """A model's pages: its list counts no big table, its page links to every model that points at it."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    list_filter_submit = True
    list_fullwidth = True
    show_facets = ShowFacets.NEVER  # a count per choice is a scan per choice
    warn_unsaved_form = True
    change_form_outer_after_template = "admin/neighbours.html"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context["neighbours"] = self.neighbours(request, obj)
            context["show_history"] = False  # the page itself shows the last changes and the way to all of them
            if is_tracked(type(obj)):
                context["changes"] = changes_of(obj, limit=10)
                context["history_url"] = reverse(self._url_name("history"), args=[obj.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every kept change of a tracked object; what the admin itself noted for the others."""
        if not is_tracked(self.model):
            return super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Historique : {obj}",
            "original": obj,
            "opts": self.opts,
            "changes": changes_of(obj, limit=500),
            "is_history": True,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/changes.html", context)

    def neighbours(self, request: HttpRequest, obj: Model) -> list[dict[str, str]]:
        """Lists of the rows that point at this object, those that the person may see."""
        found = []
        for relation in type(obj)._meta.related_objects:
            model_admin = self.admin_site._registry.get(relation.related_model)
            if not isinstance(model_admin, PlatformAdmin) or not model_admin.has_view_permission(request):
                continue
            field = relation.field
            query = urlencode({f"{field.name}__{field.target_field.name}__exact": obj.pk})
            address = reverse(model_admin._url_name("changelist"))
            found.append({"title": str(relation.related_model._meta.verbose_name_plural), "url": f"{address}?{query}"})
        return sorted(found, key=lambda link: link["title"])

    def _url_name(self, page: str) -> str:
        return f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"


class KeptAdmin(PlatformAdmin):
    """Rows that others point at for good: edited or ended, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(PlatformAdmin):
    """Rows that only the platform writes: seen, searched and linked, never added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PlatformInline(TabularInline):
    """Rows of a neighbour edited on the page of the object they belong to."""

    extra = 0
    hide_title = True

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """The column's head names the field for the eye; the field itself bears the name too."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is not None:
            widget = getattr(formfield.widget, "widget", formfield.widget)
            widget.attrs["aria-label"] = str(db_field.verbose_name)
            for part in getattr(widget, "widgets", []):
                part.attrs["aria-label"] = str(db_field.verbose_name)
        return formfield


class ReadOnlyInline(PlatformInline):
    """Rows of a neighbour shown on the page of the object they belong to."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
