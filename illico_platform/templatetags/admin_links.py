"""Links to the administration's pages, for its own templates."""

from django import template

from illico_platform.web.admin_links import object_link

register = template.Library()
register.filter("object_link", object_link)
