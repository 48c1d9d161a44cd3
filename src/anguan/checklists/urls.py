from django.urls import path

from anguan.checklists.views import acting, criteria, drafting, forms_file, lists, reading

app_name = "checklists"
_VERSION = "versions/<slug:kind>/<int:pk>/"
urlpatterns = [
    path("", reading.index, name="index"),
    path("import/", forms_file.read, name="import"),
    path("<int:checklist_id>/", reading.detail, name="detail"),
    path("<int:checklist_id>/xlsform/", forms_file.export, name="xlsform"),
    path("<int:checklist_id>/diff/<int:other_id>/", reading.diff, name="diff"),
    path("<int:checklist_id>/draft/", drafting.draft, name="draft"),
    path("<int:checklist_id>/rename/", drafting.rename, name="rename"),
    path("<int:checklist_id>/questions/new/", drafting.new_question, name="question_new"),
    path("<int:checklist_id>/questions/<slug:key>/", drafting.question, name="question"),
    path("<int:checklist_id>/questions/<slug:key>/move/", drafting.move, name="question_move"),
    path("<int:checklist_id>/questions/<slug:key>/remove/", drafting.remove, name="question_remove"),
    path("<int:checklist_id>/questions/<slug:key>/phrases/", drafting.phrases, name="phrases"),
    path(
        "<int:checklist_id>/questions/<slug:key>/phrases/<int:phrase_id>/retire/",
        drafting.retire_phrase,
        name="phrase_retire",
    ),
    path("lists/draft/", lists.draft, name="list_draft"),
    path("lists/<int:list_id>/", lists.detail, name="list"),
    path("lists/<int:list_id>/rename/", lists.rename, name="list_rename"),
    path("lists/<int:list_id>/matters/new/", lists.new_matter, name="matter_new"),
    path("lists/<int:list_id>/matters/<slug:code>/", lists.matter, name="matter"),
    path("lists/<int:list_id>/matters/<slug:code>/remove/", lists.remove_matter, name="matter_remove"),
    path("criteria/", criteria.index, name="criteria"),
    path("criteria/new/", criteria.new, name="criterion_new"),
    path("criteria/standards/new/", criteria.new_standard, name="standard_new"),
    path("criteria/composite/", criteria.composite, name="composite"),
    path("criteria/<int:pk>/", criteria.detail, name="criterion"),
    path("criteria/<int:pk>/edit/", criteria.edit, name="criterion_edit"),
    path(f"{_VERSION}publish/", acting.publish, name="publish"),
    path(f"{_VERSION}withdraw/", acting.withdraw, name="withdraw"),
    path(f"{_VERSION}discard/", acting.discard, name="discard"),
]
