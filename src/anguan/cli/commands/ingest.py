"""`anguan ingest`: drains what gateways published into the database."""

from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

HELP = "store what gateways publish to NATS_URL (part of `anguan up` where that is set)"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)


def run(args: Namespace) -> int:
    with opened(args.data):
        from anguan.alarms import ingest
        from anguan.alarms.intake import stream_in_force

        stream = stream_in_force()
        if stream is None:
            raise Unusable(
                "NATS_URL is not set: gateways write into the database themselves, and nothing is to be drained"
            )
        ingest.run(stream)
    return 0
