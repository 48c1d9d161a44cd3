"""Addresses of applications, joint checks, sealed visits, guidance and oversight; part of this room's `urls`."""

from django.urls import path

from anguan.inspections.views import applying, guidance, joint, oversight

urlpatterns = [
    path("visits/apply/", applying.apply, name="apply"),
    path("visits/approvals/", applying.approvals, name="approvals"),
    path("visits/approvals/<uuid:uid>/", applying.application, name="application"),
    path("visits/approvals/<uuid:uid>/read/", applying.read, name="application_read"),
    path("visits/approvals/<uuid:uid>/approve/", applying.decide, {"act": "approve"}, name="application_approve"),
    path("visits/approvals/<uuid:uid>/refuse/", applying.decide, {"act": "refuse"}, name="application_refuse"),
    path("visits/approvals/<uuid:uid>/experts/", applying.call, name="application_call"),
    path("visits/sealed/", applying.sealed, name="sealed"),
    path("visits/sealed/<uuid:uid>/open/", applying.open_seal, name="open_seal"),
    path("visits/sealed/<uuid:uid>/read/", applying.read_envelope, name="read_envelope"),
    path("visits/<uuid:uid>/withdraw-check/", applying.withdraw, name="withdraw_visit"),
    path("joint/", joint.joint_list, name="joint"),
    path("joint/propose/<int:pk>/", joint.propose, name="joint_propose"),
    path("joint/merge/<uuid:own>/<uuid:other>/", joint.merge, name="joint_merge"),
    path("joint/<uuid:uid>/", joint.joint_task, name="joint_task"),
    path("joint/<uuid:uid>/cancel/", joint.cancel, name="joint_cancel"),
    path("guidance/", guidance.guidance_list, name="guidance_list"),
    path("guidance/record/<int:pk>/", guidance.record, name="guidance_record"),
    path("guidance/<uuid:uid>/", guidance.guidance, name="guidance"),
    path("guidance/<uuid:uid>/refer/", guidance.refer, name="guidance_refer"),
    path("guidance/exceptions/<int:pk>/", guidance.exception, name="guidance_exception"),
    path("concerns/", oversight.concerns, name="concerns"),
    path("concerns/<int:pk>/", oversight.handle, name="concern_handle"),
    path("discipline/", oversight.discipline, name="discipline"),
    path("discipline/areas/", oversight.area, name="area"),
    path("discipline/<int:officer>/<int:enterprise>/", oversight.explain, name="explain"),
    path("enterprises/<int:pk>/code/", oversight.enterprise_code, name="enterprise_code"),
]
