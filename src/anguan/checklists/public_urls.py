from django.urls import path

from anguan.checklists import views

app_name = "checklists_public"
urlpatterns = [
    path("items/", views.public_items, name="items"),
    path("items/checklists/<int:checklist_id>/", views.public_checklist, name="checklist"),
]
