from django.urls import path

from anguan.papers import form_views, service_views, views

app_name = "papers"
urlpatterns = [
    path("", views.paper_list, name="list"),
    path("count/", views.paper_count, name="count"),
    path("forms/", form_views.form_list, name="forms"),
    path("forms/<slug:code>/", form_views.form_version, name="form_version"),
    path("<uuid:uid>/", views.paper_detail, name="detail"),
    path("<uuid:uid>/pdf/", views.paper_pdf, name="pdf"),
    path("<uuid:uid>/issue/", views.paper_issue, name="issue"),
    path("<uuid:uid>/serve/", views.paper_serve, name="serve"),
    path("<uuid:uid>/attempt/", service_views.paper_attempt, name="attempt"),
    path("<uuid:uid>/announce/", service_views.paper_announce, name="announce"),
    path("consents/<slug:credit_code>/", service_views.consents, name="consents"),
    path("consents/<uuid:uid>/withdraw/", service_views.consent_withdraw, name="withdraw_consent"),
    path("<uuid:uid>/void/", views.paper_void, name="void"),
    path("<uuid:uid>/sealed-copy/", views.paper_sealed_copy, name="sealed_copy"),
]
