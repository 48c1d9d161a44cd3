"""`anguan worker`: background jobs and sweeps."""

from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened

HELP = "work off jobs, messages and deadlines (part of `anguan up`)"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)


def run(args: Namespace) -> int:
    with opened(args.data):
        from anguan.ground import worker

        worker.run()
    return 0
