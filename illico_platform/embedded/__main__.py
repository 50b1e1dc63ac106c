"""The door for people: ``python -m illico_platform.embedded start|stop|status``."""

import argparse
import os
import sys
from pathlib import Path

from illico_platform.embedded import ServicesUnavailable, ensure_services, status, stop_services

PROJECT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Do what the words ask; 0 done, 1 a server of ours does not run, 2 it cannot."""
    parser = argparse.ArgumentParser(prog="python -m illico_platform.embedded", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--var", type=Path, default=Path(os.environ.get("ILLICO_VAR") or PROJECT / "var"))
    arguments = parser.parse_args()
    try:
        if arguments.action == "stop":
            stop_services(arguments.var)
            return 0
        services = ensure_services(arguments.var) if arguments.action == "start" else status(arguments.var)
    except ServicesUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name, url in (("DATABASE_URL", services.database_url), ("REDIS_URL", services.redis_url)):
        sys.stdout.write(f"{name}={url}\n" if url else f"# {name}: not running\n")
    return 0 if services.database_url and services.redis_url else 1


if __name__ == "__main__":
    sys.exit(main())
