from django.urls import path

from anguan.checklists.views import reading

app_name = "checklists_public"
urlpatterns = [
    path("items/", reading.public_items, name="items"),
    path("items/<int:list_id>/", reading.public_list, name="list"),
    path("items/checklists/<int:checklist_id>/", reading.public_checklist, name="checklist"),
]
