from django.urls import path

from anguan.checklists import views

app_name = "checklists"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:checklist_id>/", views.detail, name="detail"),
]
