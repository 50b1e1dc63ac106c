"""The admin as a Django app: Django's own, behind our door."""

from django.contrib.admin.apps import AdminConfig


class DoorAdminConfig(AdminConfig):
    default_site = "illico_platform.web.admin_door.OperatorSite"
