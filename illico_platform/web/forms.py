"""How forms are drawn on our own pages: label above, help under it, the fault in words, all faults at the top."""

from django.forms.renderers import TemplatesSetting


class PageRenderer(TemplatesSetting):
    """Forms and fields by ``templates/forms/``; widgets stay Django's own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
