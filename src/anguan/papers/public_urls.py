from django.urls import path

from anguan.papers import views

app_name = "papers_public"
urlpatterns = [
    path("", views.confirm_code, name="confirm_code"),
    path("<slug:code>/", views.confirm, name="confirm"),
]
