"""Entering by a one-time code: at the top of the address, because people type it from paper."""

from django.urls import path

from anguan.people import recovery_views, views

urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("enter/<str:code>/", views.enter, name="enter_with"),
    path("recover/", recovery_views.recover_password, name="recover_password"),
    path("recover/<str:code>/", recovery_views.reset_password, name="reset_password"),
    path("join/", views.join, name="join"),
    path("join/<str:code>/", views.join, name="join_with"),
]
