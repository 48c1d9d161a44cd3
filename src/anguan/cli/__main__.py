"""`python -m anguan.cli`, for a clone that has no `anguan` script yet."""

import sys

from anguan.cli import main

sys.exit(main())
