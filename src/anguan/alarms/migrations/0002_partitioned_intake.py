from django.db import migrations

# Frames of two kinds are kept for different times, so that they lie apart; within each kind partitions follow time.
# `alarms.services.storage` makes them ahead and drops them; the intake itself makes one that is missing.
FRAMES = """
CREATE TABLE alarms_frame (
    start_id bigint NOT NULL,
    number bigint NOT NULL,
    received_at timestamptz NOT NULL,
    is_routine boolean NOT NULL,
    transport smallint NOT NULL,
    source text NOT NULL,
    device_id bigint,
    serial integer,
    command smallint,
    type smallint,
    client_id uuid,
    raw bytea NOT NULL,
    problem text NOT NULL,
    CONSTRAINT a_frame_is_numbered_from_one CHECK (number >= 1),
    PRIMARY KEY (start_id, number, received_at, is_routine)
) PARTITION BY LIST (is_routine);
CREATE INDEX frame_by_source ON alarms_frame (source, received_at);
CREATE TABLE alarms_frame_kept PARTITION OF alarms_frame FOR VALUES IN (false) PARTITION BY RANGE (received_at);
CREATE TABLE alarms_frame_routine PARTITION OF alarms_frame FOR VALUES IN (true) PARTITION BY RANGE (received_at);
"""
READINGS = """
CREATE TABLE alarms_reading (
    start_id bigint NOT NULL,
    number bigint NOT NULL,
    index smallint NOT NULL,
    received_at timestamptz NOT NULL,
    device_id bigint NOT NULL,
    system_type smallint NOT NULL,
    system_address smallint NOT NULL,
    component_type smallint NOT NULL,
    component_address bigint NOT NULL,
    value double precision NOT NULL,
    unit text NOT NULL,
    measured_at timestamptz,
    PRIMARY KEY (start_id, number, index, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX reading_by_point ON alarms_reading (device_id, component_address, received_at);
"""
# Every row is deleted within minutes of its birth; the usual fifth of a table would leave it mostly dead.
VACUUM = """
ALTER TABLE alarms_resendkey SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE alarms_pending SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
"""


class Migration(migrations.Migration):
    dependencies = [("alarms", "0001_devices_and_intake")]

    operations = [
        migrations.RunSQL(FRAMES, "DROP TABLE alarms_frame"),
        migrations.RunSQL(READINGS, "DROP TABLE alarms_reading"),
        migrations.RunSQL(VACUUM, migrations.RunSQL.noop),
    ]
