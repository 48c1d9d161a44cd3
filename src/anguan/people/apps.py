from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "anguan.people"
    label = "people"
