"""`anguan recover USERNAME`: a one-time code for an administrator who lost password and phone."""

from argparse import ArgumentParser, Namespace

from anguan.cli.database import add_data_option, opened
from anguan.cli.errors import Unusable

HELP = "print a one-time recovery code; for whoever keeps the machine, when no administrator can log in"


def configure(parser: ArgumentParser) -> None:
    add_data_option(parser)
    parser.add_argument("username")


def run(args: Namespace) -> int:
    """Exit 0 with the code alone on standard output; the old password and second factor end when it is used."""
    with opened(args.data):
        from anguan.ground import clock
        from anguan.ground.access import Actor
        from anguan.people.models import OneTimeCode, User
        from anguan.people.services import issue_code

        user = User.objects.filter(username=args.username, is_active=True).first()
        if user is None:
            raise Unusable(f"there is no active account {args.username!r}")
        print(
            issue_code(
                user=user,
                purpose=OneTimeCode.Purpose.RECOVERY,
                actor=Actor(kind="system", id="cli", name="命令行"),
                now=clock.now(),
            )
        )
    return 0
