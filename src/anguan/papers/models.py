"""执法文书: papers, who signed them, how they were served, and the scanned copy with the seal.

What was issued stays: the database refuses any change of its number, text or hashes, and deletes no numbered paper.
"""

from dataclasses import replace
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anguan.ground.models import Evidence
from anguan.papers.rules import (
    FORMS,
    AttemptOutcome,
    ConsentKind,
    Field,
    FieldKind,
    Form,
    FormCode,
    OpinionRole,
    PaperState,
    Party,
    Review,
    ServiceMethod,
    Stance,
    TermKind,
)
from anguan.people.models import Entrustment, Organ
from anguan.registry.models import Enterprise


class FormSet(models.Model):
    """文书格式集: the national set that ships with the program (no organ), or an organ's own."""

    code = models.SlugField(unique=True, max_length=40)
    title = models.CharField(_("名称"), max_length=60)
    heading = models.CharField(_("眉题"), max_length=40)
    organ = models.OneToOneField(Organ, models.PROTECT, null=True, related_name="form_set")

    class Meta:
        verbose_name = _("文书格式集")

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """文书格式版本: one version of a form; never changed, only followed by the next.

    A shipped one records what the program holds (its `fingerprint` is the SHA-256 of fields, prefix and template). An
    organ's own adds a title, a prefix, blanks and texts to a shipped form of version `base_version`; what it adds is
    plain text that the template prints, never a template.
    """

    form_set = models.ForeignKey(FormSet, models.PROTECT, related_name="versions")
    code = models.CharField(_("文书种类"), max_length=32, choices=FormCode.choices())
    version = models.PositiveSmallIntegerField(_("版本"))
    base_version = models.PositiveSmallIntegerField(_("所依据的版本"))
    title = models.CharField(_("标题"), max_length=60)
    prefix = models.CharField(_("文号字头"), max_length=32)
    tag = models.CharField(_("证据级别"), max_length=16)
    fields = models.JSONField(_("增加的栏目"), default=list)
    opening = models.TextField(_("正文前的文字"), blank=True)
    closing = models.TextField(_("落款前的文字"), blank=True)
    valid_from = models.DateField(_("启用日期"), null=True)
    fingerprint = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("文书格式版本")
        ordering = ["form_set", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["form_set", "code", "version"], name="one_row_for_each_form_version")
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def spec(self) -> Form:
        """The shipped form with what this version changes."""
        base = FORMS[FormCode(self.code)]
        added = (Field(one["key"], one["label"], kind=FieldKind(one["kind"])) for one in self.fields)
        return replace(
            base,
            version=self.version,
            base_version=self.base_version,
            name=self.title,
            prefix=self.prefix,
            fields=(*base.fields, *added),
        )


class Paper(models.Model):
    """文书: one legal document; a draft until it is issued, in effect towards its party once it is served.

    `body` is what the officers wrote. `content` is everything the paper says, frozen at issue (number, organ, party,
    body, basis, remedies, signatures); `body_hash` is the SHA-256 of its canonical JSON and `pdf_sha256` that of the
    PDF in the evidence store. A paper drafted by hand names in `origin_kind` and `origin_uid` the check or hazard that
    it was drafted from, which upper rooms know; `review` is with whom such a draft is.
    """

    uid = models.UUIDField(unique=True)
    form = models.CharField(_("文书种类"), max_length=32, choices=FormCode.choices())
    form_version = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, related_name="papers", verbose_name=_("本机关的格式")
    )
    state = models.CharField(_("状态"), max_length=8, choices=PaperState.choices(), default=PaperState.DRAFT)
    issuing_organ = models.ForeignKey(Organ, models.PROTECT, related_name="papers_issued", verbose_name=_("出具机关"))
    handling_organ = models.ForeignKey(Organ, models.PROTECT, related_name="papers_handled", verbose_name=_("承办机构"))
    entrustment = models.ForeignKey(
        Entrustment, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("委托")
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="papers", verbose_name=_("当事人"))
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_by", verbose_name=_("所依据的文书")
    )
    title = models.CharField(_("标题"), max_length=60)
    prefix = models.CharField(max_length=32)
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    body = models.JSONField(default=dict)
    content = models.JSONField(null=True)
    body_hash = models.CharField(_("内容哈希"), max_length=64, blank=True)
    pdf_sha256 = models.CharField(_("文件哈希"), max_length=64, blank=True)
    confirm_code = models.CharField(_("核验码"), max_length=16, unique=True)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=128)
    issued_at = models.DateTimeField(_("出具时间"), null=True)
    effective_at = models.DateTimeField(_("生效时间"), null=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True)
    void_reason = models.CharField(_("作废原因"), max_length=300, blank=True)
    origin_kind = models.CharField(max_length=16, blank=True, db_default="")
    origin_uid = models.UUIDField(null=True)
    review = models.CharField(
        _("送审"), max_length=8, choices=Review.choices(), default=Review.HANDLER, db_default="handler"
    )

    class Meta:
        verbose_name = _("文书")
        indexes = [
            models.Index(fields=["origin_uid"], name="paper_by_origin", condition=Q(origin_uid__isnull=False)),
            # The desks of reviewers and approvers, and of whoever gets a draft back: a handful among all papers.
            models.Index(
                fields=["handling_organ", "review", "id"],
                name="draft_by_hand",
                condition=Q(state=PaperState.DRAFT, origin_uid__isnull=False),
            ),
            models.Index(fields=["enterprise", "-id"], name="paper_by_enterprise"),
            models.Index(fields=["handling_organ", "-id"], name="paper_by_handling_organ"),
            models.Index(fields=["issuing_organ", "-id"], name="paper_by_issuing_organ"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issuing_organ", "prefix", "year", "serial"], name="one_paper_for_each_number"
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.VOID)
                | Q(state=PaperState.DRAFT, number="")
                | (Q(state__in=[PaperState.ISSUED, PaperState.SERVED]) & ~Q(number="")),
                name="a_paper_has_a_number_once_it_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(number="", year=None, serial=None, issued_at=None, body_hash="", pdf_sha256="")
                | (
                    ~Q(number="")
                    & ~Q(body_hash="")
                    & ~Q(pdf_sha256="")
                    & Q(year__isnull=False, serial__isnull=False, issued_at__isnull=False, content__isnull=False)
                ),
                name="number_text_and_hashes_come_together",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.VOID) | ~Q(void_reason=""), name="a_void_paper_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.SERVED) | Q(effective_at__isnull=False),
                name="a_served_paper_is_in_effect",
            ),
            models.CheckConstraint(condition=~Q(answers=F("id")), name="no_paper_answers_itself"),
            models.CheckConstraint(
                condition=Q(origin_uid=None, origin_kind="") | (Q(origin_uid__isnull=False) & ~Q(origin_kind="")),
                name="an_origin_has_kind_and_id",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PaperState.ISSUED, PaperState.SERVED])
                | Q(review__in=[Review.HANDLER, Review.DONE]),
                name="nothing_is_issued_while_it_waits_for_an_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    @property
    def spec(self) -> Form:
        """文书格式: the form this paper is written on, with what the organ's own version changes."""
        return self.edition.spec if self.edition else FORMS[FormCode(self.form)]

    @property
    def is_issued(self) -> bool:
        """Whether the paper has a number, void or not."""
        return bool(self.number)

    @property
    def is_by_hand(self) -> bool:
        """Whether it was drafted on the office's pages, and so may be edited there."""
        return self.origin_uid is not None

    @property
    def was_served(self) -> bool:
        """Whether the party received the paper, void or not."""
        return self.effective_at is not None


class PaperOpinion(models.Model):
    """意见: what handler, reviewer or approver said of a draft; it goes into the body when the paper is issued.

    A draft that was returned or recalled begins anew: what was said before stays, with `superseded_at`.
    """

    uid = models.UUIDField(unique=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="opinions")
    role = models.CharField(_("意见栏"), max_length=8, choices=OpinionRole.choices())
    stance = models.CharField(_("意见"), max_length=8, choices=Stance.choices())
    text = models.CharField(_("意见内容"), max_length=500)
    by_id = models.CharField(max_length=64)
    by_name = models.CharField(max_length=128)
    given_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("意见")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "role"],
                condition=Q(superseded_at=None) & ~Q(stance=Stance.RETURNS),
                name="one_opinion_of_each_role_counts",
            ),
            models.UniqueConstraint(
                fields=["paper", "by_id"],
                condition=Q(superseded_at=None) & ~Q(stance=Stance.RETURNS),
                name="nobody_judges_a_paper_twice",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_opinion_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.by_name}"


class Signature(models.Model):
    """签名: a name under a draft, with the drawn signature; or the enterprise's refusal to sign, with the note of it.

    安全生产法 art. 68: a refusal is written into the record.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signatures")
    uid = models.UUIDField(unique=True)
    party = models.CharField(max_length=12, choices=Party.choices())
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    certificate_no = models.CharField(_("执法证号"), max_length=40, blank=True)
    image = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    refused = models.BooleanField(_("拒签"), default=False)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("签名")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "certificate_no"],
                condition=Q(party=Party.OFFICER),
                name="an_officer_signs_a_paper_once",
            ),
            models.UniqueConstraint(
                fields=["paper"], condition=Q(party=Party.ENTERPRISE), name="the_enterprise_signs_a_paper_once"
            ),
            models.CheckConstraint(
                condition=Q(refused=False, image__isnull=False) | (Q(refused=True) & ~Q(note="")),
                name="signed_with_an_image_or_refused_with_a_note",
            ),
            models.CheckConstraint(
                condition=~Q(party=Party.OFFICER) | (~Q(certificate_no="") & Q(refused=False)),
                name="an_officer_signs_with_a_certificate",
            ),
        ]


class ServiceConsent(models.Model):
    """送达地址确认书、电子送达确认书: where and how a party agreed to receive papers, with the signed sheet.

    Without a consent that holds on the day nothing is served by wire (行政处罚法 art. 61). A party may withdraw it.
    """

    uid = models.UUIDField(unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="service_consents")
    signed_by = models.CharField(_("签署人"), max_length=60)
    kinds = ArrayField(models.CharField(max_length=12, choices=ConsentKind.choices()), verbose_name=_("确认的方式"))
    address = models.CharField(_("邮寄地址"), max_length=200, blank=True)
    mobile = models.CharField(_("手机"), max_length=32, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    sheet = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name=_("签署的确认书"))
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)
    withdrawn_on = models.DateField(_("撤回日期"), null=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("送达地址确认书")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_consent_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(kinds=[]), name="a_consent_names_a_way"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.since:%Y-%m-%d}"

    def holds_on(self, day: date) -> bool:
        """Whether the party's word counts on that day."""
        ended = min(filter(None, (self.until, self.withdrawn_on)), default=None)
        return self.since <= day and (ended is None or day <= ended)

    @property
    def is_electronic(self) -> bool:
        """Whether it allows service by wire, not only by post."""
        return any(kind != ConsentKind.POSTAL for kind in self.kinds)


class ServiceAttempt(models.Model):
    """送达不成: one try to hand a paper over that did not succeed; announcement rests on these."""

    uid = models.UUIDField(unique=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="attempts")
    method = models.CharField(_("送达方式"), max_length=12, choices=ServiceMethod.choices())
    outcome = models.CharField(_("结果"), max_length=12, choices=AttemptOutcome.choices())
    tried_at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=200)
    servers = models.JSONField(_("送达人"))
    note = models.CharField(_("情况"), max_length=300)
    photo = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("送达不成")
        ordering = ["tried_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="a_failed_attempt_says_how")]


class Announcement(models.Model):
    """公告送达: a paper made known in public because nothing else reached its party; served when its period is over."""

    uid = models.UUIDField(unique=True)
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="announcement")
    announced_on = models.DateField(_("公告日期"))
    announced_in = models.CharField(_("公告载体"), max_length=200)
    reason = models.CharField(_("公告的理由"), max_length=300)
    servers = models.JSONField(_("承办人"))
    deemed_on = models.DateField(_("视为送达的日期"))
    rule_id = models.CharField(max_length=64)
    rule_version = models.PositiveIntegerField()
    calendar = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("公告送达")
        constraints = [
            models.CheckConstraint(condition=Q(deemed_on__gt=F("announced_on")), name="an_announcement_takes_its_time")
        ]


class Service(models.Model):
    """送达: how, where, to whom and by whom a paper was handed over; with service an order takes effect."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="service")
    uid = models.UUIDField(db_index=True)
    method = models.CharField(_("送达方式"), max_length=12, choices=ServiceMethod.choices())
    receiver = models.CharField(_("收件人"), max_length=60)
    place = models.CharField(_("送达地点"), max_length=200)
    servers = models.JSONField(_("送达人"))
    image = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("备注"), max_length=300, blank=True)
    details = models.JSONField(_("凭据"), default=dict)
    consent = models.ForeignKey(ServiceConsent, models.PROTECT, null=True, related_name="services")
    served_at = models.DateTimeField(_("送达时间"))
    receipt = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="receipt_of")

    class Meta:
        verbose_name = _("送达")
        constraints = [
            models.CheckConstraint(
                condition=~Q(method=ServiceMethod.DIRECT) | Q(image__isnull=False),
                name="direct_service_is_signed_for",
            ),
            models.CheckConstraint(
                condition=Q(method=ServiceMethod.DIRECT) | ~Q(note="") | ~Q(details={}), name="other_service_says_how"
            ),
        ]


class PaperTerm(models.Model):
    """文书期限: the day or moment by which a paper asks for the next act, and what met it.

    Stored at issue with rule and calendar version; one of a kind for each paper.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="terms")
    kind = models.CharField(_("期限"), max_length=16, choices=TermKind.choices())
    due_on = models.DateField(_("截止日"))
    due_at = models.DateTimeField(_("截止时间"), null=True)
    since = models.DateField()
    rule_id = models.CharField(max_length=64)
    rule_version = models.PositiveIntegerField()
    calendar = models.CharField(max_length=200)
    is_provisional = models.BooleanField(_("暂定"), default=False)
    met_at = models.DateTimeField(_("完成时间"), null=True)
    met_by = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="terms_met")

    class Meta:
        verbose_name = _("文书期限")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on"], condition=Q(met_at=None), name="open_paper_term_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind"], name="one_term_of_a_kind_for_each_paper"),
            models.CheckConstraint(condition=Q(met_by=None) | Q(met_at__isnull=False), name="a_met_term_says_when"),
        ]


class SealedCopy(models.Model):
    """盖章件: the scanned paper as it lies in the file, with the organ's seal on it."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="sealed_copies")
    image = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    attached_at = models.DateTimeField()
    attached_by_name = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("盖章件")
        ordering = ["id"]
