from django.urls import path

from anguan.people import duty_views, expert_views, views

app_name = "people"

urlpatterns = [
    path("users/", views.users, name="users"),
    path("users/new/", views.create_user, name="create_user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/recover/", views.recover, name="recover"),
    path("users/<int:pk>/disable/", views.disable, name="disable"),
    path("users/<int:pk>/grant/", views.grant, name="grant"),
    path("users/<int:pk>/revoke/<int:grant_id>/", views.revoke, name="revoke"),
    path("organs/", views.organs, name="organs"),
    path("organs/new/", views.create_organ, name="create_organ"),
    path("organs/<int:pk>/", views.organ, name="organ"),
    path("experts/", expert_views.experts, name="experts"),
    path("experts/new/", expert_views.expert_new, name="expert_new"),
    path("experts/<int:pk>/", expert_views.expert, name="expert"),
    path("experts/<int:pk>/edit/", expert_views.expert_edit, name="expert_edit"),
    path("experts/<int:pk>/invite/", expert_views.expert_invite, name="expert_invite"),
    path("duty/", duty_views.my_roster, name="my_roster"),
    path("duty/<int:pk>/", duty_views.roster, name="roster"),
    path("duty/<int:pk>/plan/", duty_views.roster_plan, name="roster_plan"),
    path("duty/<int:pk>/repeat/", duty_views.roster_repeat, name="roster_repeat"),
    path("duty/<int:pk>/shifts/<int:shift_id>/remove/", duty_views.shift_remove, name="shift_remove"),
    path("officers/", views.officers, name="officers"),
    path("officers/<int:pk>/", views.officer, name="officer"),
    path("officers/<int:pk>/leaves/<int:leave_id>/end/", views.end_leave, name="end_leave"),
]
