from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "matching.workbench"
    label = "workbench"
