"""Liveness, readiness and figures for machines."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from anguan.ground import clock
from anguan.ground.models import AuditHead, AuditRecord, Heartbeat, OutboxMessage
from anguan.people.doors import PUBLIC, door
from anguan.people.viewers import ViewerRequest

HEARTBEAT_LIMIT = timedelta(seconds=30)
LOOPBACK = {"127.0.0.1", "::1"}
PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")


@door(PUBLIC)
def healthz(_request: ViewerRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@door(PUBLIC)
def readyz(_request: ViewerRequest) -> JsonResponse:
    """Database, migrations and the heartbeats of the configured processes; 503 names what is missing."""
    lacks = []
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            lacks.append("migrations")
        limit = clock.now() - HEARTBEAT_LIMIT
        alive = set(Heartbeat.objects.filter(at__gte=limit).values_list("process", flat=True))
        lacks += [process for process in settings.PROCESSES if process not in alive]
    except DatabaseError:
        lacks.append("database")
    return JsonResponse({"ready": not lacks, "lacks": lacks}, status=503 if lacks else 200)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return constant_time_compare(given, token)
    # Behind a proxy every request seems to come from the loopback; then a token is needed.
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.headers for name in PROXY_HEADERS)


@door(PUBLIC)
def metrics(request: ViewerRequest) -> HttpResponse:
    """Prometheus text, for the loopback or with a token only."""
    if not _may_read_metrics(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    waiting = Gauge("anguan_outbox_messages", "Messages by state", ["state"], registry=registry)
    for state in OutboxMessage.State.values:
        waiting.labels(state).set(OutboxMessage.objects.filter(state=state).count())
    Gauge("anguan_audit_records_sealed", "Records linked into the chains", registry=registry).set(
        sum(AuditHead.objects.values_list("position", flat=True))
    )
    Gauge("anguan_audit_records_unsealed", "Records waiting for the sealer", registry=registry).set(
        AuditRecord.objects.filter(seal__isnull=True).count()
    )
    beats = Gauge("anguan_heartbeat_timestamp_seconds", "Last heartbeat", ["process"], registry=registry)
    for beat in Heartbeat.objects.all():
        beats.labels(beat.process).set(beat.at.timestamp())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
