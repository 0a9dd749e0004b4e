from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "cities"

    def ready(self) -> None:
        from catalog.places import use_finder
        from cities.lookup import names_of, places_named

        use_finder(places_named, names_of)
