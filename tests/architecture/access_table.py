"""谁能打开哪一页: every address of the platform, and who may open it.

This table is written by hand and compared with what the platform does, door and selector together; it is not read from
the doors. `takes` names the object in the address; `own` is one that concerns everybody of the cast, `others` says who
may open the same page of somebody else's: another enterprise, another organ, a visit assigned to other officers.
"""

from dataclasses import dataclass

from anguan.people.rules import ADMINISTRATORS, BUREAU, ENTERPRISE, Role

PUBLIC = frozenset({"public"})
ANYBODY = frozenset({"anybody"})
NOBODY: frozenset[str] = frozenset()

CLERK = frozenset({Role.CLERK})
OFFICER = frozenset({Role.OFFICER})
LEADER = frozenset({Role.LEADER})
PLANNERS = CLERK | LEADER
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
AUDIT = frozenset({Role.AUDIT_ADMIN})
SUPERVISOR = frozenset({Role.SUPERVISOR})
PARTIES = frozenset({Role.LEADER, Role.SUPERVISOR, Role.PRINCIPAL})
STAFF = BUREAU | ADMINISTRATORS | SUPERVISOR
READERS = BUREAU | ENTERPRISE
EXPERT = frozenset({Role.EXPERT})
TENANT = frozenset({Role.TENANT})
REVIEWER = frozenset({Role.LEGAL_REVIEWER})
PRINCIPAL = frozenset({Role.PRINCIPAL})
DEPARTMENT = frozenset({Role.DEPARTMENT})
WATCH = frozenset({Role.DUTY_OFFICER})
# Who reads the list of experts, beside the experts themselves.
JUDGES = BUREAU | SUPERVISOR | {Role.LEGAL_REVIEWER}


@dataclass(frozen=True)
class Row:
    """One address: who may open it, by which methods, with which object, and who also with a foreign one."""

    roles: frozenset[str]
    methods: str = "GET"
    takes: str = ""
    others: frozenset[str] = NOBODY


def form(roles: frozenset[str], takes: str = "", others: frozenset[str] = NOBODY) -> Row:
    """A page with a form that is sent to the page itself."""
    return Row(roles, "GET POST", takes, others)


def act(roles: frozenset[str], takes: str = "", others: frozenset[str] = NOBODY) -> Row:
    """An address that only takes what is sent to it."""
    return Row(roles, "POST", takes, others)


ROOT = {
    "desk": Row(ANYBODY),
    "search": Row(ANYBODY),
    "healthz": Row(PUBLIC),
    "readyz": Row(PUBLIC),
    # From the machine itself, as the tests ask; elsewhere only with a token.
    "metrics": Row(PUBLIC),
    "patterns": Row(BUREAU | ADMINISTRATORS),
    # Of a hazard also the shop that it concerns and the organ that it is handed to see the photos.
    "evidence": Row(READERS | TENANT | DEPARTMENT, takes="evidence", others=BUREAU),
    "set_language": act(PUBLIC),
    "public": Row(PUBLIC),
    "phone_manifest": Row(PUBLIC),
    "phone_worker": Row(PUBLIC),
    "phone_icon": Row(PUBLIC, takes="icon_size"),
    "public_audit_root": Row(PUBLIC),
    "public_figures": Row(PUBLIC),
    "public_language": Row(PUBLIC, takes="language"),
    "robots": Row(PUBLIC),
    "calendar": Row(BUREAU | SYSTEM),
    "rules": Row(STAFF),
    "audit": Row(AUDIT),
    "dead_letters": Row(SYSTEM),
    "dead_letter_retry": act(SYSTEM, "dead_letter"),
    "dead_letter_drop": act(SYSTEM, "dead_letter"),
}
API = {
    "api-1:openapi-json": Row(PUBLIC),
    "api-1:enterprises": Row(ANYBODY),
    "api-1:enterprise": Row(READERS | SUPERVISOR | SYSTEM, takes="credit_code", others=BUREAU | SUPERVISOR | SYSTEM),
    "api-1:figures": Row(PUBLIC),
}
ACCOUNTS = {
    "enter": form(PUBLIC),
    "enter_with": form(PUBLIC, "login_code"),
    "recover_password": form(PUBLIC),
    "reset_password": form(PUBLIC, "reset_code"),
    "join": form(PUBLIC),
    "join_with": form(PUBLIC, "invitation"),
    "account_login": form(PUBLIC),
    "account_logout": form(PUBLIC),
    "account_inactive": Row(PUBLIC),
    "account_signup": form(PUBLIC),
    "account_reauthenticate": form(ANYBODY),
    "account_change_password": form(ANYBODY),
    "account_set_password": form(ANYBODY),
    "mfa_index": Row(ANYBODY),
    # A step of the log-in; whoever is in is sent to the desk.
    "mfa_authenticate": form(ANYBODY),
    "mfa_reauthenticate": form(ANYBODY),
    "mfa_activate_totp": form(ANYBODY),
    "mfa_deactivate_totp": form(ANYBODY),
    "mfa_view_recovery_codes": Row(ANYBODY),
    "mfa_generate_recovery_codes": form(ANYBODY),
    "mfa_download_recovery_codes": Row(ANYBODY),
}
PEOPLE = {
    "people:users": Row(ADMINISTRATORS),
    "people:create_user": form(SYSTEM),
    "people:user": Row(ADMINISTRATORS, takes="user"),
    "people:recover": act(SYSTEM, "user"),
    "people:disable": act(SYSTEM, "user"),
    "people:grant": act(SECURITY, "user"),
    "people:revoke": act(SECURITY, "grant"),
    "people:organs": Row(STAFF),
    "people:create_organ": form(SYSTEM),
    "people:organ": form(SYSTEM, "organ"),
    "people:experts": Row(JUDGES | EXPERT),
    "people:expert_new": form(CLERK),
    "people:expert": Row(JUDGES | EXPERT, takes="expert", others=JUDGES),
    "people:expert_edit": form(CLERK, "expert"),
    "people:expert_invite": act(CLERK, "expert"),
    "people:officers": Row(BUREAU | SUPERVISOR | SYSTEM | SECURITY),
    "people:officer": form(PLANNERS, "officer"),
    "people:end_leave": act(PLANNERS, "leave"),
    # Sent on to the roster of the reader's own organ.
    "people:my_roster": Row(BUREAU | WATCH),
    "people:roster": Row(BUREAU | WATCH, takes="roster"),
    "people:roster_plan": form(PLANNERS, "roster"),
    "people:roster_repeat": act(PLANNERS, "roster"),
    "people:shift_remove": act(PLANNERS, "shift"),
}
REGISTRY = {
    "registry:index": Row(READERS | TENANT),
    "registry:figures": Row(BUREAU),
    "registry:map": Row(BUREAU),
    "registry:plan_new": form(CLERK, "building_row", CLERK),
    # The duty room sees every plan: an alarm may come from anywhere.
    "registry:plan": Row(READERS | WATCH, takes="plan", others=BUREAU | WATCH),
    "registry:plan_change": form(CLERK, "plan", CLERK),
    "registry:map_points": Row(BUREAU),
    "registry:boundary": form(CLERK),
    "registry:boundary_shape": Row(BUREAU),
    "registry:import": form(CLERK),
    "registry:import_run": Row(CLERK, takes="import_run"),
    "registry:import_match": act(CLERK, "import_run"),
    "registry:import_rematch": act(CLERK, "import_run"),
    "registry:import_confirm": act(CLERK, "import_run"),
    "registry:import_progress": Row(CLERK, takes="import_run"),
    "registry:import_problems": Row(CLERK, takes="import_run"),
    "registry:template": Row(CLERK, takes="kind"),
    "registry:list": Row(READERS | TENANT, takes="kind"),
    "registry:count": Row(READERS | TENANT, takes="kind"),
    "registry:export": Row(BUREAU, takes="kind"),
    "registry:new": form(CLERK, "kind"),
    "registry:detail": Row(READERS, takes="ledger_row", others=BUREAU),
    "registry:shop_invite": act(CLERK, "shop", others=CLERK),
    "registry:shop_member_end": act(CLERK, "shop_member", others=CLERK),
    "registry:recusal_declare": form(CLERK | EXPERT, "expert"),
    "registry:recusal_end": act(CLERK, "recusal"),
    "registry:experts_export": Row(BUREAU),
    "registry:edit": form(CLERK, "ledger_row", others=CLERK),
    "registry:merge": form(CLERK, "enterprise", others=CLERK),
    "registry:invite": act(CLERK, "enterprise", others=CLERK),
    "registry:member_end": act(CLERK, "membership", others=CLERK),
    "registry:conflict_declare": act(CLERK, "enterprise", others=CLERK),
    "registry:conflict_end": act(CLERK, "conflict", others=CLERK),
}
PAPERS = {
    "papers:list": Row(READERS | REVIEWER),
    "papers:count": Row(READERS | REVIEWER),
    "papers:forms": Row(BUREAU),
    "papers:form_version": form(LEADER, "form_code", others=LEADER),
    "papers:detail": Row(READERS | REVIEWER, takes="paper"),
    "papers:pdf": Row(READERS | REVIEWER, takes="paper"),
    # From a visit its officers and the planners; an officer drafts.
    "papers:offers": Row(BUREAU, takes="paper_origin"),
    "papers:draft": form(OFFICER, "paper_draft"),
    "papers:edit": form(OFFICER, "paper"),
    "papers:send": act(OFFICER, "paper"),
    "papers:recall": act(OFFICER, "paper"),
    "papers:sign": form(OFFICER, "paper"),
    "papers:opinion": form(LEADER | REVIEWER, "paper"),
    "papers:discard": act(OFFICER, "hand_draft"),
    "papers:issue": act(OFFICER, "paper"),
    "papers:serve": form(OFFICER, "paper"),
    "papers:attempt": form(OFFICER, "paper"),
    "papers:announce": form(OFFICER, "paper"),
    "papers:consents": form(BUREAU, "credit_code", others=BUREAU),
    "papers:withdraw_consent": act(BUREAU, "consent", others=BUREAU),
    "papers:void": act(LEADER, "paper"),
    "papers:sealed_copy": act(BUREAU, "paper"),
    "papers_public:confirm_code": Row(PUBLIC),
    "papers_public:confirm": Row(PUBLIC, takes="confirm_code", others=PUBLIC),
}
CHECKLISTS = {
    "checklists:index": Row(BUREAU | SUPERVISOR),
    "checklists:detail": Row(BUREAU | SUPERVISOR, takes="checklist"),
    "checklists:diff": Row(BUREAU | SUPERVISOR, takes="checklist_pair"),
    "checklists:xlsform": Row(BUREAU, takes="checklist"),
    "checklists:import": form(PLANNERS),
    "checklists:draft": act(PLANNERS, "checklist"),
    "checklists:rename": act(PLANNERS, "checklist_draft"),
    "checklists:question_new": form(PLANNERS, "checklist_draft"),
    "checklists:question": form(PLANNERS, "question"),
    "checklists:question_move": act(PLANNERS, "question"),
    "checklists:question_remove": act(PLANNERS, "question"),
    # Whoever works by a checklist reads its phrases; the office edits them, for all organs.
    "checklists:phrases": form(BUREAU, "published_question"),
    "checklists:phrase_retire": act(PLANNERS, "phrase"),
    "checklists:list": Row(BUREAU | SUPERVISOR, takes="item_list"),
    "checklists:list_draft": act(PLANNERS),
    "checklists:list_rename": act(PLANNERS, "list_draft"),
    "checklists:matter_new": form(PLANNERS, "list_draft"),
    "checklists:matter": form(PLANNERS, "matter"),
    "checklists:matter_remove": act(PLANNERS, "matter"),
    "checklists:criteria": Row(BUREAU | SUPERVISOR),
    "checklists:criterion": Row(BUREAU | SUPERVISOR, takes="criterion"),
    "checklists:criterion_new": form(PLANNERS),
    "checklists:criterion_edit": form(PLANNERS, "criterion_draft"),
    "checklists:standard_new": form(PLANNERS),
    "checklists:composite": Row(BUREAU | SUPERVISOR),
    "checklists:publish": act(LEADER, "version"),
    "checklists:withdraw": act(LEADER, "published_version"),
    "checklists:discard": act(PLANNERS, "version"),
    "checklists_public:items": Row(PUBLIC),
    "checklists_public:list": Row(PUBLIC, takes="item_list"),
    "checklists_public:checklist": Row(PUBLIC, takes="checklist"),
}
HAZARDS = {
    "hazards:list": Row(BUREAU),
    "hazards:count": Row(BUREAU),
    "hazards:export": Row(BUREAU),
    # Organs read each other's findings; only the one that handles a hazard acts on it.
    "hazards:detail": Row(BUREAU, takes="hazard", others=BUREAU),
    "hazards:classify": act(OFFICER | LEADER, "hazard"),
    "hazards:deadline": act(OFFICER | LEADER, "hazard"),
    "hazards:recheck": act(OFFICER, "hazard"),
    "hazards:close": act(OFFICER | LEADER, "hazard"),
    "hazards:reopen": act(OFFICER | LEADER, "hazard"),
    "hazards:act": act(OFFICER | LEADER, "hazard_act"),
    "hazards:credibility": Row(BUREAU),
    "hazards:transfers": Row(BUREAU | DEPARTMENT),
    "hazards:transfer": Row(BUREAU | DEPARTMENT, takes="transfer"),
    # Both sides read a transfer; only the organ that receives it acts on it.
    "hazards:transfer_act": act(DEPARTMENT, "transfer_act"),
    "hazards_phone:own": form(ENTERPRISE),
    "hazards_phone:statements": Row(ENTERPRISE),
    "hazards_phone:submit_statement": act(PRINCIPAL),
    "hazards_phone:act": form(ENTERPRISE, "hazard_ask"),
    "hazards_phone:shop_hazards": Row(TENANT),
    "hazards_phone:shop_hazard": form(TENANT, "shop_hazard"),
    "hazards_public:listings": Row(PUBLIC),
    "hazards_phone:list": Row(ENTERPRISE),
    "hazards_phone:detail": Row(ENTERPRISE, takes="hazard"),
    "hazards_phone:report": form(ENTERPRISE, "hazard"),
}
PLANS = {
    "inspections:annual_plans": Row(BUREAU | SUPERVISOR),
    "inspections:annual_plan_new": form(PLANNERS),
    # What was approved every bureau reads; a draft only its own.
    "inspections:annual_plan": Row(BUREAU | SUPERVISOR, takes="annual_plan"),
    "inspections:annual_plan_act": act(PLANNERS, "annual_plan_act"),
    "inspections:plan_capacity": form(PLANNERS, "annual_plan"),
    "inspections:plan_row_new": form(PLANNERS, "annual_plan"),
    "inspections:plan_row": form(PLANNERS, "plan_row"),
    "inspections:plan_row_remove": act(PLANNERS, "plan_row"),
    "inspections:plan_export": Row(BUREAU | SUPERVISOR, takes="annual_plan"),
    "inspections:plan_import": act(PLANNERS, "annual_plan"),
    "inspections:plan_changes": Row(BUREAU | SUPERVISOR, takes="annual_plan"),
    "inspections:plan_print": Row(BUREAU | SUPERVISOR, takes="annual_plan"),
    "inspections_public:plans": Row(PUBLIC),
    "inspections_public:plan": Row(PUBLIC, takes="public_plan"),
    "inspections_public:subjects": Row(PUBLIC),
    "inspections_public:officers": Row(PUBLIC),
    "inspections:coverage": Row(BUREAU),
    "inspections:burden": Row(BUREAU | SUPERVISOR),
    "inspections:own_burden": Row(ENTERPRISE),
    "inspections:registers": Row(BUREAU | SUPERVISOR),
    "inspections:subjects": Row(BUREAU | SUPERVISOR),
    "inspections:subject_list": Row(BUREAU | SUPERVISOR, takes="subject_list"),
    "inspections:subject_enter": act(PLANNERS, "subject_list"),
    "inspections:subject_remove": act(PLANNERS, "subject_entry"),
    "inspections:subject_file": act(PLANNERS, "subject_list"),
    "inspections:subject_publish": act(PLANNERS, "subject_list"),
    "inspections:withdraw": form(PLANNERS, "visit"),
}
INSPECTIONS = {
    "inspections:batches": Row(PARTIES | CLERK),
    "inspections:plan": form(PLANNERS),
    "inspections:batch": Row(PARTIES | CLERK, takes="batch"),
    "inspections:freeze": act(PLANNERS, "batch"),
    "inspections:commit": act(PLANNERS, "batch"),
    "inspections:approve": act(LEADER, "batch"),
    "inspections:publish": act(PLANNERS, "batch"),
    "inspections:add_party": act(PLANNERS, "batch"),
    "inspections:beacon": act(PLANNERS, "batch"),
    "inspections:party": form(PARTIES, "batch"),
    "inspections:revisit_plan": form(PLANNERS),
    "inspections:draw_statistics": Row(PLANNERS | SUPERVISOR),
    "inspections:replace": form(BUREAU, "drawn_target"),
    "inspections:replacement": Row(PLANNERS, takes="replacement"),
    "inspections:replacement_approve": act(LEADER, "replacement"),
    "inspections:replacement_refuse": act(LEADER, "replacement"),
    "inspections:opinion_decide": act(OFFICER, "opinion"),
    "inspections:expert_fee": act(PLANNERS, "expert_seat"),
    "inspections:revisit_hazard": form(OFFICER, "revisited"),
    "inspections_phone:expert_mine": Row(EXPERT),
    "inspections_phone:expert_visit": form(EXPERT, "expert_visit"),
    "inspections_phone:expert_opinion": form(EXPERT, "expert_item"),
    "inspections:visits": Row(BUREAU),
    "inspections:apply": form(BUREAU),
    "inspections:approvals": Row(LEADER),
    "inspections:application": Row(LEADER, takes="application"),
    "inspections:application_read": act(LEADER, "application"),
    "inspections:application_call": act(LEADER, "application"),
    "inspections:application_approve": act(LEADER, "application"),
    "inspections:application_refuse": act(LEADER, "application"),
    "inspections:sealed": Row(BUREAU | SUPERVISOR),
    "inspections:open_seal": act(OFFICER, "sealed_visit"),
    "inspections:read_envelope": act(LEADER, "sealed_visit"),
    "inspections:withdraw_visit": act(PLANNERS, "visit"),
    "inspections:joint": Row(BUREAU | frozenset({Role.DEPARTMENT})),
    "inspections:joint_propose": form(PLANNERS, "enterprise", others=PLANNERS),
    "inspections:joint_merge": act(PLANNERS | frozenset({Role.DEPARTMENT}), "merge_pair"),
    "inspections:joint_task": form(BUREAU | frozenset({Role.DEPARTMENT}), "joint_task"),
    "inspections:joint_cancel": act(PLANNERS, "joint_task"),
    "inspections:guidance_list": Row(READERS),
    "inspections:guidance_record": form(BUREAU, "enterprise", others=BUREAU),
    "inspections:guidance": Row(READERS, takes="guidance"),
    "inspections:guidance_refer": act(BUREAU, "guidance"),
    "inspections:guidance_exception": act(LEADER, "enterprise", others=LEADER),
    "inspections:concerns": Row(SUPERVISOR | LEADER),
    "inspections:concern_handle": act(SUPERVISOR, "concern", others=SUPERVISOR),
    "inspections:discipline": Row(PLANNERS),
    "inspections:area": act(LEADER),
    "inspections:explain": act(LEADER, "empty_pair"),
    "inspections:enterprise_code": Row(READERS, takes="enterprise", others=BUREAU),
    "inspections:visit": Row(BUREAU, takes="visit"),
    "inspections:publish_result": act(PLANNERS, "visit"),
    "inspections_phone:today": Row(OFFICER),
    # The page itself holds nothing; what it shows lies on the phone of whoever fetched it.
    "inspections_phone:offline": Row(PUBLIC),
    "inspections_phone:offline_contact": Row(PUBLIC),
    "inspections_phone:offline_tasks": Row(OFFICER),
    "inspections_phone:offline_operations": act(OFFICER),
    "inspections_phone:offline_file": act(OFFICER, "digest"),
    "inspections_phone:visit": Row(OFFICER, takes="phone_visit"),
    "inspections_phone:measures": form(OFFICER, "phone_visit"),
    "inspections_phone:emergency": form(OFFICER, "enterprise", others=OFFICER),
    "inspections_phone:assistants": form(OFFICER, "phone_visit"),
    "inspections_phone:notice": form(OFFICER, "phone_visit"),
    "inspections_phone:code": Row(OFFICER, takes="phone_visit"),
    "inspections_phone:start": form(OFFICER, "phone_visit"),
    "inspections_phone:items": Row(OFFICER, takes="phone_visit"),
    "inspections_phone:item": form(OFFICER, "visit_item"),
    "inspections_phone:hazard": form(OFFICER, "visit_hazard"),
    "inspections_phone:paper": Row(OFFICER, takes="phone_visit"),
    "inspections_phone:draft": act(OFFICER, "phone_visit"),
    "inspections_phone:correct": act(OFFICER, "phone_visit"),
    "inspections_phone:sign": act(OFFICER, "phone_visit"),
    "inspections_phone:issue": act(OFFICER, "phone_visit"),
    "inspections_phone:order": act(OFFICER, "phone_visit"),
    "inspections_phone:serve": act(OFFICER, "phone_visit"),
    "inspections_phone:without_check": form(OFFICER, "phone_visit"),
    "inspections_public:draws": Row(PUBLIC),
    "inspections_public:verify": Row(PUBLIC),
    "inspections_public:draw": Row(PUBLIC, takes="public_batch"),
    "inspections_public:promise": Row(PUBLIC, takes="public_batch"),
    "inspections_public:bundle": Row(PUBLIC, takes="public_batch"),
    "inspections_public:draw_statistics": Row(PUBLIC),
    "inspections_public:companion": Row(PUBLIC, takes="public_batch"),
    "inspections_public:envelopes": Row(PUBLIC, takes="sealed_batch"),
    "inspections_public:results": Row(PUBLIC),
    "inspections_public:caps": Row(PUBLIC),
    "inspections_public:keys": Row(PUBLIC),
    "inspections_public:keys_json": Row(PUBLIC),
    "inspections_public:firm": form(PUBLIC, "firm_code"),
    "inspections_public:rate": form(PUBLIC),
    "inspections_public:task": Row(PUBLIC, takes="task_code"),
}

# Who watches the alarms of an organ, and who reads what came of them.
ROOM = WATCH | LEADER
ALARMS = {
    "alarms:room": Row(ROOM),
    "alarms:rows": Row(ROOM),
    "alarms:shown": act(ROOM),
    "alarms:incidents": Row(BUREAU | WATCH),
    "alarms:incident": Row(BUREAU | WATCH, takes="incident"),
    "alarms:act": act(ROOM, "incident_act"),
    "alarms:devices": Row(BUREAU | WATCH),
    "alarms:register": form(ROOM | CLERK),
    "alarms:device": Row(BUREAU | WATCH, takes="device"),
    "alarms:device_edit": form(ROOM | CLERK, "device"),
    "alarms:admit": form(ROOM | CLERK, "device"),
    "alarms:block": act(ROOM | CLERK, "device"),
    "alarms:token": act(ROOM, "device"),
    "alarms:commands": Row(BUREAU | WATCH, takes="device"),
    "alarms:command": act(ROOM, "device_command"),
    "alarms:point": form(ROOM | CLERK, "point"),
    "alarms:place": act(ROOM | CLERK, "point"),
    "alarms:windows": Row(BUREAU | WATCH),
    "alarms:window_new": form(ROOM),
    "alarms:window_end": act(ROOM, "test_window"),
    "alarms:statistics": Row(BUREAU | WATCH),
    "alarms:forward_targets": form(ROOM),
    "alarms:forward_target_switch": act(LEADER, "forward_target"),
    "alarms:duty_checks": Row(ROOM),
    "alarms:duty_check_now": act(ROOM),
    "alarms:duty_check_act": act(ROOM, "duty_check"),
    "alarms:repairs": Row(BUREAU | WATCH),
    "alarms:repair_close": act(ROOM, "repair"),
    "alarms:agreement_record": act(ROOM, "agreement"),
}
TABLE: dict[str, Row] = {
    **ROOT,
    **API,
    **ACCOUNTS,
    **PEOPLE,
    **REGISTRY,
    **PAPERS,
    **CHECKLISTS,
    **HAZARDS,
    **PLANS,
    **INSPECTIONS,
    **ALARMS,
}
# Redirects of libraries that show nothing.
LEFT_OUT = {"api-1:api-root"}
