from django.urls import path

from anguan.papers import drafting_views, form_views, review_views, service_views, views

app_name = "papers"
urlpatterns = [
    path("", views.paper_list, name="list"),
    path("count/", views.paper_count, name="count"),
    path("forms/", form_views.form_list, name="forms"),
    path("forms/<slug:code>/", form_views.form_version, name="form_version"),
    path("<uuid:uid>/", views.paper_detail, name="detail"),
    path("<uuid:uid>/pdf/", views.paper_pdf, name="pdf"),
    path("from/<slug:kind>/<uuid:uid>/", drafting_views.paper_offers, name="offers"),
    path("from/<slug:kind>/<uuid:uid>/<slug:form>/", drafting_views.paper_draft, name="draft"),
    path("<uuid:uid>/edit/", drafting_views.paper_edit, name="edit"),
    path("<uuid:uid>/send/", drafting_views.paper_send, name="send"),
    path("<uuid:uid>/recall/", drafting_views.paper_recall, name="recall"),
    path("<uuid:uid>/opinion/", review_views.paper_opinion, name="opinion"),
    path("<uuid:uid>/sign/", drafting_views.paper_sign, name="sign"),
    path("<uuid:uid>/discard/", drafting_views.paper_discard, name="discard"),
    path("<uuid:uid>/issue/", views.paper_issue, name="issue"),
    path("<uuid:uid>/serve/", views.paper_serve, name="serve"),
    path("<uuid:uid>/attempt/", service_views.paper_attempt, name="attempt"),
    path("<uuid:uid>/announce/", service_views.paper_announce, name="announce"),
    path("consents/<slug:credit_code>/", service_views.consents, name="consents"),
    path("consents/<uuid:uid>/withdraw/", service_views.consent_withdraw, name="withdraw_consent"),
    path("<uuid:uid>/void/", views.paper_void, name="void"),
    path("<uuid:uid>/sealed-copy/", views.paper_sealed_copy, name="sealed_copy"),
]
