from django.urls import path

from portal.searches import suggesting, views

app_name = "searches"

urlpatterns = [
    path("suggestions/", suggesting.suggestions, name="suggestions"),
    path("help/search/", suggesting.search_help, name="search-help"),
    path("my/searches/", views.search_list, name="search-list"),
    path("my/searches/new/<slug:subject>/", views.search_new, name="search-new"),
    path("my/searches/<int:pk>/", views.search_open, name="search-open"),
    path("my/searches/<int:pk>/edit/", views.search_edit, name="search-edit"),
    path("my/searches/<int:pk>/remove/", views.search_delete, name="search-delete"),
]
