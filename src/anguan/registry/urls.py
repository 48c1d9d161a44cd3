from django.urls import path

from anguan.registry import expert_views, import_views, map_views, plan_views, shop_views, views

app_name = "registry"
urlpatterns = [
    path("", views.index, name="index"),
    path("figures/", views.figures, name="figures"),
    path("map/", map_views.district_map, name="map"),
    path("map/points/", map_views.map_points, name="map_points"),
    path("import/", import_views.upload, name="import"),
    path("import/<int:pk>/", import_views.import_run, name="import_run"),
    path("import/<int:pk>/match/", import_views.match, name="import_match"),
    path("import/<int:pk>/rematch/", import_views.rematch, name="import_rematch"),
    path("import/<int:pk>/confirm/", import_views.confirm, name="import_confirm"),
    path("import/<int:pk>/progress/", import_views.progress, name="import_progress"),
    path("import/<int:pk>/problems/", import_views.problems, name="import_problems"),
    path("template/<slug:kind>/", import_views.template, name="template"),
    path("enterprise/<int:pk>/merge/", views.merge, name="merge"),
    path("enterprise/<int:pk>/invite/", views.member_invite, name="invite"),
    path("enterprise/<int:pk>/members/<int:membership>/end/", views.member_end, name="member_end"),
    path("enterprise/<int:pk>/conflicts/", views.conflict_declare, name="conflict_declare"),
    path("enterprise/<int:pk>/conflicts/<int:conflict>/end/", views.conflict_end, name="conflict_end"),
    path("building/<int:pk>/plans/new/", plan_views.plan_new, name="plan_new"),
    path("building/<int:pk>/plans/<int:plan_id>/", plan_views.plan, name="plan"),
    path("building/<int:pk>/plans/<int:plan_id>/change/", plan_views.plan_change, name="plan_change"),
    path("tenant/<int:pk>/invite/", shop_views.shop_invite, name="shop_invite"),
    path("tenant/<int:pk>/members/<int:membership>/end/", shop_views.shop_member_end, name="shop_member_end"),
    path("expert/<int:pk>/recusals/", expert_views.recusal_declare, name="recusal_declare"),
    path("expert/<int:pk>/recusals/<int:recusal>/end/", expert_views.recusal_end, name="recusal_end"),
    path("expert/export/", expert_views.experts_export, name="experts_export"),
    path("<slug:kind>/", views.row_list, name="list"),
    path("<slug:kind>/count/", views.row_count, name="count"),
    path("<slug:kind>/export/", views.row_export, name="export"),
    path("<slug:kind>/new/", views.row_new, name="new"),
    path("<slug:kind>/<int:pk>/", views.row_detail, name="detail"),
    path("<slug:kind>/<int:pk>/edit/", views.row_edit, name="edit"),
]
