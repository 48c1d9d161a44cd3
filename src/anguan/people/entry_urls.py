"""Entering by a one-time code: at the top of the address, because people type it from paper."""

from django.urls import path

from anguan.people import views

urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("enter/<str:code>/", views.enter, name="enter_with"),
    path("join/", views.join, name="join"),
    path("join/<str:code>/", views.join, name="join_with"),
]
